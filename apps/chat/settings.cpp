#include "settings.hpp"
#include <charconv>
#include <roundtrip/named_arguments.hpp>
#include <stdexcept>

namespace chatting {
namespace {

std::size_t count_of(std::string_view option, std::string_view text, std::size_t least, std::size_t most) {
  std::size_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end || value < least || value > most)
    throw std::invalid_argument(std::string(option) + " is a number from " + std::to_string(least) + " to " + std::to_string(most) +
                                ", not \"" + std::string(text) + '"');
  return value;
}

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
