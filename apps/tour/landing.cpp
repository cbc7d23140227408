#include "landing.hpp"
#include "landing_page.hpp"

namespace {

csgi::task<> send_page(csgi::async_exchange ex, int status, std::string page) {
  ex.start(status, {{"content-type", "text/html; charset=utf-8"},
                    {"cache-control", "no-store"},  // the same address may be another server's the next time
                    {"content-security-policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"}});
  co_await ex.finish(page);
}

// Browsers ask for it by themselves, for pages that are not HTML, too.
csgi::task<> send_icon(csgi::async_exchange ex) {
  ex.start(200, {{"content-type", "image/svg+xml"}, {"cache-control", "max-age=86400"}});
  co_await ex.finish(icon);
}

csgi::task<> refuse_method(csgi::async_exchange ex) {
  ex.start(405, {{"content-type", "text/plain"}, {"allow", "GET, HEAD"}});
  co_await ex.finish("GET or HEAD\n");
}

}  // namespace

csgi::task<> landing::http(csgi::async_exchange ex) {
  const auto& head = ex.head();
  if (head.method != "GET" && head.method != "HEAD") return refuse_method(ex);
  if (head.tail() == "/favicon.ico") return send_icon(ex);
  if (!head.tail().empty() && head.tail() != "/") return send_page(ex, 404, not_found_page(head));
  return send_page(ex, 200, landing_page(head, ex.find<csgi::server_info>(), files_ == files_link::mounted));
}
