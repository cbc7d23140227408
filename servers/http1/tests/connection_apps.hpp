// connection_apps.hpp - small apps that run in both ways, operations that are watched, and what the wire should say.
#pragma once
#include "connection_host.hpp"

namespace csgi::http1 {

inline constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
inline constexpr std::string_view get_and_close = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
inline constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

inline std::string post(std::string_view body, std::string_view fields = {}) {
  std::string text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
  return text.append(std::to_string(body.size())).append("\r\n").append(fields).append("\r\n").append(body);
}

/// Without the fields that are the same, or the time's, in each response.
inline std::string plain(std::string wire) {
  constexpr std::string_view date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", server = "Server: csgi\r\n";
  for (auto at = wire.find("Date: "); at != wire.npos; at = wire.find("Date: ", at)) wire.erase(at, date.size());
  for (auto at = wire.find(server); at != wire.npos; at = wire.find(server, at)) wire.erase(at, server.size());
  return wire;
}

inline std::string status_of(const std::string& wire) { return wire.substr(0, wire.find('\r')); }

inline std::size_t count_of(std::string_view what, std::string_view in) {
  std::size_t count = 0;
  for (auto at = in.find(what); at != in.npos; at = in.find(what, at + 1)) ++count;
  return count;
}

inline task<> answer_ok(async_exchange ex) {
  ex.start(200);
  co_await ex.finish("ok");
}

inline task<> read_to_end(async_exchange ex, std::string& into) {
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) into += chunk;
}

inline task<> read_and_answer(async_exchange ex, std::string& into) {
  co_await read_to_end(ex, into);
  co_await answer_ok(ex);
}

inline task<> echo(async_exchange ex) {
  std::string body;
  co_await read_to_end(ex, body);
  ex.start(200);
  co_await ex.finish(body);
}

/// Streams each part as a write of its own, whose memory is overwritten as soon as it is done.
inline task<> stream(async_exchange ex, std::vector<std::string> parts) {
  ex.start(200);
  for (std::string& part : parts) {
    co_await ex.write(part);
    std::fill(part.begin(), part.end(), '!');
  }
  co_await ex.finish();
}

/// Calls `act` and ends: for operations that are begun by hand.
inline task<> call(async_exchange ex, std::function<void(exchange&)> act) {
  act(ex.raw());
  co_return;
}

/// Where an app waits until the test lets it go.
struct gate {
  operation* waiting = nullptr;
  csgi::executor* executor = nullptr;

  void open() { post_done(*executor, *std::exchange(waiting, nullptr)); }
};

inline auto reach(async_exchange ex, gate& at) {
  at.executor = &ex.raw().executor();
  return await_operation<"gate">(
      operation{},
      [&at](operation& op) noexcept {
        at.waiting = &op;
        return begun::pending;
      });
}

inline task<> park(async_exchange ex, gate& at) { co_await reach(ex, at); }

/// An operation that counts how often it was completed.
template <class Operation>
struct watched : Operation {
  int times = 0;

  watched() {
    this->done = [](operation& op) noexcept { ++static_cast<watched&>(op).times; };
  }
  bool failed_as(std::errc why) const noexcept { return this->error == std::make_error_code(why); }
};

/// An exchange in the hands of the test: its app is parked.
struct parked_host final : any_connection_host {
  gate door;

  explicit parked_host(std::string_view request = get) : any_connection_host(driven::pending) {
    app = [this](async_exchange ex) { return park(ex, door); };
    peer.sends(request);
    run();
  }

  void let_go() {
    door.open();
    run();
  }

  begun write(watched<write_op>& op, std::string_view data, ending then = ending::more) {
    op.data = data;
    op.then = then;
    return conn.begin_write(op);
  }
};

/// Remembers how a response ended, and in which order hooks ran.
struct remembering_hook : finish_hook {
  std::vector<int>& order;
  int number;
  outcome how;
  int times = 0;

  remembering_hook(std::vector<int>& into, int n) : order(into), number(n) {
    run = [](finish_hook& h, const outcome& o) noexcept {
      auto& self = static_cast<remembering_hook&>(h);
      self.order.push_back(self.number);
      self.how = o;
      ++self.times;
    };
  }
};

}  // namespace csgi::http1
