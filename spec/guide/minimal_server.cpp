// minimal_server.cpp - a small CSGI server to start one of your own from: your-own-server.md walks through it.
//
// Usage:   minimal_server PORT PLUGIN.so [ARGUMENTS…]
// Runs:    blocking apps, and composites that choose such; HTTP/1.0 and 1.1 on 127.0.0.1, a thread for each connection.
// Limits:  an idle client holds a thread (CSGI-HTTP-106), and nothing bounds their number; all wake twenty times a
//          second; no observer, root path, host, file_sender or TLS. It is to be read, not to face the Internet.
#include "minimal_exchange.hpp"
#include <csgi/plugin_library.hpp>
#include <csgi/stop_on_signal.hpp>
#include <list>
#include <netinet/tcp.h>

namespace {

class minimal_server final : public csgi::server {
 public:
  explicit minimal_server(csgi::server_options options) : options_(std::move(options)) {
    if (!options_.root_path.empty()) throw std::invalid_argument("root_path: not supported");
    listener_ = minimal::listening_socket(options_.port);
  }
  ~minimal_server() override { close_listener(); }

  std::uint16_t port() const noexcept override { return options_.port; }
  void stop() noexcept override { stops_.fetch_add(1); }

  void run(csgi::application app) override {
    if (app.kind() == csgi::app_kind::async) throw std::invalid_argument("this server does not run async apps");
    while (stops_ == 0) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      workers_.remove_if([](const worker& w) { return w.ended.load(); });
      if (socket >= 0) begin(socket, app);
      else if (errno != EAGAIN && errno != EINTR) std::this_thread::sleep_for(minimal::tick);  // no descriptor is left
    }
    close_listener();
    for (const auto until = csgi::clock::now() + options_.deadlines.grace; stops_ < 2 && csgi::clock::now() < until;) {
      if (std::ranges::all_of(workers_, [](const worker& w) { return w.ended.load(); })) break;
      std::this_thread::sleep_for(minimal::tick);
    }
    stops_ = 2;
    workers_.clear();  // waits for each: CSGI-SERVER-009
  }

 private:
  struct worker {
    std::atomic<bool> ended = false;
    std::jthread thread;  // joins
  };

  void begin(int socket, csgi::application app) try {
    minimal::set_ticking(socket);
    minimal::set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    auto& its = workers_.emplace_back();
    try {
      its.thread = std::jthread([this, socket, app, &its] {
        serve(socket, app);
        its.ended = true;
      });
    } catch (...) {
      workers_.pop_back();
      throw;
    }
  } catch (const std::exception& failure) {  // no thread or no memory is left: this costs one connection only
    ::close(socket);
    std::fprintf(stderr, "%s: %s\n", options_.app_name.c_str(), failure.what());
  }

  void serve(int socket, csgi::application app) {
    minimal::connection connection{options_, stops_, socket};
    try {
      while (minimal::exchange(connection).serve(app)) {
      }
    } catch (const std::bad_alloc&) {  // CSGI-CORE-044
      connection.reset = true;
    }
  }

  void close_listener() noexcept {
    if (const int socket = std::exchange(listener_, -1); socket >= 0) ::close(socket);
  }

  csgi::server_options options_;  // with the port it got
  int listener_ = -1;
  std::atomic<int> stops_ = 0;    // a plain count, so that stop() may be called by a signal handler
  std::list<worker> workers_;
};

}  // namespace

int main(int count, char** words) try {
  csgi::server_options options;
  const auto port = minimal::number(count > 2 ? words[1] : "");
  if (!port || *port > 65535) throw std::invalid_argument("usage: minimal_server PORT PLUGIN.so [ARGUMENTS…]");
  options.port = static_cast<std::uint16_t>(*port);
  const csgi::plugin_library library(words[2]);
  const std::vector<std::string_view> arguments(words + 3, words + count);
  const auto app = library.make_app(arguments);
  minimal_server server(options);
  const csgi::stop_on_signal stops(server);
  std::printf("http://127.0.0.1:%u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  server.run(app.get());
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "minimal_server: %s\n", failure.what());
  return 1;
}
