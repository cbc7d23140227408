#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;
using namespace std::chrono_literals;

namespace {

task<> sleep_long(async_exchange ex) { co_await ex.sleep_for(1h); }

const std::string unavailable = "HTTP/1.1 503 Service Unavailable";

}  // namespace

TEST_SUITE("connection: stopping") {
// --- gone() ---------------------------------------------------------------------------------------------------------

TEST_CASE("gone() completes when the peer closes its sending side, and connected() knows") {
  parked_host host;
  watched<operation> gone, second;
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  CHECK(host.conn.begin_gone(second) == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  CHECK(host.conn.connected());
  host.peer.closes();
  host.run();
  CHECK(gone.times == 1);
  CHECK(gone.failed_as(std::errc::connection_reset));
  CHECK_FALSE(host.conn.connected());
  CHECK(host.conn.begin_gone(second) == begun::completed);
  CHECK(second.failed_as(std::errc::connection_reset));
  host.let_go();
}

TEST_CASE("gone() completes when a read meets the end of what the peer sends, before any event told of it") {
  parked_host host(post("hello").substr(0, post("hello").size() - 1));
  watched<operation> gone;
  watched<read_op> read;
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  REQUIRE(host.conn.begin_read(read) == begun::completed);
  host.peer.fault_at = host.peer.calls + 1;
  host.peer.fails_as = fault::closed;
  REQUIRE(host.conn.begin_read(read) == begun::pending);
  host.conn.ready({.readable = true});
  host.run();
  CHECK(read.failed_as(std::errc::bad_message));
  CHECK(gone.times == 1);
  CHECK(gone.failed_as(std::errc::connection_reset));
  host.let_go();
}

TEST_CASE("everything that is pending fails with connection_reset when the peer dies, and so does what follows") {
  parked_host host(post("hello").substr(0, post("hello").size() - 5));
  const std::string much(100'000, 'x');
  host.peer.room = 0;
  REQUIRE_FALSE(host.conn.start({}));
  watched<operation> gone;
  watched<read_op> read;
  watched<write_op> write;
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  REQUIRE(host.conn.begin_read(read) == begun::pending);
  REQUIRE(host.write(write, much) == begun::pending);
  host.peer.dies();
  host.run();
  for (const operation* op : std::initializer_list<const operation*>{&gone, &read, &write})
    CHECK(op->error == std::make_error_code(std::errc::connection_reset));
  CHECK(gone.times == 1);
  CHECK(read.times == 1);
  CHECK(write.times == 1);
  CHECK_FALSE(host.conn.connected());
  CHECK(host.conn.begin_read(read) == begun::completed);
  CHECK(read.failed_as(std::errc::connection_reset));
  CHECK(host.write(write, "x") == begun::completed);
  CHECK(write.failed_as(std::errc::connection_reset));
  host.let_go();
  CHECK(host.closed);
}

TEST_CASE("gone() ends with operation_canceled when the response is finished, and after") {
  parked_host host;
  watched<operation> gone;
  watched<write_op> write;
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  REQUIRE_FALSE(host.conn.start({}));
  REQUIRE(host.write(write, "ok", ending::finish) == begun::completed);
  CHECK(gone.times == 0);
  host.run();
  CHECK(gone.times == 1);
  CHECK(gone.failed_as(std::errc::operation_canceled));
  CHECK(host.conn.begin_gone(gone) == begun::completed);
  CHECK(gone.failed_as(std::errc::operation_canceled));
  host.let_go();
  CHECK_FALSE(host.closed);
}

TEST_CASE("gone() can be cancelled, and begun anew") {
  parked_host host;
  watched<operation> gone;
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  cancel(gone);
  CHECK(gone.times == 0);
  host.run();
  CHECK(gone.times == 1);
  CHECK(gone.failed_as(std::errc::operation_canceled));
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  host.conn.abort(std::errc::io_error);
  host.run();
  CHECK(gone.times == 2);
  host.let_go();
}

TEST_CASE("gone() times out with the write that nobody takes") {
  parked_host host;
  watched<operation> gone;
  watched<write_op> write;
  const std::string much(100'000, 'x');
  host.peer.room = 0;
  REQUIRE_FALSE(host.conn.start({}));
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  REQUIRE(host.write(write, much) == begun::pending);
  host.pass(30s);
  CHECK(write.failed_as(std::errc::timed_out));
  CHECK(gone.failed_as(std::errc::timed_out));
  CHECK(gone.times == 1);
  host.let_go();
}

TEST_CASE("a blocking app has connected() instead of gone()") {
  connection_host host(driven::blocking);
  bool before = false, after = true;
  host.app = [&](async_exchange ex) { return call(ex, [&](exchange& x) {
    watched<operation> gone;
    CHECK(x.begin_gone(gone) == begun::completed);
    CHECK(gone.failed_as(std::errc::operation_not_supported));
    before = x.connected();
    host.peer.closes();
    after = x.connected();
  }); };
  host.peer.sends(get);
  host.run();
  CHECK(before);
  CHECK_FALSE(after);
  CHECK(host.observer.lines.empty());   // it may end without a response then
}

// --- drain() --------------------------------------------------------------------------------------------------------

TEST_CASE("drain() closes a connection at once whose client has been silent, before its first request or after one") {
  for (const driven how : both_ways) {
    connection_host fresh(how);
    fresh.run();
    fresh.pass(500ms);
    fresh.drain();
    CHECK(fresh.closed);
    connection_host kept(how);
    kept.app = answer_ok;
    kept.peer.sends(get);
    kept.run();
    kept.pass(500ms);
    kept.drain();
    CHECK(kept.closed);
  }
}

TEST_CASE("drain() leaves a client that was busy until then half a second for the next request, which is its last") {
  for (const driven how : both_ways) {
    for (const bool fresh : {true, false}) {
      connection_host asks(how), is_silent(how);
      for (connection_host* host : {&asks, &is_silent}) {
        host->app = answer_ok;
        if (!fresh) host->peer.sends(get);
        host->run();
        host->pass(100ms);
        host->drain();
        host->pass(399ms);
        CHECK_FALSE(host->closed);
        host->peer.take_got();
      }
      asks.peer.sends(get);
      CHECK(plain(asks.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      CHECK(asks.closed);
      is_silent.pass(1ms);
      CHECK(is_silent.closed);
      CHECK(is_silent.peer.got.empty());
    }
  }
}

TEST_CASE("drain() does not prolong the time that an idle connection has") {
  connection_host host(driven::pending);
  host.shared.deadlines.first_byte = 200ms;
  host.run();
  host.drain();
  host.pass(199ms);
  CHECK_FALSE(host.closed);
  host.pass(1ms);
  CHECK(host.closed);

  connection_host told_to_stay(driven::pending);
  told_to_stay.shared.deadlines.idle = 200ms;
  told_to_stay.app = answer_ok;
  told_to_stay.peer.room = 10;
  told_to_stay.peer.sends(get);
  told_to_stay.run();
  told_to_stay.drain();
  told_to_stay.peer.takes(1'000);
  told_to_stay.run();
  told_to_stay.pass(199ms);
  CHECK_FALSE(told_to_stay.closed);
  told_to_stay.pass(1ms);
  CHECK(told_to_stay.closed);
}

TEST_CASE("drain() lets a request that has begun be answered, and says that the connection ends") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.peer.sends(get.substr(0, 5));
    host.run();
    host.drain();
    CHECK_FALSE(host.closed);
    host.peer.sends(get.substr(5));
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    CHECK(host.closed);
  }
}

TEST_CASE("drain() while an app runs ends the connection after its response, soon where that has said otherwise already") {
  for (const bool begun_already : {false, true}) {
    parked_host host;
    watched<write_op> op;
    REQUIRE_FALSE(host.conn.start({}));
    if (begun_already) REQUIRE(host.write(op, "a", ending::flush) == begun::completed);
    host.drain();
    CHECK(host.write(op, "b", ending::finish) == begun::completed);
    host.let_go();
    CHECK((host.peer.got.find("Connection: close") != std::string::npos) == !begun_already);
    CHECK(host.closed == !begun_already);
    host.pass(500ms);
    CHECK(host.closed);
  }
}

TEST_CASE("drain() lets a response drain, and bodies be discarded no further") {
  for (const driven how : both_ways) {
    connection_host slow(how);
    slow.app = answer_ok;
    slow.peer.room = 10;
    slow.peer.sends(get);
    slow.run();
    slow.drain();
    CHECK_FALSE(slow.closed);
    slow.peer.takes(1'000);
    CHECK(plain(slow.response()).ends_with("\r\n\r\nok"));
    slow.pass(500ms);
    CHECK(slow.closed);

    connection_host discarding(how);
    discarding.app = answer_ok;
    discarding.peer.sends(post("hello").substr(0, post("hello").size() - 1));
    discarding.run();
    discarding.drain();
    CHECK(discarding.peer.sending_closed);
    discarding.drain();     // while it lingers
    CHECK_FALSE(discarding.closed);
    discarding.pass(2s);
    CHECK(discarding.closed);
  }
}

TEST_CASE("drain() keeps responses that were held back") {
  connection_host host(driven::pending);
  host.app = answer_ok;
  host.peer.room = 10;
  host.peer.sends(std::string(get) + "GET");
  host.run();
  host.drain();
  CHECK_FALSE(host.closed);
  host.peer.takes(1'000);
  host.peer.sends(get.substr(3));
  CHECK(count_of("HTTP/1.1 200", host.response()) == 2);
  CHECK(host.closed);
}

// --- cancel_all() ----------------------------------------------------------------------------------------------------

TEST_CASE("cancel_all() closes a connection that runs no app") {
  const std::function<void(connection_host&)> states[] = {
      [](connection_host& host) { host.run(); },
      [](connection_host& host) { host.peer.sends("GET /"); },
      [](connection_host& host) { host.peer.sends(post("hello").substr(0, post("hello").size() - 1)); },
      [](connection_host& host) { host.peer.sends("nonsense\r\n\r\n"); },
      [](connection_host& host) { host.peer.room = 10, host.peer.sends(get); },
  };
  for (const driven how : both_ways) {
    for (const auto& reach_state : states) {
      connection_host host(how);
      host.app = answer_ok;
      reach_state(host);
      host.run();
      CHECK_FALSE(host.closed);
      host.cancel_all();
      CHECK(host.closed);
    }
  }
}

TEST_CASE("cancel_all() while a response drains runs its hooks") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.shared.log_access = true;
    std::vector<int> order;
    remembering_hook hook(order, 1);
    host.app = [&](async_exchange ex) {
      ex.find<finish_hooks>()->add(hook);
      return answer_ok(ex);
    };
    host.peer.room = 10;
    host.peer.sends(get);
    host.run();
    host.cancel_all();
    CHECK(host.closed);
    CHECK(hook.times == 1);
    CHECK(hook.how.aborted == std::errc::operation_canceled);
    CHECK(host.observer.accesses.size() == 1);
  }
}

TEST_CASE("cancel_all() fails what is pending, and what follows") {
  parked_host host(post("hello").substr(0, post("hello").size() - 5));
  const std::string much(100'000, 'x');
  host.peer.room = 0;
  REQUIRE_FALSE(host.conn.start({}));
  watched<operation> gone;
  watched<read_op> read;
  watched<write_op> write;
  REQUIRE(host.conn.begin_gone(gone) == begun::pending);
  REQUIRE(host.conn.begin_read(read) == begun::pending);
  REQUIRE(host.write(write, much) == begun::pending);
  host.conn.cancel_all();
  host.conn.cancel_all();
  CHECK(read.times + write.times + gone.times == 0);
  host.run();
  for (const operation* op : std::initializer_list<const operation*>{&gone, &read, &write})
    CHECK(op->error == std::make_error_code(std::errc::operation_canceled));
  CHECK(gone.times == 1);
  CHECK(read.times == 1);
  CHECK(write.times == 1);
  CHECK(host.conn.begin_read(read) == begun::completed);
  CHECK(read.failed_as(std::errc::operation_canceled));
  host.let_go();
  CHECK(host.closed);
}

TEST_CASE("an app that is cancelled before its head is sent is 503, without a line in the log") {
  connection_host pending(driven::pending);
  pending.app = sleep_long;
  pending.peer.sends(get);
  pending.run();
  pending.cancel_all();
  CHECK(status_of(pending.peer.got) == unavailable);
  CHECK(pending.closed);
  CHECK(pending.observer.lines.empty());

  connection_host blocking(driven::blocking);
  blocking.app = echo;
  blocking.before_wait = [&] { blocking.thread_cancelled = true; };
  blocking.peer.sends(post("hello").substr(0, post("hello").size() - 1));
  blocking.run();
  CHECK(status_of(blocking.peer.got) == unavailable);
  CHECK(blocking.closed);
  CHECK(blocking.observer.lines.empty());
}

TEST_CASE("a blocking app that is cancelled does not go on with what is at hand") {
  connection_host host(driven::blocking);
  std::error_code why;
  host.app = [&](async_exchange ex) { return call(ex, [&](exchange& x) {
    host.thread_cancelled = true;
    read_op read;
    x.begin_read(read);
    why = read.error;
  }); };
  host.peer.sends(post("hello"));
  host.run();
  CHECK(why == std::errc::operation_canceled);
  CHECK(host.closed);
}

TEST_CASE("an app that is cancelled in the middle of its response breaks the connection off, without a line in the log") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::vector<int> order;
    remembering_hook hook(order, 1);
    const std::string part(100'000, 'x');
    host.app = [&](async_exchange ex) {
      ex.find<finish_hooks>()->add(hook);
      return stream(ex, {part, part});
    };
    host.before_wait = [&] { host.thread_cancelled = true; };
    host.peer.room = 10;
    host.peer.sends(get);
    host.run();
    if (how == driven::pending) host.cancel_all();
    CHECK(host.closed);
    CHECK(hook.times == 1);
    CHECK(hook.how.aborted == std::errc::operation_canceled);
    CHECK(host.observer.lines.empty());
  }
}

TEST_CASE("a response that an app leaves behind on a cancelled thread is not waited for") {
  connection_host host(driven::blocking);
  std::vector<int> order;
  remembering_hook hook(order, 1);
  host.app = [&](async_exchange ex) { return call(ex, [&](exchange& x) {
    static_cast<finish_hooks*>(x.find(finish_hooks::id))->add(hook);
    write_op op;
    op.data = "ok";
    op.then = ending::finish;
    CHECK_FALSE(x.start({}));
    x.begin_write(op);
    CHECK_FALSE(op.error);
    host.thread_cancelled = true;
  }); };
  host.peer.room = 10;
  host.peer.sends(get);
  host.run();
  CHECK(host.closed);
  CHECK(hook.times == 1);
  CHECK(hook.how.aborted == std::errc::operation_canceled);
}

TEST_CASE("a response that is finished when cancel_all() comes is sent as far as it goes at once") {
  parked_host host;
  watched<write_op> op;
  REQUIRE_FALSE(host.conn.start({}));
  REQUIRE(host.write(op, "ok", ending::finish) == begun::completed);
  host.conn.cancel_all();
  host.let_go();
  CHECK(plain(host.peer.got) == ok);
  CHECK(host.closed);
}

TEST_CASE("a connection that comes while the server begins to stop has time for its request") {
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = answer_ok;
    host.shared.draining = true;      // another loop was told before
    host.run();
    host.drain();
    CHECK_FALSE(host.closed);
    host.peer.sends(get);
    CHECK(host.response().starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(host.closed);

    connection_host silent(how);
    silent.shared.draining = true;
    silent.run();
    silent.drain();
    silent.pass(499ms);
    CHECK_FALSE(silent.closed);
    silent.pass(1ms);
    CHECK(silent.closed);
  }
}
}
