#include "settings.hpp"
#include <roundtrip/named_arguments.hpp>
#include <stdexcept>

namespace chatting {
namespace {

std::string origin_of(std::string_view text) {
  const auto separator = text.find("://");
  if (separator == std::string_view::npos || separator == 0 || text.find('/', separator + 3) != std::string_view::npos || text.size() == separator + 3)
    throw std::invalid_argument("--origin is like https://example.org, without a path, not \"" + std::string(text) + '"');
  return std::string(text);
}

}  // namespace

settings settings::parse(csgi::arguments given) {
  settings s;
  for (const auto& [option, value] : named_arguments(given)) {
    if (option == "--origin") s.origins.push_back(origin_of(value));
    else if (option == "--history") s.each_room.history = count_of(option, value, 0, 100);
    else if (option == "--people") s.each_room.people = count_of(option, value, 1, 10'000);
    else throw std::invalid_argument("takes --origin URL, --history N and --people N, not " + std::string(option));
  }
  return s;
}

}  // namespace chatting
