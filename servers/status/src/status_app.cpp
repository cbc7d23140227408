// status_app.cpp - see csgi/status/status_app.hpp.
#include <csgi/status/metrics.hpp>
#include <csgi/status/status_app.hpp>

namespace csgi::status {

void status_app::http(blocking_exchange ex) {
  const auto& head = ex.head();
  const bool is_known = head.path == "/health" || head.path == "/metrics";
  if (!is_known) return ex.respond(404, "text/plain", "There are /health and /metrics.\n");
  if (head.method != "GET" && head.method != "HEAD") {
    ex.start(405, {{"content-type", "text/plain"}, {"allow", "GET, HEAD"}});
    return ex.finish("Try GET.\n");
  }
  if (head.path == "/health") return tell_health(ex);
  ex.respond(200, metrics_type, metrics_of(seen_, server_.load(), name_));
}

void status_app::tell_health(blocking_exchange ex) const {
  if (!seen_.is_ready()) return ex.respond(503, "text/plain", "starting\n");
  if (server_.load().draining) return ex.respond(503, "text/plain", "draining\n");
  ex.respond(200, "text/plain", "ok\n");
}

}  // namespace csgi::status
