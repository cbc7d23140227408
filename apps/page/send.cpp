#include "send.hpp"

namespace page {

csgi::task<> send(csgi::async_exchange ex, resource what) {
  ex.start(200, {{"content-type", what.type},
                 {"cache-control", "no-cache"},
                 {"content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                                             "img-src data:; form-action 'none'; base-uri 'none'"},
                 {"referrer-policy", "no-referrer"},
                 {"x-content-type-options", "nosniff"}});
  co_await ex.finish(what.text);
}

csgi::task<> refuse(csgi::async_exchange ex, int status, std::string_view why) {
  if (status == 405) ex.start(status, {{"content-type", "text/plain"}, {"allow", "GET, HEAD"}});
  else ex.start(status, {{"content-type", "text/plain"}});
  co_await ex.finish(why);
}

csgi::task<> lead_to_slash(csgi::async_exchange ex) {
  const auto there = std::string(ex.head().raw_path) + '/';
  ex.start(308, {{"location", there}});
  co_await ex.finish();
}

}  // namespace page
