// service_arguments.hpp - what a stand-in is told on its command line.
#pragma once
#include <chrono>
#include <csgi/plugin.hpp>

/// The delay of "--delay MS" or "--delay=MS", else none.
///
/// Errors:    std::invalid_argument for anything else.
std::chrono::milliseconds delay_argument(csgi::arguments given);
