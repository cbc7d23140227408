// status_desk.cpp - see status_desk.hpp.
#include "status_desk.hpp"

namespace csgi::cli {

status_desk::status_desk(const std::string& host, std::uint16_t port, server& of, const status::traffic& seen, std::string name,
                         server_observer& log)
    : name_(std::move(name)), messages_(log), app_(of, seen, name_), server_(options_of(host, port, messages_)),
      thread_([this] { server_.run(app_); }) {
  messages_.answers.get_future().wait();
}

status_desk::~status_desk() {
  server_.stop();
  server_.stop();     // nobody's request here is worth a grace time
  thread_.join();
}

/// Who watches asks seldom, on few connections, and sends nothing.
server_options status_desk::options_of(const std::string& host, std::uint16_t port, server_observer& observer) {
  server_options options;
  options.host = host;
  options.port = port;
  options.app_name = "status";
  options.threads = 1;
  options.limits.request_body = 0;
  options.limits.connections = 64;
  options.observer = &observer;
  return options;
}

}  // namespace csgi::cli
