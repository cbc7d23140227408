#include "settings.hpp"
#include <charconv>
#include <roundtrip/named_arguments.hpp>
#include <stdexcept>
#include <string>

namespace ticking {
namespace {

std::size_t count_of(std::string_view option, std::string_view text) {
  constexpr std::size_t most = 100'000;
  std::size_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end || value == 0 || value > most)
    throw std::invalid_argument(std::string(option) + " is a number from 1 to " + std::to_string(most) + ", not \"" + std::string(text) + '"');
  return value;
}

}  // namespace

settings settings::parse(csgi::arguments given) {
  settings s;
  for (const auto& [option, value] : named_arguments(given)) {
    if (option == "--every") s.every = milliseconds_of(option, value);
    else if (option == "--heartbeat") s.heartbeat = milliseconds_of(option, value);
    else if (option == "--retry") s.retry = milliseconds_of(option, value);
    else if (option == "--history") s.history = count_of(option, value);
    else throw std::invalid_argument("takes --every MS, --heartbeat MS, --retry MS and --history N, not " + std::string(option));
  }
  if (s.every.count() == 0) throw std::invalid_argument("--every is at least 1 ms");
  return s;
}

}  // namespace ticking
