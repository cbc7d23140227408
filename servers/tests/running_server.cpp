// running_server.cpp - see running_server.hpp.
#include "running_server.hpp"
#include <csgi/evented/server.hpp>
#include <csgi/threaded/server.hpp>
#include <stdexcept>

namespace csgi::tests {

const std::vector<form>& all_forms() {
  static const std::vector<form> forms = {
      {"threaded, blocking", false, app_kind::blocking, false, false},
      {"threaded, async", false, app_kind::async, false, true},
      {"threaded, blocking, behind identity", false, app_kind::blocking, true, true},
      {"threaded, async, behind identity", false, app_kind::async, true, false},
      {"evented, blocking", true, app_kind::blocking, false, true},
      {"evented, async", true, app_kind::async, false, false},
      {"evented, blocking, behind identity", true, app_kind::blocking, true, false, 2},
      {"evented, async, behind identity", true, app_kind::async, true, true, 3},
  };
  return forms;
}

void recorder::log(log_level, std::string_view message) noexcept { lines.note(std::string(message)); }

void recorder::access(const access_record& r) noexcept {
  accesses.note(std::string(r.method) + ' ' + std::string(r.target) + ' ' + std::to_string(r.how.status) + ' ' +
                (r.how.aborted ? "aborted" : std::to_string(r.how.body_bytes)));
}

std::unique_ptr<server> make_server(bool evented, const server_options& options) {
  if (evented) return std::make_unique<evented::server>(options);
  return std::make_unique<threaded::server>(options);
}

running_server::running_server(const form& f, server_options options)
    : bare_(f.kind == app_kind::async ? application(async_) : application(blocking_)), wrapped_(bare_),
      recorder_(f.logged) {
  options.port = 0;
  options.loops = f.loops;
  options.observer = &recorder_;
  if (options.app_name == "app") options.app_name = "probe";
  server_ = make_server(f.evented, options);
  thread_ = std::thread([this, app = f.behind_identity ? application(wrapped_) : bare_] { server_->run(app); });
  if (!recorder_.lines.saw("ready")) throw std::runtime_error("the server does not get ready");
}

void running_server::stop() {
  if (!thread_.joinable()) return;
  probe_.door.open();
  server_->stop();
  join();
}

void running_server::join() {
  if (thread_.joinable()) thread_.join();
}

std::string request(std::string_view method, std::string_view target, std::string_view fields, std::string_view body) {
  std::string bytes;
  bytes.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(fields);
  if (!body.empty()) bytes.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
  return bytes.append("\r\n").append(body);
}

std::string get(std::string_view target, std::string_view fields) { return request("GET", target, fields); }

}  // namespace csgi::tests
