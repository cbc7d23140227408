// root_argument.hpp - reads "--root DIR" from an app's arguments.
#pragma once
#include <csgi/plugin.hpp>
#include <optional>
#include <string>

/// The directory of "--root DIR" or "--root=DIR"; nothing where there are no arguments.
///
/// Errors:    std::invalid_argument for anything else.
inline std::optional<std::string> root_argument(csgi::arguments given) {
  constexpr std::string_view prefix = "--root=";
  if (given.empty()) return std::nullopt;
  if (given.size() == 2 && given[0] == "--root" && !given[1].empty()) return std::string(given[1]);
  if (given.size() == 1 && given[0].starts_with(prefix) && given[0].size() > prefix.size())
    return std::string(given[0].substr(prefix.size()));
  throw std::invalid_argument("expected -- --root DIR, but was given \"" + std::string(given[0]) + '"');
}
