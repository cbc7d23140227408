#include "service_arguments.hpp"
#include <roundtrip/named_arguments.hpp>

std::chrono::milliseconds delay_argument(csgi::arguments given) {
  std::chrono::milliseconds delay(0);
  for (const auto& [name, value] : named_arguments(given)) {
    if (name != "--delay") throw std::invalid_argument("takes --delay MS, not " + std::string(name));
    delay = milliseconds_of(name, value);
  }
  return delay;
}
