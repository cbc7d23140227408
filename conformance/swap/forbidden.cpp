// forbidden.cpp - see forbidden.hpp.
#include "forbidden.hpp"
#include <algorithm>

namespace csgi::conformance {

std::vector<forbidden_line> forbidden_in(std::string_view said, const std::vector<boost::regex>& patterns, const std::string& server) {
  std::vector<forbidden_line> found;
  while (!said.empty()) {
    const std::string line(said.substr(0, said.find('\n')));
    said.remove_prefix(std::min(line.size() + 1, said.size()));
    if (std::ranges::none_of(patterns, [&](const boost::regex& each) { return boost::regex_search(line, each); })) continue;
    const auto same = std::ranges::find(found, line, &forbidden_line::line);
    if (same == found.end()) found.push_back({server, line});
    else ++same->times;
  }
  return found;
}

}  // namespace csgi::conformance
