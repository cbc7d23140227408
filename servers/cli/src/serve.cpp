// serve.cpp - see serve.hpp.
#include "serve.hpp"
#include <csgi/lint.hpp>
#include <csgi/stop_on_signal.hpp>
#include <csignal>
#include <optional>
#include <sys/resource.h>
#include "complaints.hpp"
#include "console.hpp"
#include "find_app.hpp"
#include "front_door.hpp"
#include "led_server.hpp"
#include "line.hpp"
#include "make_server.hpp"
#include "status_desk.hpp"
#include "supervisor.hpp"

namespace csgi::cli {

namespace {

std::unique_ptr<server> listen(const command& asked) {
  try {
    return make_server(asked.server, asked.options);
  } catch (const std::invalid_argument& error) {
    throw usage_error(error.what());
  }
}

/// A connection is a descriptor, and shells start programs with 1,024 of them although more are allowed.
void allow_many_connections() noexcept {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

void ignore_stop_signals() noexcept {
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &both, nullptr);
}

/// Serves in this process; for a supervisor, if there is a link to one.
void serve_here(command asked, front_door& door, const posix::descriptor& link) {
  const plugin_library library(find_app(asked.app));
  const auto app = make_app(library, asked);

  asked.options.app_name = library.manifest().name;
  const auto kind = std::string(to_string(app.get().kind()));
  console terminal({.what = asked.options.app_name + " (" + kind + ") on " + asked.server,
                    .access_log = asked.access_log, .least_level = asked.least_level,
                    .ready_goes_to = link ? link.get() : STDOUT_FILENO});
  asked.options.observer = &terminal;
  std::optional<status::traffic> counted;
  if (asked.status_port) asked.options.observer = &counted.emplace(terminal);
  const auto server = listen(asked);
  door.close();     // the server has its own, which it closes when it stops
  std::optional<led_server> led;
  if (link) led.emplace(*server, link.get());
  const stop_on_signal stops(led ? *led : *server);
  std::optional<status_desk> desk;
  if (counted) {
    desk.emplace(asked.status_host, *asked.status_port, *server, *counted, asked.server, terminal);
    terminal.announce("health and metrics on port " + std::to_string(desk->port()));
  }
  std::optional<lint> checked;
  if (asked.lint) checked.emplace(app.get());
  server->run(checked ? application(*checked) : app.get());
  ignore_stop_signals();  // it has stopped: one more signal must not end it otherwise than by its exit code
}

/// The command's own part of several processes.
class head_office final : public supervisor_events {
 public:
  head_office(const command& asked, front_door& door)
      : asked_(asked), door_(door), terminal_({.what = {}, .access_log = false, .least_level = asked.least_level}) {}

  int work(posix::descriptor link) override {
    return exit_code_of([&] { return serve_here(asked_, door_, link), 0; });
  }

  void ready(std::string_view what) override {
    const unsigned count = asked_.supervised.workers;
    line().add(what.substr(0, what.find('\n'))).add(", ").add(count).add(count == 1 ? " worker" : " workers").write_to(STDOUT_FILENO);
  }

  void stopping() override { door_.close(); }
  void log(log_level level, std::string_view message) override { terminal_.log(level, message); }

 private:
  const command& asked_;
  front_door& door_;
  console terminal_;
};

}  // namespace

plugin_library::owned_app make_app(const plugin_library& library, const command& asked) {
  const std::vector<std::string_view> given(asked.app_arguments.begin(), asked.app_arguments.end());
  return library.make_app(given);
}

int serve(command asked) {
  if (asked.status_port && asked.supervised.workers > 0)
    throw usage_error("--status-port: every worker would have health and metrics of its own, and there is one port; it goes without --workers");
  allow_many_connections();
  front_door door(asked);
  asked.options.socket = door.socket();
  if (asked.supervised.workers == 0) return serve_here(std::move(asked), door, {}), 0;
  asked.supervised.grace = asked.options.deadlines.grace;
  head_office office(asked, door);
  return supervisor(asked.supervised, office).run();
}

}  // namespace csgi::cli
