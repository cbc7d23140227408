// named_arguments.hpp - an app's arguments as names and values.
#pragma once
#include <chrono>
#include <csgi/plugin.hpp>
#include <string_view>
#include <utility>
#include <vector>

/// "--name value" and "--name=value", in order.
///
/// Lifetime:  the arguments'.
/// Errors:    std::invalid_argument for anything else.
std::vector<std::pair<std::string_view, std::string_view>> named_arguments(csgi::arguments given);

/// A whole number of milliseconds, up to a day.
///
/// Errors:    std::invalid_argument, which names the argument.
std::chrono::milliseconds milliseconds_of(std::string_view name, std::string_view value);

/// A whole number from `least` to `most`.
///
/// Errors:    std::invalid_argument, which names the argument and its bounds.
std::size_t count_of(std::string_view name, std::string_view value, std::size_t least, std::size_t most);
