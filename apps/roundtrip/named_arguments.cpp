#include "named_arguments.hpp"
#include <charconv>
#include <stdexcept>
#include <string>

std::vector<std::pair<std::string_view, std::string_view>> named_arguments(csgi::arguments given) {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given[i].starts_with("--")) throw std::invalid_argument("expected --NAME VALUE, but was given \"" + std::string(given[i]) + '"');
    const auto equals = given[i].find('=');
    if (equals != std::string_view::npos) {
      all.emplace_back(given[i].substr(0, equals), given[i].substr(equals + 1));
    } else {
      if (i + 1 == given.size()) throw std::invalid_argument(std::string(given[i]) + " needs a value");
      all.emplace_back(given[i], given[i + 1]);
      ++i;
    }
  }
  return all;
}

std::chrono::milliseconds milliseconds_of(std::string_view name, std::string_view value) {
  constexpr unsigned day = 24 * 60 * 60 * 1000;
  unsigned number = 0;
  const auto* const end = value.data() + value.size();
  const auto [stop, fault] = std::from_chars(value.data(), end, number);
  if (fault != std::errc{} || stop != end || number > day)
    throw std::invalid_argument(std::string(name) + " takes milliseconds, not \"" + std::string(value) + '"');
  return std::chrono::milliseconds(number);
}

std::size_t count_of(std::string_view name, std::string_view value, std::size_t least, std::size_t most) {
  std::size_t number = 0;
  const auto* const end = value.data() + value.size();
  const auto [stop, fault] = std::from_chars(value.data(), end, number);
  if (fault != std::errc{} || stop != end || number < least || number > most)
    throw std::invalid_argument(std::string(name) + " is a number from " + std::to_string(least) + " to " + std::to_string(most) +
                                ", not \"" + std::string(value) + '"');
  return number;
}
