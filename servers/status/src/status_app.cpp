// status_app.cpp - see csgi/status/status_app.hpp.
#include <csgi/status/metrics.hpp>
#include <csgi/status/status_app.hpp>

namespace csgi::status {

status::health watched_server::health() const {
  if (!seen_.is_ready()) return {false, "starting\n"};
  if (server_.load().draining) return {false, "draining\n"};
  return {true, "ok\n"};
}

std::string watched_server::metrics() const { return metrics_of(seen_.counted(), server_.load(), name_); }

void status_app::http(blocking_exchange ex) {
  const auto& head = ex.head();
  const bool is_known = head.path == "/health" || head.path == "/metrics";
  if (!is_known) return ex.respond(404, "text/plain", "There are /health and /metrics.\n");
  if (head.method != "GET" && head.method != "HEAD") {
    ex.start(405, {{"content-type", "text/plain"}, {"allow", "GET, HEAD"}});
    return ex.finish("Try GET.\n");
  }
  if (head.path == "/metrics") return ex.respond(200, metrics_type, watched_.metrics());
  const auto how = watched_.health();
  ex.respond(how.well ? 200 : 503, "text/plain", how.text);
}

}  // namespace csgi::status
