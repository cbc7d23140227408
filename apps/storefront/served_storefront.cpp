#include "served_storefront.hpp"
#include <roundtrip/named_arguments.hpp>

storefront_arguments storefront_arguments::parse(csgi::arguments given) {
  storefront_arguments parsed;
  for (const auto& [name, value] : named_arguments(given)) {
    if (name == "--promotions") parsed.promotions = value;
    else if (name == "--recommendations") parsed.recommendations = value;
    else if (name == "--timeout") parsed.timeout = milliseconds_of(name, value);
    else
      throw std::invalid_argument("takes --promotions URL, --recommendations URL and --timeout MS, not " + std::string(name));
  }
  return parsed;
}

storefront::storefront(const upstream::origin& promotions, const upstream::origin& recommendations, std::chrono::milliseconds timeout)
    : promotions_(promotions), recommendations_(recommendations), promotions_awaited_(promotions),
      recommendations_awaited_(recommendations),
      pages_({promotions_, recommendations_, promotions_awaited_, recommendations_awaited_, timeout}) {}
