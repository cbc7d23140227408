// markup_check.hpp - whether XML or HTML is well-formed, as far as our reports need to be.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// What is wrong with `text`, or "" : an element not closed, a stray < or &, an attribute without quotes.
inline std::string markup_fault(std::string_view text, const std::vector<std::string>& never_closed = {}) {
  std::vector<std::string> open;
  for (std::size_t at = 0; (at = text.find_first_of("<&", at)) != std::string_view::npos;) {
    const auto near = std::string(text.substr(at, 40));
    if (text[at] == '&') {
      const auto end = text.find(';', at);
      if (end == std::string_view::npos || end - at > 6) return "a stray &: " + near;
      at = end;
      continue;
    }
    std::size_t end = at + 1;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != '>'); ++end) {
      if (text[end] == '"') quoted = !quoted;
      if (text[end] == '<' || (text[end] == '=' && !quoted && text.substr(end + 1, 1) != "\"")) return "a bad tag: " + near;
    }
    const auto tag = text.substr(at + 1, end - at - 1);
    at = end;
    if (tag.starts_with('!') || tag.starts_with('?') || tag.ends_with('/')) continue;
    const std::string name(tag.substr(0, tag.find(' ')));
    if (tag.starts_with('/')) {
      if (open.empty() || '/' + open.back() != tag) return "</…> without <…>: " + near;
      open.pop_back();
    } else if (std::ranges::find(never_closed, name) == never_closed.end()) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : "never closed: " + open.back();
}
