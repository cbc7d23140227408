#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

enum class at : unsigned char { open, started, committed, finished };
constexpr at everywhere[] = {at::open, at::started, at::committed, at::finished};

task<> go_to(async_exchange ex, at where) {
  if (where >= at::started) ex.start(200, {{"x-mark", "app"}});
  if (where >= at::committed) co_await ex.write("some");
  if (where >= at::finished) co_await ex.finish();
}

task<> throw_at(async_exchange ex, at where) {
  co_await go_to(ex, where);
  throw std::runtime_error("fault");
}

task<> throw_42_at(async_exchange ex, at where) {
  co_await go_to(ex, where);
  throw 42;
}

task<> abort_at(async_exchange ex, at where) {
  co_await go_to(ex, where);
  ex.abort(std::errc::io_error);
}

const std::string internal_error = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\n500 Internal Server Error\n";
const std::string whole = "HTTP/1.1 200 OK\r\nx-mark: app\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n0\r\n\r\n";
const std::string half = "HTTP/1.1 200 OK\r\nx-mark: app\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n";

struct ended {
  std::string wire;
  bool closed;
  std::vector<std::string> log;
};

ended end_of(driven how, std::function<task<>(async_exchange)> app) {
  connection_host host(how);
  host.app = std::move(app);
  host.peer.sends(get);
  const std::string wire = plain(host.response());
  return {wire, host.closed, host.observer.lines};
}

}  // namespace

TEST_SUITE("connection: endings") {
TEST_CASE("a connection that has ended holds no memory, although its host keeps it for a while") {
  for (const driven how : both_ways) {
    connection_host idle(how);
    idle.peer.dies();
    idle.run();
    CHECK(idle.closed);
    CHECK(idle.pool.lent == 0);

    connection_host served(how);
    served.app = answer_ok;
    served.peer.sends(get_and_close);
    served.run();
    served.peer.closes();
    served.run();
    CHECK(served.closed);
    CHECK(served.pool.lent == 0);
  }
}

TEST_CASE("an app that throws is a 500 before its head is sent, a broken connection after, and a line in the log") {
  for (const driven how : both_ways) {
    for (const at where : everywhere) {
      INFO(to_string(how), " at ", static_cast<int>(where));
      const auto [wire, closed, log] = end_of(how, [where](async_exchange ex) { return throw_at(ex, where); });
      CHECK(wire == (where < at::committed ? internal_error : where == at::committed ? half : whole));
      CHECK(closed == (where == at::committed));
      REQUIRE(log.size() == 1);
      CHECK(log[0].starts_with("app: GET /: threw fault"));
      CHECK(end_of(how, [where](async_exchange ex) { return throw_42_at(ex, where); }).wire == wire);
    }
  }
}

TEST_CASE("an app that throws before it gives a coroutine is a 500") {
  for (const driven how : both_ways) {
    const auto [wire, closed, log] = end_of(how, [](async_exchange) -> task<> { throw std::runtime_error("fault"); });
    CHECK(wire == internal_error);
    CHECK_FALSE(closed);
  }
}

TEST_CASE("an app that ends without a whole response is a 500 before its head is sent, a broken connection after") {
  for (const driven how : both_ways) {
    for (const at where : everywhere) {
      INFO(to_string(how), " at ", static_cast<int>(where));
      const auto [wire, closed, log] = end_of(how, [where](async_exchange ex) { return go_to(ex, where); });
      CHECK(wire == (where < at::committed ? internal_error : where == at::committed ? half : whole));
      CHECK(closed == (where == at::committed));
      CHECK(log.size() == (where == at::finished ? 0 : 1));
    }
  }
}

TEST_CASE("an aborted response is never whole, one that is finished cannot be aborted") {
  for (const driven how : both_ways) {
    for (const at where : everywhere) {
      INFO(to_string(how), " at ", static_cast<int>(where));
      const auto [wire, closed, log] = end_of(how, [where](async_exchange ex) { return abort_at(ex, where); });
      CHECK(wire == (where < at::committed ? "" : where == at::committed ? half : whole));
      CHECK(closed == (where != at::finished));
      CHECK(log.empty());
    }
  }
}

TEST_CASE("what a client or an app says cannot forge a log line") {
  for (const driven how : both_ways) {
    const auto log = end_of(how, [](async_exchange) -> task<> { throw std::runtime_error("a\nb\x7f"); }).log;
    REQUIRE(log.size() == 1);
    CHECK(log[0] == "app: GET /: threw a\\x0ab\\x7f");
  }
}

TEST_CASE("a coroutine that ends beside its own pending operations is a fault, and nobody touches them any more") {
  connection_host host(driven::pending);
  auto read = std::make_unique<watched<read_op>>();
  auto gone = std::make_unique<watched<operation>>();
  auto write = std::make_unique<watched<write_op>>();
  const std::string much(100'000, 'x');
  gate door;
  host.app = [&](async_exchange ex) {
    read->chunk = {};
    ex.raw().begin_read(*read);
    ex.raw().begin_gone(*gone);
    ex.start(200);
    write->data = much;
    ex.raw().begin_write(*write);
    return park(ex, door);
  };
  host.peer.room = 0;
  host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n");
  host.run();
  read.reset();
  gone.reset();
  write.reset();
  door.open();
  host.run();
  CHECK(host.closed);
  REQUIRE_FALSE(host.observer.lines.empty());
  CHECK(host.observer.lines[0] == "app: POST /: ended while an operation was pending");
}

TEST_CASE("hooks run once, last added first, with how it ended, and only when the peer has taken everything") {
  for (const driven how : both_ways) {
    for (const at where : everywhere) {
      INFO(to_string(how), " at ", static_cast<int>(where));
      connection_host host(how);
      std::vector<int> order;
      remembering_hook first(order, 1), second(order, 2);
      host.app = [&](async_exchange ex) {
        ex.find<finish_hooks>()->add(first);
        ex.find<finish_hooks>()->add(second);
        return go_to(ex, where);
      };
      host.peer.sends(get);
      host.run();
      CHECK(order == std::vector{2, 1});
      CHECK(first.times == 1);
      CHECK(host.got_before_hooks == host.peer.got);
      CHECK(first.how.status == (where < at::committed ? 500 : 200));
      CHECK(bool(first.how.aborted) == (where == at::committed));
    }
  }
}

TEST_CASE("hooks wait until a slow peer has taken the last byte") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::vector<int> order;
    remembering_hook hook(order, 1);
    host.app = [&](async_exchange ex) {
      ex.find<finish_hooks>()->add(hook);
      return answer_ok(ex);
    };
    host.peer.room = 60;
    host.peer.sends(get);
    host.run();
    CHECK(hook.times == 0);
    host.peer.takes(1'000);
    host.run();
    CHECK(hook.times == 1);
    CHECK(hook.how.body_bytes == 2);
    CHECK_FALSE(hook.how.aborted);
    CHECK(host.got_before_hooks == host.peer.got);
  }
}

TEST_CASE("hooks and the access record tell of a peer that left before the response was whole") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.log_access = true;
    std::vector<int> order;
    remembering_hook hook(order, 1);
    const std::string part(50'000, 'x');
    host.app = [&](async_exchange ex) {
      ex.find<finish_hooks>()->add(hook);
      return stream(ex, {part, part, part, part});
    };
    host.peer.dies_after = 60'000;
    host.peer.sends(get);
    host.run();
    CHECK(host.closed);
    CHECK(hook.times == 1);
    CHECK(hook.how.aborted == std::errc::connection_reset);
    CHECK(hook.how.body_bytes <= 60'000);
    REQUIRE(host.observer.accesses.size() == 1);
    CHECK(host.observer.accesses[0].how.aborted == std::errc::connection_reset);
    CHECK(host.observer.lines.empty());
  }
}

TEST_CASE("a response that had left wholly when the peer went is whole") {
  connection_host host(driven::pending);
  std::vector<int> order;
  remembering_hook hook(order, 1);
  gate door;
  host.app = [&](async_exchange ex) {
    ex.find<finish_hooks>()->add(hook);
    return [](async_exchange x, gate& g) -> task<> {
      co_await answer_ok(x);
      co_await reach(x, g);
    }(ex, door);
  };
  host.peer.sends(get);
  host.peer.dies();
  host.run();
  door.open();
  host.run();
  CHECK(host.closed);
  CHECK(hook.times == 1);
  CHECK_FALSE(hook.how.aborted);
}

TEST_CASE("a disconnect that escapes from an app is no fault of its") {
  connection_host host(driven::pending);
  std::vector<int> order;
  remembering_hook hook(order, 1);
  host.app = [&](async_exchange ex) {
    ex.find<finish_hooks>()->add(hook);
    return [](async_exchange x) -> task<> {
      x.start(200);
      co_await x.flush();
      co_await x.gone();
    }(ex);
  };
  host.peer.sends(get);
  host.peer.closes();
  host.run();
  CHECK(host.closed);
  CHECK(host.observer.lines.empty());
  CHECK(hook.how.aborted == std::errc::connection_reset);
}

TEST_CASE("each request is one access record, also those that the server answers itself") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.log_access = true;
    host.app = echo;
    host.peer.sends(post("hello") + "GET bad\r\n\r\n");
    host.run();
    REQUIRE(host.observer.accesses.size() == 2);
    const auto& first = host.observer.accesses[0];
    CHECK(first.method == "POST");
    CHECK(first.target == "/");
    CHECK(first.how.status == 200);
    CHECK(first.how.body_bytes == 5);
    CHECK(first.elapsed < std::chrono::minutes(1));
    const auto& second = host.observer.accesses[1];
    CHECK(second.method == "");
    CHECK(second.how.status == 400);
    CHECK(second.how.body_bytes == std::string_view("400 Bad Request\n").size());
    CHECK(second.elapsed < std::chrono::minutes(1));
  }
}

TEST_CASE("a body that is sent to a HEAD request is not counted") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.log_access = true;
    host.app = answer_ok;
    host.peer.sends("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    host.run();
    REQUIRE(host.observer.accesses.size() == 1);
    CHECK(host.observer.accesses[0].how.body_bytes == 0);
  }
}

TEST_CASE("CSGI-HTTP-130: a HEAD that is refused is answered without a body") {
  for (const driven how : both_ways)
    for (const std::string_view bad : {"HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n", "\r\nHEAD /%zz HTTP/1.1\r\nHost: a\r\n\r\n"}) {
      connection_host host(how);
      host.peer.sends(bad);
      const std::string response = host.response();
      CHECK(status_of(response) == "HTTP/1.1 400 Bad Request");
      CHECK(response.ends_with("\r\n\r\n"));
    }
}

TEST_CASE("what is refused before there is a method is answered the same however it is split, be there a HEAD behind it") {
  const auto app = [](async_exchange ex) { return answer_ok(ex); };
  for (const std::string_view bad : {"\nHEAD / HTTP/1.1\r\n", "\r\n\r\n\r\n\r\n\r\nHEAD / HTTP/1.1\r\n", "\r\rHEAD / HTTP/1.1\r\n"}) {
    CAPTURE(bad);
    connection_host whole(driven::pending), split(driven::pending);
    whole.app = split.app = app;
    whole.peer.sends(bad);
    split.peer.sends_one_by_one(bad);
    const auto answer = whole.response();
    CHECK(answer.ends_with("\r\n\r\n400 Bad Request\n"));
    CHECK(plain(split.response()) == plain(answer));
  }
}

TEST_CASE("CSGI-HTTP-134: a path that is not plain is refused where that is wanted, and the connection is closed") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.paths = served_paths::plain;
    host.app = answer_ok;
    host.peer.sends("GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto wire = host.response();
    CHECK(wire.starts_with("HTTP/1.1 400 "));
    CHECK(wire.find("\r\nConnection: close\r\n") != std::string::npos);
    CHECK(host.apps_run == 0);
  }
}

TEST_CASE("a mounted app sees its root path, what is outside is 404") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.root_path = "/app";
    std::string root, tail;
    host.app = [&](async_exchange ex) {
      root = ex.head().root_path;
      tail = ex.head().tail();
      return answer_ok(ex);
    };
    host.peer.sends("GET /app/x HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(plain(host.response()) == ok);
    CHECK(root == "/app");
    CHECK(tail == "/x");
    host.peer.sends("GET /apple HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(status_of(host.response()) == "HTTP/1.1 404 Not Found");
    host.peer.sends("GET /app HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(plain(host.response()) == ok);
    CHECK(tail.empty());
  }
}
}
