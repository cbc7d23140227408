#include "settings.hpp"
#include <roundtrip/named_arguments.hpp>

settings settings::parse(csgi::arguments given) {
  settings s;
  for (const auto& [option, value] : named_arguments(given)) {
    if (option == "--spool") s.spool = value;
    else if (option == "--takes") s.takes = milliseconds_of(option, value);
    else if (option == "--most") s.most = count_of(option, value, 0, 100'000);
    else throw std::invalid_argument("takes --spool DIR, --takes MS and --most N, not " + std::string(option));
  }
  if (s.spool.empty()) throw std::invalid_argument("where are letters to be kept? -- --spool DIR");
  return s;
}
