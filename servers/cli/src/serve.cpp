// serve.cpp - see serve.hpp.
#include "serve.hpp"
#include <csgi/lint.hpp>
#include <csgi/stop_on_signal.hpp>
#include <csignal>
#include <functional>
#include <optional>
#include <sys/resource.h>
#include "complaints.hpp"
#include "console.hpp"
#include "find_app.hpp"
#include "front_door.hpp"
#include "led_server.hpp"
#include "line.hpp"
#include "load_reporter.hpp"
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

std::string status_line(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return "health and metrics on http://" + (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

/// What cannot be had for the status is told from what the app's own address is refused for.
void named_by_its_option(const std::function<void()>& open) {
  try {
    open();
  } catch (const std::system_error& error) {
    throw std::runtime_error(std::string("--status-port: ") + error.what());
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

/// What is told of the server, and where.
struct counted_by {
  status::counts& counts;
  status::worker_board* board = nullptr;      ///< null: there are no others, and this process tells
  unsigned place = 0;
};

/// Serves in this process; for a supervisor, if there is a link to one, which tells the service manager itself.
void serve_here(command asked, front_door& door, const service_manager* manager, const posix::descriptor& link,
                const std::optional<counted_by>& counted) {
  const plugin_library library(find_app(asked.app));
  const auto app = make_app(library, asked);

  asked.options.app_name = library.manifest().name;
  const auto kind = std::string(to_string(app.get().kind()));
  console terminal({.what = asked.options.app_name + " (" + kind + ") on " + asked.server,
                    .access_log = asked.access_log, .least_level = asked.least_level,
                    .ready_goes_to = link ? link.get() : STDOUT_FILENO, .manager = manager});
  asked.options.observer = &terminal;
  std::optional<status::traffic> seen;
  if (counted) asked.options.observer = &seen.emplace(terminal, counted->counts);
  const auto server = listen(asked);
  door.close();     // the server has its own, which it closes when it stops
  std::optional<led_server> led;
  if (link) led.emplace(*server, link.get());
  const stop_on_signal stops(led ? *led : *server);
  std::optional<load_reporter> reporter;
  std::optional<status::watched_server> watched;
  std::optional<status_desk> desk;
  if (counted && counted->board) reporter.emplace(*server, *counted->board, counted->place);
  if (counted && !counted->board) {
    watched.emplace(*server, *seen, asked.server);
    named_by_its_option([&] { desk.emplace(status_place{asked.status_host, *asked.status_port}, *watched, terminal); });
    terminal.announce(status_line(asked.status_host, desk->port()));
  }
  std::optional<lint> checked;
  if (asked.lint) checked.emplace(app.get());
  server->run(checked ? application(*checked) : app.get());
  ignore_stop_signals();  // it has stopped: one more signal must not end it otherwise than by its exit code
}

/// The command's own part of several processes.
class head_office final : public supervisor_events {
 public:
  head_office(const command& asked, front_door& door, const service_manager& manager)
      : asked_(asked), door_(door), manager_(manager), terminal_({.what = {}, .access_log = false, .least_level = asked.least_level}) {
    if (!asked.status_port) return;
    named_by_its_option([&] {
      status_socket_.emplace(std::move(posix::bind_listeners(asked.status_host, *asked.status_port, 1).front()));
      status_socket_->listen();     // who asks before that process does is not refused
    });
    board_.emplace(asked.supervised.workers, asked.server);
  }

  int work(unsigned place, posix::descriptor link) override {
    std::optional<counted_by> counted;
    if (board_) counted.emplace(counted_by{board_->counted(place), &*board_, place});
    status_socket_.reset();
    return exit_code_of([&] { return serve_here(asked_, door_, nullptr, link, counted), 0; });
  }

  int accompany() override {
    door_.close();
    return exit_code_of([&]() -> int {
      const status_desk desk({.host = {}, .socket = status_socket_->socket()}, *board_, terminal_);
      for (;;) ::pause();
    });
  }

  void started(const worker_process& one) override {
    if (board_) board_->started(one.place());
  }
  void serves(const worker_process& one) override {
    if (board_) board_->serves(one.place(), one.id());
  }
  void ended(const worker_process& one) override {
    if (board_) board_->ended(one.place(), one.id());
  }

  void ready(std::string_view what) override {
    const unsigned count = asked_.supervised.workers;
    line().add(what.substr(0, what.find('\n'))).add(", ").add(count).add(count == 1 ? " worker" : " workers").write_to(STDOUT_FILENO);
    if (status_socket_) line().add(status_line(asked_.status_host, status_socket_->address().endpoint().port)).write_to(STDOUT_FILENO);
    manager_.tell_ready();
  }

  void stopping() override {
    door_.close();
    if (board_) board_->stopping();
  }
  void log(log_level level, std::string_view message) override { terminal_.log(level, message); }

 private:
  const command& asked_;
  front_door& door_;
  const service_manager& manager_;
  console terminal_;
  std::optional<posix::listener> status_socket_;
  std::optional<status::worker_board> board_;
};

}  // namespace

plugin_library::owned_app make_app(const plugin_library& library, const command& asked) {
  const std::vector<std::string_view> given(asked.app_arguments.begin(), asked.app_arguments.end());
  return library.make_app(given);
}

int serve(command asked) {
  allow_many_connections();
  const service_manager manager;
  front_door door(asked);
  asked.options.socket = door.socket();
  if (asked.supervised.workers == 0) {
    status::counts counts;
    const auto counted = asked.status_port ? std::optional(counted_by{counts}) : std::nullopt;
    return serve_here(std::move(asked), door, &manager, {}, counted), 0;
  }
  asked.supervised.has_companion = asked.status_port.has_value();
  asked.supervised.grace = asked.options.deadlines.grace;
  head_office office(asked, door, manager);
  return supervisor(asked.supervised, office).run();
}

}  // namespace csgi::cli
