#include "stream.hpp"
#include "counter_query.hpp"

namespace {

csgi::task<> refuse(csgi::async_exchange ex, int status, std::string_view why) {
  if (status == 405) ex.start(status, {{"content-type", "text/plain"}, {"allow", "GET, HEAD"}});
  else ex.start(status, {{"content-type", "text/plain"}});
  co_await ex.finish(why);
}

// nosniff, because a browser that guesses types holds back what it has not seen enough of.
csgi::task<> count(csgi::async_exchange ex, counter_query asked) {
  ex.start(200, {{"content-type", "text/plain"}, {"cache-control", "no-store"}, {"x-content-type-options", "nosniff"}});
  if (ex.head().method == "GET") {
    co_await ex.flush();
    for (unsigned n = 1; n <= asked.count; ++n) {
      if (n > 1) co_await ex.sleep_for(asked.interval);
      const auto line = std::to_string(n) + '\n';
      co_await ex.write(line);  // fails once the client has gone, which ends the counting
    }
  }
  co_await ex.finish();
}

}  // namespace

csgi::task<> stream::http(csgi::async_exchange ex) {
  const auto& head = ex.head();
  if (!head.tail().empty() && head.tail() != "/") return refuse(ex, 404, "there is only /\n");
  if (head.method != "GET" && head.method != "HEAD") return refuse(ex, 405, "GET or HEAD\n");
  const auto asked = counter_query::parse(head.query);
  if (!asked) return refuse(ex, 400, "count is 1 to 100000, interval 0 to 60000 (ms): ?count=10&interval=1000\n");
  return count(ex, *asked);
}
