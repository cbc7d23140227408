// server_settings.cpp - see csgi/posix/server_settings.hpp.
#include <csgi/http1/input_buffer.hpp>
#include <csgi/posix/server_settings.hpp>
#include <csgi/serving/checked_options.hpp>

namespace csgi::posix {

static_assert(largest_request_head < http1::input_buffer::block_size);

server_settings::server_settings(const server_options& options, std::string_view name)
    : lane_threads_(options.threads, options.queue) {
  check(options);
  limits = options.limits;
  deadlines = options.deadlines;
  root_path = options.root_path;
  paths = options.paths;
  app_name = options.app_name;
  info = {name, CSGI_VERSION};
  observer = options.observer ? options.observer : &stderr_observer();
  websocket = {limits.websocket_message, deadlines.websocket_ping, deadlines.websocket_close, {.enabled = options.websocket_deflate}};
  log_access = observer->wants_access();
  threads = &lane_threads_;
}

void server_settings::host_while(application app, const std::atomic<int>& stops, const std::function<void()>& serve) {
  app_host hosted(app, {*observer, app_name, info, lane_threads_, deadlines.grace}, stops);
  host = &hosted;
  background = &hosted.background();
  try {
    hosted.run(serve);
  } catch (...) {
    host = nullptr;
    background = nullptr;
    throw;
  }
  host = nullptr;
  background = nullptr;
}

void server_settings::report_admission() noexcept {
  accepting.look(*observer, clock::now());
  const auto excess = admission.take_excess();
  if (excess == 0) return;
  try {
    observer->log(log_level::warning, "too many connections are open: " + std::to_string(excess) + " more were answered 503, or closed");
  } catch (const std::bad_alloc&) {  // it goes without saying
  }
}

}  // namespace csgi::posix
