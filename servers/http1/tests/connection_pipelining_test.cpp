#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

std::string times(int count, std::string_view text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

task<> read_finish_and_wait(async_exchange ex, gate& before, gate& after) {
  co_await reach(ex, before);
  co_await answer_ok(ex);
  co_await reach(ex, after);
}

task<> finish_and_wait(async_exchange ex, gate& after) {
  co_await answer_ok(ex);
  co_await reach(ex, after);
}

task<> start_write_and_abort(async_exchange ex) {
  ex.start(200);
  co_await ex.write("half of it");
  ex.abort(std::errc::io_error);
}

/// Answers the first requests, then does something else.
auto after(int count, std::function<task<>(async_exchange)> then) {
  return [count, then](async_exchange ex) mutable { return count-- > 0 ? answer_ok(ex) : then(ex); };
}

}  // namespace

TEST_SUITE("connection: pipelining") {
TEST_CASE("pipelined requests are answered in order, and their responses leave in one send") {
  connection_host host(driven::pending);
  host.app = answer_ok;
  host.peer.sends(times(10, get));
  CHECK(plain(host.response()) == times(10, ok));
  CHECK(host.peer.sends_seen == 1);
  CHECK_FALSE(host.closed);
}

TEST_CASE("responses of the server's own leave with the others") {
  connection_host host(driven::pending);
  host.shared.root_path = "/app";
  host.app = answer_ok;
  host.peer.sends(times(3, get));
  CHECK(count_of("HTTP/1.1 404", host.response()) == 3);
  CHECK(host.peer.sends_seen == 1);
}

TEST_CASE("a response leaves at once where somebody waits to hear that it has") {
  connection_host logged(driven::pending);
  logged.shared.log_access = true;
  logged.app = answer_ok;
  logged.peer.sends(times(3, get));
  CHECK(plain(logged.response()) == times(3, ok));
  CHECK(logged.peer.sends_seen == 3);

  connection_host hooked(driven::pending);
  int hooks = 0;
  hooked.app = [&](async_exchange ex) {
    ex.on_finish([&](const outcome&) { ++hooks; });
    return answer_ok(ex);
  };
  hooked.peer.sends(times(3, get));
  CHECK(plain(hooked.response()) == times(3, ok));
  CHECK(hooked.peer.sends_seen == 3);
  CHECK(hooks == 3);
}

TEST_CASE("the responses of blocking apps leave one by one") {
  connection_host host(driven::blocking);
  host.app = answer_ok;
  host.peer.sends(times(3, get));
  CHECK(plain(host.response()) == times(3, ok));
}

TEST_CASE("no more than some 32 KiB of responses are held back") {
  connection_host host(driven::pending);
  host.app = [](async_exchange ex) { return [](async_exchange x) -> task<> {
    x.start(200);
    co_await x.finish(std::string(3'000, 'x'));
  }(ex); };
  host.peer.sends(times(100, get));
  CHECK(host.response().size() > 300'000);
  CHECK(host.peer.sends_seen >= 8);
  CHECK(host.peer.sends_seen <= 12);
}

TEST_CASE("nothing is held back while an app waits") {
  connection_host host(driven::pending);
  gate door;
  host.app = after(2, [&](async_exchange ex) { return park(ex, door); });
  host.peer.sends(times(3, get));
  CHECK(plain(host.response()) == times(2, ok));
  door.open();
  host.run();
}

TEST_CASE("a response is not held back by an app that waits after it") {
  connection_host at_once(driven::pending);
  gate door;
  at_once.app = [&](async_exchange ex) { return finish_and_wait(ex, door); };
  at_once.peer.sends(times(2, get));
  CHECK(plain(at_once.response()) == ok);
  at_once.app = answer_ok;
  door.open();
  CHECK(plain(at_once.response()) == ok);

  connection_host later(driven::pending);
  gate before;
  later.app = [&](async_exchange ex) { return read_finish_and_wait(ex, before, door); };
  later.peer.sends(times(2, get));
  later.run();
  before.open();
  CHECK(plain(later.response()) == ok);
  later.app = answer_ok;
  door.open();
  CHECK(plain(later.response()) == ok);
}

TEST_CASE("the end of a response whose last chunk is in the way is not overtaken by the next one") {
  for (const driven how : both_ways) {
    connection_host host(how);
    const std::string part(10'000, 'x');
    host.app = after(1, [&](async_exchange ex) { return stream(ex, {part}); });
    host.peer.sends(times(2, get) + std::string(get));
    const std::string wire = plain(host.response());
    CHECK(wire.find("x\r\n0\r\n\r\nHTTP/1.1 200") != std::string::npos);
  }
}

TEST_CASE("responses before one that is aborted are not lost, however slowly the peer takes them") {
  connection_host whole(driven::pending);
  whole.app = answer_ok;
  whole.peer.sends(times(3, get));
  const std::size_t size = whole.response().size();
  for (std::size_t room = 0; room <= size; room += 7) {
    INFO("room for ", room);
    connection_host host(driven::pending);
    host.app = after(3, start_write_and_abort);
    host.peer.room = room;
    host.peer.sends(times(4, get));
    host.peer.takes(1);
    host.peer.takes(1'000'000);
    const std::string wire = plain(host.response());
    CHECK(wire.substr(0, 3 * ok.size()) == times(3, ok));
    CHECK(wire.find("0\r\n\r\n") == std::string::npos);
    CHECK(host.closed);
  }
}

TEST_CASE("responses before an app that fails are not lost either") {
  connection_host host(driven::pending);
  host.app = after(3, [](async_exchange ex) { return [](async_exchange x) -> task<> {
    x.start(200);
    co_await x.flush();
    throw 42;
  }(ex); });
  host.peer.room = 20;
  host.peer.sends(times(4, get));
  host.peer.takes(1'000'000);
  CHECK(plain(host.response()).starts_with(times(3, ok)));
  CHECK(host.closed);
}

TEST_CASE("who pipelines and does not read gets nothing more read from") {
  connection_host host(driven::pending);
  host.app = answer_ok;
  host.peer.room = 0;
  host.peer.sends(times(2, get));
  host.run();
  const auto before = host.peer.receives;
  for (int i = 0; i < 10; ++i) host.peer.sends(times(5, get));
  host.run();
  CHECK(host.peer.receives == before);
  host.peer.takes(1'000'000);
  CHECK(plain(host.response()) == times(52, ok));
}

TEST_CASE("after some requests in a row others get their turn, and nothing is held back meanwhile") {
  for (const driven how : both_ways) {
    for (const bool by_app : {true, false}) {
      connection_host host(how);
      if (!by_app) host.shared.root_path = "/app";
      host.app = answer_ok;
      host.peer.sends(times(63, get));
      CHECK(count_of("HTTP/1.1", host.response()) == 63);
      CHECK(host.turns_left == 0);      // there was a wait
      host.peer.sends(times(200, get));
      CHECK(count_of("HTTP/1.1", host.response()) == 200);
      CHECK(host.turns_left == 3);
    }
  }
}

TEST_CASE("a connection that is lost while others have their turn is closed") {
  connection_host host(driven::pending);
  host.app = answer_ok;
  host.peer.dies_after = 1;
  host.peer.sends(times(65, get));
  host.run();
  CHECK(host.turns_left == 1);
  CHECK(host.closed);
}

TEST_CASE("a request behind one with a body is served, wherever the bytes are split") {
  const std::string requests = post("hello") + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + std::string(get);
  for (const driven how : both_ways) {
    for (std::size_t at = 1; at < requests.size(); ++at) {
      connection_host host(how);
      host.app = answer_ok;
      host.peer.sends(requests.substr(0, at));
      host.peer.sends(requests.substr(at));
      CHECK_MESSAGE(plain(host.response()) == times(3, ok), to_string(how), " ", at);
    }
  }
}

TEST_CASE("a response that closes the connection lingers where more requests have arrived") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.peer.sends(std::string(get_and_close) + std::string(get));
    CHECK(count_of("HTTP/1.1", host.response()) == 1);
    CHECK(host.peer.sending_closed);
    CHECK_FALSE(host.closed);
    CHECK(host.apps_run == 1);
    host.peer.closes();
    host.run();
    CHECK(host.closed);
  }
}

TEST_CASE("a response that closes the connection lingers where bytes wait to be received") {
  connection_host host(driven::pending);
  gate door;
  host.app = [&](async_exchange ex) { return park(ex, door); };
  host.peer.sends(get_and_close);
  host.run();
  host.peer.sends(get);
  host.run();
  door.open();
  host.run();
  CHECK(host.peer.sending_closed);
  CHECK_FALSE(host.closed);
  host.peer.closes();
  host.run();
  CHECK(host.closed);
}
}
