// root_argument.hpp - reads "--root DIR [--follow-links]" from an app's arguments.
#pragma once
#include <csgi/plugin.hpp>
#include <optional>
#include <string>

struct served_root {
  std::string path;
  bool follows_links = false;     ///< also to the outside
};

/// The directory of "--root DIR" or "--root=DIR", and whether "--follow-links" was said; nothing where there are no arguments.
///
/// Errors:    std::invalid_argument for anything else.
inline std::optional<served_root> root_argument(csgi::arguments given) {
  constexpr std::string_view prefix = "--root=";
  if (given.empty()) return std::nullopt;
  served_root root;
  const auto refuse = [](std::string_view word) {
    throw std::invalid_argument("expected -- --root DIR [--follow-links], but was given \"" + std::string(word) + '"');
  };
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] == "--follow-links" && !root.follows_links) root.follows_links = true;
    else if (given[i] == "--root" && root.path.empty() && i + 1 < given.size()) root.path = given[++i];
    else if (given[i].starts_with(prefix) && root.path.empty()) root.path = given[i].substr(prefix.size());
    else refuse(given[i]);
  }
  if (root.path.empty()) refuse(given.back());
  return root;
}
