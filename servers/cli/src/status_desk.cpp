// status_desk.cpp - see status_desk.hpp.
#include "status_desk.hpp"

namespace csgi::cli {

status_desk::status_desk(const status_place& where, const status::watched& of, server_observer& log)
    : messages_(log), app_(of), server_(options_of(where, messages_)), thread_([this] { server_.run(app_); }) {
  messages_.answers.get_future().wait();
}

status_desk::~status_desk() {
  server_.stop();
  server_.stop();     // nobody's request here is worth a grace time
  thread_.join();
}

/// Who watches asks seldom, on few connections, and sends nothing.
server_options status_desk::options_of(const status_place& where, server_observer& observer) {
  server_options options;
  options.host = where.host;
  options.port = where.port;
  options.socket = where.socket;
  options.app_name = "status";
  options.threads = 1;
  options.limits.request_body = 0;
  options.limits.connections = 64;
  options.observer = &observer;
  return options;
}

}  // namespace csgi::cli
