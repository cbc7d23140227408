#include "connection_apps.hpp"
#include <csgi/drain_notice.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;
using namespace std::chrono_literals;

namespace {

task<> hear_again_and_again(async_exchange ex) {
  for (int i = 0; i < 1000; ++i) co_await server_drains(ex);
  co_await ex.respond(200, "text/plain", "ok");
}

}  // namespace

TEST_SUITE("connection: notice of draining") {
TEST_CASE("the wait for it completes when the server drains, and at once afterwards; writes go on") {
  parked_host host;
  watched<operation> notice;
  watched<write_op> write;
  CHECK_FALSE(host.conn.draining());
  REQUIRE(host.conn.begin_draining(notice) == begun::pending);
  host.drain();
  CHECK(notice.times == 1);
  CHECK_FALSE(notice.error);
  CHECK(host.conn.draining());
  CHECK(host.conn.begin_draining(notice) == begun::completed);
  CHECK_FALSE(notice.error);
  REQUIRE_FALSE(host.conn.start({}));
  REQUIRE(host.write(write, "bye", ending::finish) == begun::completed);
  host.let_go();
  CHECK(host.peer.take_got().ends_with("bye"));
  CHECK(host.closed);
}

TEST_CASE("a second wait is refused, a cancelled one may be begun anew") {
  parked_host host;
  watched<operation> first, second;
  REQUIRE(host.conn.begin_draining(first) == begun::pending);
  CHECK(host.conn.begin_draining(second) == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  cancel(first);
  CHECK(first.times == 0);
  CHECK(host.conn.begin_draining(second) == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  host.run();
  CHECK(first.times == 1);
  CHECK(first.failed_as(std::errc::operation_canceled));
  CHECK(host.conn.begin_draining(second) == begun::pending);
  cancel(second);
  host.let_go();
}

TEST_CASE("it ends as the response does: finished, aborted, lost, or asked to end") {
  const auto ends_as = [](std::errc why, const std::function<void(parked_host&)>& how) {
    parked_host host;
    watched<operation> notice;
    REQUIRE(host.conn.begin_draining(notice) == begun::pending);
    how(host);
    host.run();
    CHECK(notice.times == 1);
    CHECK(notice.failed_as(why));
    CHECK(host.conn.begin_draining(notice) == begun::completed);
    CHECK(notice.failed_as(why));
    host.let_go();
  };
  ends_as(std::errc::operation_canceled, [](parked_host& host) {
    watched<write_op> write;
    REQUIRE_FALSE(host.conn.start({}));
    REQUIRE(host.write(write, "ok", ending::finish) == begun::completed);
  });
  ends_as(std::errc::operation_canceled, [](parked_host& host) { host.conn.abort(std::errc::io_error); });
  ends_as(std::errc::connection_reset, [](parked_host& host) { host.peer.dies(); });
  ends_as(std::errc::operation_canceled, [](parked_host& host) { host.conn.cancel_all(); });
}

TEST_CASE("an app that ends while it waits has left an operation pending, which nobody touches any more") {
  parked_host host;
  auto notice = std::make_unique<watched<operation>>();
  REQUIRE(host.conn.begin_draining(*notice) == begun::pending);
  notice.reset();
  host.let_go();
  host.pass(500ms);
  host.drain();
  CHECK(host.closed);
}

TEST_CASE("waits in a row, while the server drains, let others have their turn") {
  connection_host host(driven::pending);
  host.app = [&](async_exchange ex) {
    host.shared.draining = true;
    return hear_again_and_again(ex);
  };
  host.peer.sends(get);
  host.run();
  CHECK(host.peer.take_got().ends_with("ok"));
  CHECK(host.posts >= 7);
}

TEST_CASE("a blocking app asks") {
  connection_host host(driven::blocking);
  bool before = true, after = false;
  host.app = [&](async_exchange ex) { return call(ex, [&](exchange& x) {
    watched<operation> notice;
    CHECK(host.conn.begin_draining(notice) == begun::completed);
    CHECK(notice.failed_as(std::errc::operation_not_supported));
    before = draining(exchange_handle(x));
    host.shared.draining = true;
    after = draining(exchange_handle(x));
  }); };
  host.peer.sends(get);
  host.run();
  CHECK_FALSE(before);
  CHECK(after);
}
}
