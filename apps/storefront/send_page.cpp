#include "send_page.hpp"

void start_page(csgi::exchange_handle ex) {
  ex.start(200, {{"content-type", "text/html; charset=utf-8"},
                 {"cache-control", "private, no-store"},     // it is for one user
                 {"content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"},
                 {"x-content-type-options", "nosniff"}});
}

std::optional<section> section_or_warning(csgi::exchange_handle ex, std::string_view service,
                                          const upstream::response& answer) {
  auto items = section_of(answer);
  if (!items) warn(ex, service, answer.status == 200 ? "its answer is malformed" : "it answered " + std::to_string(answer.status));
  return items;
}

void warn(csgi::exchange_handle ex, std::string_view service, std::string_view why) {
  ex.log(csgi::log_level::warning, std::string(service).append(" left out: ").append(why));
}
