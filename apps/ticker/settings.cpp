#include "settings.hpp"
#include <roundtrip/named_arguments.hpp>
#include <stdexcept>
#include <string>

namespace ticking {

settings settings::parse(csgi::arguments given) {
  settings s;
  for (const auto& [option, value] : named_arguments(given)) {
    if (option == "--every") s.every = milliseconds_of(option, value);
    else if (option == "--heartbeat") s.heartbeat = milliseconds_of(option, value);
    else if (option == "--retry") s.retry = milliseconds_of(option, value);
    else if (option == "--history") s.history = count_of(option, value, 1, 100'000);
    else throw std::invalid_argument("takes --every MS, --heartbeat MS, --retry MS and --history N, not " + std::string(option));
  }
  if (s.every.count() == 0) throw std::invalid_argument("--every is at least 1 ms");
  return s;
}

}  // namespace ticking
