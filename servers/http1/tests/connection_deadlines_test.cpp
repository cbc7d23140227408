#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;
using namespace std::chrono_literals;

namespace {

task<> nap(async_exchange ex) { co_await ex.sleep_for(1h); }

}  // namespace

TEST_SUITE("connection: deadlines") {
TEST_CASE("a connection on which nothing ever comes is closed without a word, sooner than one that was served") {
  for (const driven how : both_ways) {
    connection_host fresh(how);
    fresh.run();
    fresh.pass(9s);
    CHECK_FALSE(fresh.closed);
    fresh.pass(2s);
    CHECK(fresh.closed);
    CHECK(fresh.peer.got.empty());

    connection_host patient(how);
    patient.shared.deadlines.first_byte = 90s;
    patient.app = answer_ok;
    patient.run();
    patient.pass(89s);
    patient.peer.sends(get);
    CHECK(plain(patient.response()) == ok);
  }
}

TEST_CASE("a connection that stays idle is closed without a word") {
  for (const driven how : both_ways) {
    connection_host kept(how);
    kept.app = answer_ok;
    kept.peer.sends(get);
    CHECK(plain(kept.response()) == ok);
    kept.pass(59s);
    CHECK_FALSE(kept.closed);
    kept.peer.sends(get);
    CHECK(plain(kept.response()) == ok);
    kept.pass(59s);
    CHECK_FALSE(kept.closed);
    kept.pass(2s);
    CHECK(kept.closed);
    CHECK(kept.peer.got.empty());
  }
}

TEST_CASE("a head that trickles in is 408 at an absolute deadline") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.log_access = true;
    host.app = answer_ok;
    for (int i = 0; i < 9; ++i) {
      host.peer.sends(get.substr(static_cast<std::size_t>(i), 1));
      host.run();
      host.pass(1s);
    }
    CHECK(host.peer.got.empty());
    host.pass(1s);
    CHECK(status_of(host.peer.take_got()) == "HTTP/1.1 408 Request Timeout");
    CHECK(host.peer.sending_closed);
    REQUIRE(host.observer.accesses.size() == 1);
    CHECK(host.observer.accesses[0].how.status == 408);
    CHECK(host.observer.accesses[0].elapsed < 1min);
    host.pass(2s);
    CHECK(host.closed);
    CHECK(host.apps_run == 0);
  }
}

TEST_CASE("a second request's head has its own deadline, and its record tells nothing of the first") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.log_access = true;
    host.app = echo;
    host.peer.sends(post("hello") + "GET");
    host.run();
    host.peer.take_got();
    host.pass(9s);
    CHECK(host.peer.got.empty());
    host.pass(1s);
    CHECK(status_of(host.peer.got) == "HTTP/1.1 408 Request Timeout");
    REQUIRE(host.observer.accesses.size() == 2);
    CHECK(host.observer.accesses[1].method == "");
    CHECK(host.observer.accesses[1].how.body_bytes == std::string_view("408 Request Timeout\n").size());
  }
}

TEST_CASE("the refusal of a slow, bad head has all the time that a response has") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.peer.room = 0;
    host.peer.sends("GET /");
    host.run();
    host.pass(9s);
    host.peer.sends(" nonsense\r\n\r\n");
    host.run();
    host.pass(5s);
    CHECK_FALSE(host.closed);
    host.peer.takes(1000);
    CHECK(status_of(host.response()) == "HTTP/1.1 400 Bad Request");
  }
}

TEST_CASE("CSGI-HTTP-121: what is around a body's data does not begin its time anew") {
  connection_host host(driven::pending);
  std::string got;
  host.app = [&](async_exchange ex) { return read_and_answer(ex, got); };
  host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n1;");
  for (int i = 0; i < 2; ++i) {
    host.run();
    host.pass(20s);
    host.peer.sends("x");
  }
  host.run();
  CHECK(status_of(host.peer.got) == "HTTP/1.1 408 Request Timeout");
}

TEST_CASE("a body that stops coming fails the read with timed_out, and is 408") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::string got;
    host.app = [&](async_exchange ex) { return read_and_answer(ex, got); };
    const std::string request = post("hello");
    host.peer.sends(request.substr(0, request.size() - 1));
    host.run();
    if (how == driven::pending) {
      host.pass(29s);
      CHECK(host.peer.got.empty());
      host.pass(2s);
    }
    CHECK(status_of(host.peer.got) == "HTTP/1.1 408 Request Timeout");
    CHECK(got == "hell");
    host.pass(3s);
    CHECK(host.closed);
    CHECK(host.observer.lines.empty());
  }
}

TEST_CASE("each piece of a body gives it new time") {
  connection_host host(driven::pending);
  host.app = echo;
  const std::string request = post("hello");
  host.peer.sends(request.substr(0, request.size() - 5));
  host.run();
  for (const char c : std::string("hello")) {
    host.pass(29s);
    host.peer.sends({&c, 1});
    host.run();
  }
  CHECK(plain(host.peer.got).ends_with("hello"));
}

TEST_CASE("a read that timed out may be tried again") {
  parked_host host(post("hello").substr(0, post("hello").size() - 5));
  watched<read_op> read;
  REQUIRE(host.conn.begin_read(read) == begun::pending);
  host.pass(30s);
  CHECK(read.times == 1);
  CHECK(read.failed_as(std::errc::timed_out));
  REQUIRE(host.conn.begin_read(read) == begun::pending);
  host.peer.sends("hello");
  host.run();
  CHECK(read.times == 2);
  CHECK_FALSE(read.error);
  CHECK(read.chunk == "hello");
  host.let_go();
}

TEST_CASE("a peer that takes nothing fails the write with timed_out, and the connection is closed") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::vector<int> order;
    remembering_hook hook(order, 1);
    const std::string part(100'000, 'x');
    host.app = [&](async_exchange ex) {
      ex.find<finish_hooks>()->add(hook);
      return stream(ex, {part, part});
    };
    host.peer.room = 10;
    host.peer.sends(get);
    host.run();
    if (how == driven::pending) {
      host.pass(29s);
      CHECK_FALSE(host.closed);
      host.peer.takes(10);      // which is something
      host.run();
      host.pass(29s);
      CHECK_FALSE(host.closed);
      host.pass(2s);
    }
    CHECK(host.closed);
    CHECK(hook.how.aborted == std::errc::timed_out);
    CHECK(host.observer.lines.empty());
  }
}

TEST_CASE("a finished response that is not taken is given up") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::vector<int> order;
    remembering_hook hook(order, 1);
    host.app = [&](async_exchange ex) {
      ex.find<finish_hooks>()->add(hook);
      return answer_ok(ex);
    };
    host.peer.room = 10;
    host.peer.sends(get);
    host.run();
    CHECK(host.apps_run == 1);
    CHECK(hook.times == 0);
    host.pass(31s);
    CHECK(host.closed);
    CHECK(hook.times == 1);
    CHECK(hook.how.aborted == std::errc::timed_out);
  }
}

TEST_CASE("responses held back in front of an incomplete request are given up as well") {
  connection_host host(driven::pending);
  host.app = answer_ok;
  host.peer.room = 10;
  host.peer.sends(std::string(get) + "GET");
  host.run();
  host.pass(31s);
  CHECK(host.closed);
  CHECK(host.pool.lent == 0);
}

TEST_CASE("a body that nobody wants is waited for as long as one that is read") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    const std::string request = post("hello");
    host.peer.sends(request.substr(0, request.size() - 1));
    CHECK(plain(host.response()) == ok);
    host.pass(29s);
    CHECK_FALSE(host.closed);
    host.pass(2s);
    CHECK(host.closed);
  }
}

TEST_CASE("a connection lingers 2 s") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.peer.sends("nonsense\r\n\r\n");
    host.run();
    host.pass(1900ms);
    CHECK_FALSE(host.closed);
    host.pass(100ms);
    CHECK(host.closed);
  }
}

TEST_CASE("no deadline is set while an app works") {
  parked_host host;
  CHECK(host.conn.deadline() == clock::time_point::max());
  host.let_go();
}

TEST_CASE("CSGI-HTTP-125: a connection that is turned away is answered 503, and waited for no longer than a second") {
  for (const driven how : both_ways) {
    connection_host asks(how);
    asks.conn.turn_away(asks.now());
    asks.peer.sends(std::string(get) + std::string(get));
    CHECK(status_of(asks.response()) == "HTTP/1.1 503 Service Unavailable");
    CHECK(asks.apps_run == 0);

    connection_host half(how);
    half.conn.turn_away(half.now());
    half.peer.sends("GET / HT");
    half.run();
    CHECK(half.peer.got.empty());
    half.pass(1s);
    CHECK(status_of(half.peer.take_got()) == "HTTP/1.1 503 Service Unavailable");

    connection_host silent(how);
    silent.conn.turn_away(silent.now());
    silent.run();
    silent.pass(999ms);
    CHECK_FALSE(silent.closed);
    silent.pass(1ms);
    CHECK(silent.closed);
    CHECK(silent.peer.got.empty());
  }
}

TEST_CASE("an app has until its deadline; then the answer is 503, and it is sent before the connection ends") {
  connection_host host(driven::pending);
  host.shared.deadlines.app = 5s;
  host.peer.room = 0;
  host.app = nap;
  host.peer.sends(get);
  host.run();
  host.pass(4999ms);
  CHECK_FALSE(host.conn.cancelled());
  host.pass(1ms);
  CHECK(host.conn.cancelled());
  CHECK_FALSE(host.closed);
  host.peer.takes(1000);
  CHECK(status_of(host.response()) == "HTTP/1.1 503 Service Unavailable");
  host.pass(2s);
  CHECK(host.closed);
  REQUIRE(host.observer.lines.size() == 1);
  CHECK(host.observer.lines[0].find("took longer than deadlines.app") != std::string::npos);
}
}
