#include "settings.hpp"
#include "origin.hpp"
#include <roundtrip/named_arguments.hpp>
#include <stdexcept>

namespace chatting {
namespace {

std::string checked_origin(std::string_view text) {
  if (!origin::parse(text))
    throw std::invalid_argument("--origin is like https://example.org, without a path, not \"" + std::string(text) + '"');
  return std::string(text);
}

}  // namespace

settings settings::parse(csgi::arguments given) {
  settings s;
  for (const auto& [option, value] : named_arguments(given)) {
    if (option == "--origin") s.origins.push_back(checked_origin(value));
    else if (option == "--history") s.each_room.history = count_of(option, value, 0, 100);
    else if (option == "--people") s.each_room.people = count_of(option, value, 1, 10'000);
    else throw std::invalid_argument("takes --origin URL, --history N and --people N, not " + std::string(option));
  }
  return s;
}

}  // namespace chatting
