#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;
using namespace std::chrono_literals;

namespace {

task<> count_bytes(async_exchange ex, std::size_t& bytes, std::errc& ended) {
  try {
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) bytes += chunk.size();
  } catch (const error& e) {
    ended = static_cast<std::errc>(e.code().value());
    throw;
  }
  co_await answer_ok(ex);
}

task<> read_twice_at_the_end(async_exchange ex, std::string& got) {
  co_await read_to_end(ex, got);
  auto again = co_await ex.read();
  got += again;
  co_await answer_ok(ex);
}

std::string upload_failure(driven how, const std::function<void(connection_host&)>& script, std::errc& why) {
  connection_host host(how);
  std::size_t bytes = 0;
  host.app = [&](async_exchange ex) { return count_bytes(ex, bytes, why); };
  script(host);
  return status_of(host.response());
}

}  // namespace

TEST_SUITE("connection: reading") {
TEST_CASE("a request is the same wherever it is split") {
  const std::string request = post("hello", "X: y\r\n") + std::string(get);
  for (const driven how : both_ways) {
    for (std::size_t at = 1; at < request.size(); ++at) {
      INFO(to_string(how), " split at ", at);
      connection_host host(how);
      host.app = echo;
      host.peer.sends(request.substr(0, at));
      host.peer.sends(request.substr(at));
      CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      CHECK_FALSE(host.closed);
    }
  }
}

TEST_CASE("requests that come byte by byte are the same too") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = echo;
    host.peer.sends_one_by_one(post("hello") + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(host.apps_run == 2);
  }
}

TEST_CASE("the request's head stays readable while its body streams past") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::string got, seen;
    host.app = [&](async_exchange ex) { return [](async_exchange x, std::string& body, std::string& s) -> task<> {
      co_await read_to_end(x, body);
      s = std::string(x.head().field("x-mark").value_or("lost")) + std::string(x.head().raw_path);
      co_await answer_ok(x);
    }(ex, got, seen); };
    const std::string body(300'000, 'b');
    const std::string request = post(body, "X-Mark: kept\r\n");
    for (std::size_t at = 0; at < request.size(); at += 50'000) host.peer.sends(request.substr(at, 50'000));
    CHECK(plain(host.response()) == ok);
    CHECK(got == body);
    CHECK(seen == "kept/");
  }
}

TEST_CASE("the end of a body is read again and again") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::string got;
    host.app = [&](async_exchange ex) { return read_twice_at_the_end(ex, got); };
    host.peer.sends(post("abc") + std::string(get));
    CHECK(plain(host.response()) == std::string(ok) + std::string(ok));
    CHECK(got == "abc");
  }
}

TEST_CASE("100 Continue is sent once, when the body is first read") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = echo;
    const std::string request = post("hello", "Expect: 100-continue\r\n");
    host.peer.sends(request.substr(0, request.size() - 5));
    host.peer.sends("he");
    host.peer.sends("llo");
    CHECK(plain(host.response()) == "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("100 Continue is not sent when the body is there already, nor to HTTP/1.0, nor without a body") {
  for (const driven how : both_ways) {
    for (const std::string& request :
         {post("hello", "Expect: 100-continue\r\n"), post("", "Expect: 100-continue\r\n"),
          std::string("POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")}) {
      connection_host host(how);
      host.app = echo;
      host.peer.sends(request);
      host.peer.sends("x");
      CHECK(host.response().find("100 Continue") == std::string::npos);
      CHECK(host.apps_run >= 1);
    }
  }
}

TEST_CASE("who is answered without having been asked for its body is told that the connection ends") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    const std::string request = post("hello", "Expect: 100-continue\r\n");
    host.peer.sends(request.substr(0, request.size() - 5));
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    CHECK(host.peer.sending_closed);
    host.peer.closes();
    host.run();
    CHECK(host.closed);
  }
}

TEST_CASE("a body that is first read after the head was sent gets no 100 Continue") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [](async_exchange ex) { return [](async_exchange x) -> task<> {
      x.start(200);
      co_await x.write("head first");
      std::string body;
      co_await read_to_end(x, body);
      co_await x.finish();
    }(ex); };
    const std::string request = post("hello", "Expect: 100-continue\r\n");
    host.peer.sends(request.substr(0, request.size() - 5));
    host.peer.sends("hello");
    const std::string wire = host.response();
    CHECK(wire.find("100 Continue") == std::string::npos);
    CHECK(wire.find("Connection: close") != std::string::npos);
    CHECK(wire.ends_with("0\r\n\r\n"));
  }
}

TEST_CASE("a body that nobody reads is discarded up to a limit, and the connection goes on") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    const std::string request = post(std::string(200'000, 'b')) + std::string(get);
    for (std::size_t at = 0; at < request.size(); at += 30'000) host.peer.sends(request.substr(at, 30'000));
    CHECK(plain(host.response()) == std::string(ok) + std::string(ok));
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("a body too long to be discarded ends the connection, which the response tells, and lingers") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    const std::string request = post(std::string(300'000, 'b'));
    host.peer.sends(request.substr(0, 30'000));
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    CHECK(host.peer.sending_closed);
    CHECK_FALSE(host.closed);
    host.peer.sends(request.substr(30'000));
    host.run();
    host.peer.closes();
    host.run();
    CHECK(host.closed);
    CHECK(host.apps_run == 1);
  }
}

TEST_CASE("a chunked body that nobody reads is discarded up to the limit of its data, whatever is around them") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 256; ++i) host.peer.sends("400;a=b\r\n" + std::string(1'024, 'b') + "\r\n");
    host.peer.sends("0\r\n\r\n" + std::string(get));
    CHECK(plain(host.response()) == std::string(ok) + std::string(ok));
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("CSGI-HTTP-104: what is around the data of a body that nobody reads counts as well") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100; ++i) host.peer.sends("1;" + std::string(4'000, 'x') + "\r\nb\r\n");
    CHECK(status_of(host.response()) == "HTTP/1.1 200 OK");
    CHECK(host.peer.sending_closed);
    host.peer.closes();
    host.run();
    CHECK(host.closed);
  }
}

TEST_CASE("a chunked body too long to be discarded ends the connection") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 20; ++i) host.peer.sends("8000\r\n" + std::string(0x8000, 'b') + "\r\n");
    CHECK(status_of(host.response()) == "HTTP/1.1 200 OK");
    CHECK(host.peer.sending_closed);
    host.pass(3s);
    CHECK(host.closed);
  }
}

TEST_CASE("whoever goes on sending while the connection lingers is cut off") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.peer.sends(post(std::string(300'000, 'b')).substr(0, 10'000));
    host.run();
    for (int i = 0; i < 100; ++i) host.peer.sends(std::string(10'000, 'b'));
    host.run();
    CHECK(host.closed);
  }
}

TEST_CASE("a declared body beyond the limit is 413 without the app") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.limits.request_body = 4;
    host.app = answer_ok;
    host.peer.sends(post("12345"));
    CHECK(status_of(host.response()) == "HTTP/1.1 413 Content Too Large");
    CHECK(host.apps_run == 0);
    CHECK(host.peer.sending_closed);
  }
}

TEST_CASE("a chunked body that grows beyond the limit fails with message_size, and is 413") {
  for (const driven how : both_ways) {
    std::errc why{};
    CHECK(upload_failure(how, [](connection_host& host) {
      host.shared.limits.request_body = 4;
      host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      host.peer.sends("2\r\nde\r\n");
    }, why) == "HTTP/1.1 413 Content Too Large");
    CHECK(why == std::errc::message_size);
  }
}

TEST_CASE("a malformed body fails with bad_message, and is 400") {
  for (const driven how : both_ways) {
    std::errc why{};
    CHECK(upload_failure(how, [](connection_host& host) {
      host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n");
    }, why) == "HTTP/1.1 400 Bad Request");
    CHECK(why == std::errc::bad_message);
  }
}

TEST_CASE("an upload that is cut short fails with bad_message, and is 400") {
  for (const driven how : both_ways) {
    std::errc why{};
    CHECK(upload_failure(how, [](connection_host& host) {
      host.peer.sends(post("hello").substr(0, post("hello").size() - 1));
      host.peer.closes();
    }, why) == "HTTP/1.1 400 Bad Request");
    CHECK(why == std::errc::bad_message);
  }
}

TEST_CASE("an app's own failure after a bad body is the client's 400 and a line in the log") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [](async_exchange ex) { return [](async_exchange x) -> task<> {
      try {
        co_await x.read();
        co_await x.read();
      } catch (const malformed_body&) {
      }
      throw std::logic_error("own bug");
    }(ex); };
    host.peer.sends(post("hello").substr(0, post("hello").size() - 1));
    host.peer.closes();
    CHECK(status_of(host.response()) == "HTTP/1.1 400 Bad Request");
    REQUIRE(host.observer.lines.size() == 1);
    CHECK(host.observer.lines[0] == "app: POST /: threw own bug");
  }
}

TEST_CASE("a read fails with connection_reset when the peer is gone") {
  for (const driven how : both_ways) {
    std::errc why{};
    upload_failure(how, [](connection_host& host) {
      host.peer.sends(post("hello").substr(0, post("hello").size() - 1));
      host.peer.dies();
    }, why);
    CHECK(why == std::errc::connection_reset);
  }
}

TEST_CASE("a peer that closed its sending side gets the response") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.peer.sends(get);
    host.peer.closes();
    CHECK(plain(host.response()) == ok);
    CHECK(host.closed);
  }
}

TEST_CASE("a second read while one is pending is refused, also in the moment before a read that is over is done") {
  parked_host host(post("hello").substr(0, post("hello").size() - 5));
  watched<read_op> first, second;
  REQUIRE(host.conn.begin_read(first) == begun::pending);
  CHECK(host.conn.begin_read(second) == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  cancel(first);
  CHECK(host.conn.begin_read(second) == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  host.run();
  CHECK(first.times == 1);
  CHECK(host.conn.begin_read(second) == begun::pending);
  host.peer.sends("hello");
  host.run();
  CHECK(second.times == 1);
  CHECK(second.chunk == "hello");
  host.let_go();
}

TEST_CASE("a cancelled read loses nothing") {
  parked_host host(post("hello").substr(0, post("hello").size() - 5));
  watched<read_op> first, second;
  REQUIRE(host.conn.begin_read(first) == begun::pending);
  cancel(first);
  host.peer.sends("hello");
  host.run();
  CHECK(first.times == 1);
  CHECK(first.failed_as(std::errc::operation_canceled));
  REQUIRE(host.conn.begin_read(second) == begun::completed);
  CHECK(second.chunk == "hello");
  host.let_go();
}

TEST_CASE("nothing is received that nobody asked for") {
  parked_host host(post(std::string(10, 'b')).substr(0, post(std::string(10, 'b')).size() - 10));
  const auto before = host.peer.receives;
  for (int i = 0; i < 10; ++i) host.peer.sends("b");
  host.run();
  CHECK(host.peer.receives == before);
  host.let_go();
}

TEST_CASE("a workspace is held from a request's first byte to its response's last, and no longer") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = echo;
    host.run();
    CHECK(host.pool.lent == 0);
    CHECK_FALSE(host.conn.busy());
    host.peer.sends("G");
    host.run();
    CHECK(host.pool.lent == 1);
    CHECK(host.conn.busy());
    host.peer.sends(get.substr(1));
    host.run();
    CHECK(host.pool.lent == 0);
    CHECK_FALSE(host.conn.busy());
    host.peer.room = 10;
    host.peer.sends(get);
    host.run();
    CHECK(host.conn.busy());
    host.peer.takes(1000);
    host.run();
    CHECK_FALSE(host.conn.busy());
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("a million reads at hand do not grow the stack, and others get their turn every 128") {
  connection_host host(driven::pending);
  std::size_t bytes = 0;
  std::errc why{};
  host.app = [&](async_exchange ex) { return count_bytes(ex, bytes, why); };
  std::string request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  constexpr std::size_t reads = 1'000'000;
  for (std::size_t i = 0; i < reads; ++i) request += "1\r\nx\r\n";
  host.peer.sends(request + "0\r\n\r\n");
  CHECK(plain(host.response()) == ok);
  CHECK(bytes == reads);
  CHECK(host.posts >= reads / 128);
  CHECK(host.posts <= reads / 128 + 10);
}
}
