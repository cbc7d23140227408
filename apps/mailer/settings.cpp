#include "settings.hpp"
#include <charconv>
#include <roundtrip/named_arguments.hpp>

namespace {

std::size_t count_of(std::string_view option, std::string_view text) {
  constexpr std::size_t most = 100'000;
  std::size_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end || value > most)
    throw std::invalid_argument(std::string(option) + " is a number up to " + std::to_string(most) + ", not \"" +
                                std::string(text) + '"');
  return value;
}

}  // namespace

settings settings::parse(csgi::arguments given) {
  settings s;
  for (const auto& [option, value] : named_arguments(given)) {
    if (option == "--spool") s.spool = value;
    else if (option == "--takes") s.takes = milliseconds_of(option, value);
    else if (option == "--most") s.most = count_of(option, value);
    else throw std::invalid_argument("takes --spool DIR, --takes MS and --most N, not " + std::string(option));
  }
  if (s.spool.empty()) throw std::invalid_argument("where are letters to be kept? -- --spool DIR");
  return s;
}
