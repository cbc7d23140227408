#include "sample_app.hpp"
#include <csgi/async_websocket.hpp>
#include <csgi/start_error.hpp>
#include <csgi/trailers.hpp>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

/// What a request ends with whose app fails like that, whichever kind it is of.
template <class Behaviour>
std::string seen_of(app_kind kind, Behaviour behaviour) {
  sample_app app(kind, std::move(behaviour));
  testing::client c(app);
  try {
    c.get("/");
  } catch (const misuse& wrong) {
    return wrong.what();
  }
  return "nothing";
}

}  // namespace

TEST_SUITE("start_error") {
TEST_CASE("what start() refuses it says in words") {
  for (const auto kind : {app_kind::async, app_kind::blocking}) {
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      announce_trailers(ex, {"x-sum"});
      ex.start(200, {{"content-length", "1"}});
      co_await ex.finish("a");
    }) == "start: trailers are announced, and no Content-Length goes with them: Invalid argument");
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      ex.start(99);
      co_await ex.finish();
    }) == "start: a status outside of 200 to 599: Invalid argument");
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      response_head head{200};
      head.reason = "two\nlines";
      ex.start(head);
      co_await ex.finish();
    }) == "start: a reason that may not be sent: Invalid argument");
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      ex.start(200, {{"Transfer-Encoding", "chunked"}});
      co_await ex.finish();
    }) == "start: a field that the server alone sends, such as Connection, Transfer-Encoding or Trailer: Invalid argument");
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      ex.start(200, {{"x-two", "two\r\nlines"}});
      co_await ex.finish();
    }) == "start: a field whose name or value may not be sent: Invalid argument");
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      ex.start(200);
      co_await ex.flush();
      ex.start(500);
      co_await ex.finish();
    }) == "start: the response is on its way: Operation not permitted");
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      ex.start(200);
      co_await ex.finish();
      ex.start(500);
    }) == "start: the response is finished: Operation not permitted");
    CHECK(seen_of(kind, [](async_exchange ex) -> task<> {
      ex.abort(std::errc::io_error);
      ex.start(500);
      co_return;
    }) == "start: the response is aborted: Operation not permitted");
  }
}

TEST_CASE("who has accepted a WebSocket is told so") {
  for (const auto kind : {app_kind::async, app_kind::blocking}) {
    sample_app app(kind, [](async_exchange ex) -> task<> {
      const async_websocket socket(ex);
      co_await socket.accept();
      ex.start(200);
    });
    testing::client c(app);
    auto socket = c.websocket("/");
    CHECK_THROWS_WITH_AS(socket.end(), "start: the response is on its way, or a WebSocket was accepted: Operation not permitted", misuse);
  }
}
}
