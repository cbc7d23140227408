#include "roundtrip.hpp"
#include "named_arguments.hpp"

roundtrip_options roundtrip_options::parse(csgi::arguments given) {
  roundtrip_options options;
  for (const auto& [name, value] : named_arguments(given)) {
    if (name == "--upstream") options.upstream = value;
    else if (name == "--timeout") options.timeout = milliseconds_of(name, value);
    else throw std::invalid_argument("takes --upstream URL and --timeout MILLISECONDS, not " + std::string(name));
  }
  return options;
}
