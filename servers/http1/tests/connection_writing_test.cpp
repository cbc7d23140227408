#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

/// A text whose every stretch differs from every other.
std::string text(std::size_t size, unsigned seed) {
  std::string made(size, ' ');
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>('a' + (i * 7 + i / 26 * 3 + seed) % 26);
  return made;
}

std::string chunk(const std::string& data) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + data + "\r\n";
}

constexpr std::string_view chunked_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

task<> write_many(async_exchange ex, std::size_t times) {
  ex.start(200);
  for (std::size_t i = 0; i < times; ++i) co_await ex.write("x");
  co_await ex.finish();
}

std::string answer_to(driven how, std::string_view request, const std::function<task<>(async_exchange)>& app) {
  connection_host host(how);
  host.app = app;
  host.peer.sends(request);
  return plain(host.response());
}

}  // namespace

TEST_SUITE("connection: writing") {
TEST_CASE("the bytes on the wire do not depend on how much each send moves, nor on what becomes of a buffer after its write") {
  const std::vector<std::string> parts = {text(10, 1), text(9'000, 2), text(3, 3), text(200'000, 4), text(4'097, 5), text(1, 6)};
  std::string expected(chunked_head);
  for (const auto& part : parts) expected += chunk(part);
  expected += "0\r\n\r\n";
  for (const driven how : both_ways) {
    for (const std::size_t most : {std::size_t{1000}, std::size_t{4096}, std::size_t{65'537}, scripted_transport::endless}) {
      connection_host host(how);
      host.app = [&](async_exchange ex) { return stream(ex, parts); };
      host.peer.most_at_once = most;
      host.peer.sends(get);
      const bool same = plain(host.response()) == expected;
      CHECK_MESSAGE(same, to_string(how), " ", most);
    }
  }
}

TEST_CASE("the bytes on the wire do not depend on where the peer stops taking them") {
  const std::vector<std::string> parts = {text(5'000, 1), text(6'000, 2), text(7, 3)};
  std::string expected(chunked_head);
  for (const auto& part : parts) expected += chunk(part);
  expected += "0\r\n\r\n";
  std::size_t whole = 0;
  {
    connection_host host(driven::pending);
    host.app = [&](async_exchange ex) { return stream(ex, parts); };
    host.peer.sends(get);
    whole = host.response().size();
  }
  for (const driven how : both_ways) {
    for (std::size_t at = 0; at <= whole; ++at) {
      connection_host host(how);
      host.app = [&](async_exchange ex) { return stream(ex, parts); };
      host.peer.room = at;
      host.peer.sends(get);
      host.peer.takes(1);
      host.peer.takes(2);
      host.peer.takes(scripted_transport::endless / 2);
      const std::string wire = host.response();
      const bool same = plain(wire) == expected;
      CHECK_MESSAGE(same, to_string(how), " stops at ", at);
      if (!same) break;
    }
  }
}

TEST_CASE("a small peer window, over and over, changes nothing either") {
  const std::vector<std::string> parts = {text(5'000, 1), text(200, 2), text(70'000, 3), text(7, 4), text(66'000, 5)};
  std::string expected(chunked_head);
  for (const auto& part : parts) expected += chunk(part);
  expected += "0\r\n\r\n";
  for (const driven how : both_ways) {
    for (const std::size_t window : {331u, 1024u, 4099u}) {
      connection_host host(how);
      host.app = [&](async_exchange ex) { return stream(ex, parts); };
      host.peer.room = window;
      host.peer.sends(get);
      for (std::size_t given = 0; given < 200'000; given += window) host.peer.takes(window);
      const bool same = plain(host.response()) == expected;
      CHECK_MESSAGE(same, to_string(how), " window ", window);
    }
  }
}

TEST_CASE("an async app runs ahead of its peer by a bounded number of bytes") {
  parked_host host;
  host.peer.room = 0;
  REQUIRE_FALSE(host.conn.start({}));
  const std::string part(1000, 'x');
  watched<write_op> op;
  int ahead = 0;
  while (host.write(op, part) == begun::completed) ++ahead;
  CHECK(ahead >= 60);
  CHECK(ahead <= 66);
  host.peer.takes(10'000);
  host.run();
  CHECK(op.times == 1);
  host.let_go();
}

TEST_CASE("what a slow peer has taken is not kept in memory") {
  parked_host host;
  output_queue queue;
  host.peer.room = 1000;
  const std::string part(1000, 'x');
  queue.own() += part;
  for (int i = 0; i < 10'000; ++i) {
    queue.own() += part;
    queue.send(host.peer);
    host.peer.room += 1000;
  }
  CHECK(queue.own().capacity() < 100'000);
  host.let_go();
}

TEST_CASE("a blocking app is held back until everything was sent, but for its last write") {
  connection_host host(driven::blocking);
  const std::string part(10'000, 'x');
  host.app = [&](async_exchange ex) { return stream(ex, {part, part}); };
  host.peer.room = 5'000;
  int waits = 0;
  host.before_wait = [&] {
    ++waits;
    host.peer.takes(10'500);
  };
  host.peer.sends(get);
  const std::string wire = plain(host.response());
  CHECK(wire == std::string(chunked_head) + chunk(part) + chunk(part) + "0\r\n\r\n");
  CHECK(waits == 2);
}

TEST_CASE("HEAD, 204 and 304 get a head and no body") {
  const auto wordy = [](int status) {
    return [status](async_exchange ex) { return [](async_exchange x, int s) -> task<> {
      x.start(s);
      co_await x.write("some words");
      co_await x.finish(" and more");
    }(ex, status); };
  };
  const std::string head(std::string("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"));
  for (const driven how : both_ways) {
    CHECK(answer_to(how, head + std::string(get), answer_ok) == std::string(ok.substr(0, ok.size() - 2)) + std::string(ok));
    CHECK(answer_to(how, head, wordy(200)).ends_with("\r\n\r\n"));
    CHECK(answer_to(how, get, wordy(204)) == "HTTP/1.1 204 No Content\r\n\r\n");
    CHECK(answer_to(how, get, wordy(304)) == "HTTP/1.1 304 Not Modified\r\n\r\n");
  }
}

TEST_CASE("more bytes than declared are refused and change nothing") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::error_code why;
    host.app = [&](async_exchange ex) { return [](async_exchange x, std::error_code& w) -> task<> {
      x.start(200, {{"Content-Length", "5"}});
      co_await x.write("123");
      try {
        co_await x.write("456");
      } catch (const too_large& e) {
        w = e.code();
      }
      co_await x.finish("45");
    }(ex, why); };
    host.peer.sends(get);
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345");
    CHECK(why == std::errc::message_size);
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("fewer bytes than declared break the connection off") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [](async_exchange ex) { return [](async_exchange x) -> task<> {
      x.start(200, {{"Content-Length", "5"}});
      co_await x.write("123");
      co_await x.finish();
    }(ex); };
    host.peer.sends(get);
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123");
    CHECK(host.closed);
  }
}

TEST_CASE("an HTTP/1.0 peer gets a body without a length until the connection's end, and a reset where it is not whole") {
  for (const driven how : both_ways) {
    connection_host whole(how);
    whole.app = [](async_exchange ex) { return stream(ex, {"abc", "def"}); };
    whole.peer.sends("GET / HTTP/1.0\r\n\r\n");
    CHECK(plain(whole.response()) == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdef");
    CHECK(whole.closed);
    CHECK_FALSE(whole.peer.was_reset);

    connection_host broken(how);
    broken.app = [](async_exchange ex) { return [](async_exchange x) -> task<> {
      x.start(200);
      co_await x.write("abc");
      throw 42;
    }(ex); };
    broken.peer.sends("GET / HTTP/1.0\r\n\r\n");
    broken.run();
    CHECK(broken.closed);
    CHECK(broken.peer.was_reset);
  }
}

TEST_CASE("a response until the connection's end that a stalled peer never took is reset, not closed as if whole") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [](async_exchange ex) { return stream(ex, {"abc", "def"}); };
    host.peer.room = 70;
    host.peer.sends("GET / HTTP/1.0\r\n\r\n");
    host.run();
    host.pass(std::chrono::seconds(31));
    CHECK(host.closed);
    CHECK(host.peer.was_reset);
  }
}

TEST_CASE("a cancelled last write of a response until the connection's end resets it") {
  parked_host host("GET / HTTP/1.0\r\n\r\n");
  REQUIRE_FALSE(host.conn.start({}));
  watched<write_op> first, last;
  REQUIRE(host.write(first, "abc", ending::flush) == begun::completed);
  host.peer.room = 0;
  const std::string much(100'000, 'x');
  REQUIRE(host.write(last, much, ending::finish) == begun::pending);
  cancel(last);
  host.let_go();
  CHECK(last.times == 1);
  CHECK(last.failed_as(std::errc::operation_canceled));
  CHECK(host.closed);
  CHECK(host.peer.was_reset);
}

TEST_CASE("a cancelled write aborts the exchange") {
  parked_host host;
  host.peer.room = 0;
  REQUIRE_FALSE(host.conn.start({}));
  const std::string much(100'000, 'x');
  watched<write_op> op, next;
  REQUIRE(host.write(op, much) == begun::pending);
  cancel(op);
  CHECK(op.times == 0);
  host.run();
  CHECK(op.times == 1);
  CHECK(op.failed_as(std::errc::operation_canceled));
  CHECK(host.conn.phase() == phase::aborted);
  CHECK(host.write(next, "x") == begun::completed);
  CHECK(next.failed_as(std::errc::operation_not_permitted));
  host.let_go();
  CHECK(host.closed);
}

TEST_CASE("a second write while one is pending is refused, also in the moment before a write that is over is done") {
  parked_host host;
  host.peer.room = 0;
  REQUIRE_FALSE(host.conn.start({}));
  const std::string much(100'000, 'x');
  watched<write_op> op, second;
  REQUIRE(host.write(op, much) == begun::pending);
  CHECK(host.write(second, "y") == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  host.conn.abort(std::errc::io_error);
  CHECK(host.write(second, "y") == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  host.run();
  CHECK(op.times == 1);
  CHECK(op.failed_as(std::errc::io_error));
  host.let_go();
}

TEST_CASE("nothing is allowed after the end but asking") {
  for (const driven how : both_ways) {
    connection_host host(how);
    bool looked = false;
    host.app = [&](async_exchange ex) { return call(ex, [&](exchange& x) {
      watched<write_op> op;
      CHECK(x.begin_write(op) == begun::completed);
      CHECK(op.failed_as(std::errc::operation_not_permitted));   // not started yet
      CHECK_FALSE(x.start({}));
      CHECK(x.phase() == phase::started);
      op.then = ending::finish;
      CHECK(x.begin_write(op) == begun::completed);
      CHECK_FALSE(op.error);
      CHECK(x.phase() == phase::finished);
      CHECK(x.begin_write(op) == begun::completed);
      CHECK(op.failed_as(std::errc::operation_not_permitted));
      watched<read_op> read;
      CHECK(x.begin_read(read) == begun::completed);
      CHECK(read.failed_as(std::errc::operation_not_permitted));
      CHECK(x.start({}) == std::make_error_code(std::errc::operation_not_permitted));
      x.abort(std::errc::io_error);
      CHECK(x.phase() == phase::finished);
      CHECK(x.connected());
      CHECK(x.head().method == "GET");
      looked = true;
    }); };
    host.peer.sends(get);
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK(looked);
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("a write before start() changes nothing") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [](async_exchange ex) { return [](async_exchange x) -> task<> {
      write_op early;
      early.then = ending::finish;
      x.raw().begin_write(early);
      co_await x.read();
      co_await answer_ok(x);
    }(ex); };
    const std::string request = post("hello", "Expect: 100-continue\r\n");
    host.peer.sends(request.substr(0, request.size() - 5));
    host.peer.sends("hello");
    CHECK(plain(host.response()) == "HTTP/1.1 100 Continue\r\n\r\n" + std::string(ok));
  }
}

TEST_CASE("the head may be replaced until it is committed, and flush commits it") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [](async_exchange ex) { return [](async_exchange x) -> task<> {
      x.start(404);
      x.start(201);
      co_await x.write("");
      CHECK(x.phase() == phase::started);
      co_await x.flush();
      CHECK(x.phase() == phase::committed);
      CHECK_THROWS_AS(x.start(200), misuse);
      co_await x.finish();
    }(ex); };
    host.peer.sends(get);
    CHECK(plain(host.response()) == "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  }
}

TEST_CASE("reading and writing go on side by side") {
  parked_host host("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n");
  REQUIRE_FALSE(host.conn.start({}));
  watched<read_op> read;
  REQUIRE(host.conn.begin_read(read) == begun::pending);
  host.peer.room = 0;
  const std::string much(100'000, 'x');
  watched<write_op> write;
  REQUIRE(host.write(write, much) == begun::pending);
  host.peer.sends("abc");
  host.run();
  CHECK(read.times == 1);
  CHECK(read.chunk == "abc");
  CHECK(write.times == 0);
  REQUIRE(host.conn.begin_read(read) == begun::pending);
  host.peer.takes(scripted_transport::endless / 2);
  host.run();
  CHECK(write.times == 1);
  CHECK(read.times == 1);
  host.peer.sends("def");
  host.run();
  CHECK(read.times == 2);
  watched<write_op> last;
  CHECK(host.write(last, "", ending::finish) == begun::completed);
  host.let_go();
  CHECK_FALSE(host.closed);
  CHECK(host.peer.got.ends_with("xxx\r\n0\r\n\r\n"));
}

TEST_CASE("a million writes do not grow the stack, and others get their turn every 128") {
  connection_host host(driven::pending);
  constexpr std::size_t writes = 1'000'000;
  host.app = [](async_exchange ex) { return write_many(ex, writes); };
  host.peer.sends(get);
  const std::string wire = plain(host.response());
  CHECK(wire.size() == chunked_head.size() + writes * 6 + 5);
  CHECK(host.posts >= writes / 128);
  CHECK(host.posts <= writes / 128 + 10);
}
}
