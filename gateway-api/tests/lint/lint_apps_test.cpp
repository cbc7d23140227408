// What a lint says of an app's faults.
#include "linted.hpp"
#include <doctest/doctest.h>
#include <thread>

using namespace csgi;
using testing::request_body;

namespace {

/// Begins an operation by hand, and gives what it was refused with.
template <class Operation>
std::error_code attempt(async_exchange ex, begun (exchange::*begin)(Operation&), Operation op) {
  op.done = [](operation&) noexcept {};
  return (ex.raw().*begin)(op) == begun::completed ? op.error : std::error_code();
}

write_op write_of(std::string_view data, ending then = ending::more) {
  write_op op;
  op.data = data;
  op.then = then;
  return op;
}

}  // namespace

TEST_SUITE("lint: apps") {
TEST_CASE("CSGI-CORE-083: calls out of turn, each kind told once") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    linted one;
    one.serve(kind, [](async_exchange ex) -> task<> {
      for (int twice = 0; twice < 2; ++twice)
        CHECK(attempt(ex, &exchange::begin_write, write_of("x")) == std::errc::operation_not_permitted);
      ex.start(200);
      co_await ex.flush();
      CHECK(ex.raw().start({500}) == std::errc::operation_not_permitted);
      co_await ex.finish();
      CHECK(attempt(ex, &exchange::begin_read, read_op()) == std::errc::operation_not_permitted);
    });
    CHECK(one.text() == "lint: CSGI-CORE-083 (app): a body operation before a response was started, in begin_write()\n"
                        "lint: CSGI-CORE-083 (app): a start after the response was committed, in start()\n"
                        "lint: CSGI-CORE-083 (app): an operation after the response was finished or aborted, in begin_read()\n");
    CHECK(one.on.x.result().status == 200);
  }
}

TEST_CASE("CSGI-CORE-083, CSGI-CORE-026: second operations of a kind, and one that is begun again") {
  linted one({.body = request_body::by_hand()});
  one.serve(app_kind::async, [](async_exchange ex) -> task<> {
    read_op first;
    first.done = [](operation& op) noexcept { op.owner = nullptr; };
    first.owner = &first;
    CHECK(ex.raw().begin_read(first) == begun::pending);
    CHECK(attempt(ex, &exchange::begin_read, read_op()) == std::errc::operation_in_progress);
    ex.raw().begin_read(first);
    cancel(first);
    while (first.owner) co_await ex.sleep_for(std::chrono::milliseconds(1));
    CHECK(first.error == std::errc::operation_canceled);
    co_await answer(ex);
  });
  CHECK(one.text() == "lint: CSGI-CORE-083 (app): a second read while one is pending, in begin_read()\n"
                      "lint: CSGI-CORE-026 (app): an operation begun again while it is pending, in begin_read()\n");
}

TEST_CASE("CSGI-CORE-083: a second wait for the peer's going, a second write") {
  linted one({}, {.window = 4});
  one.serve(app_kind::async, [&one](async_exchange ex) -> task<> {
    operation gone;
    gone.done = [](operation& op) noexcept { op.owner = nullptr; };
    gone.owner = &gone;
    CHECK(ex.raw().begin_gone(gone) == begun::pending);
    CHECK(attempt(ex, &exchange::begin_gone, operation()) == std::errc::operation_in_progress);
    ex.start(200);
    auto first = write_of("longer than there is room");
    first.done = [](operation& op) noexcept { op.owner = nullptr; };
    first.owner = &first;
    CHECK(ex.raw().begin_write(first) == begun::pending);
    CHECK(attempt(ex, &exchange::begin_write, write_of("second")) == std::errc::operation_in_progress);
    while (first.owner) {
      one.on.x.take();
      co_await ex.sleep_for(std::chrono::milliseconds(1));
    }
    co_await ex.finish();
    while (gone.owner) co_await ex.sleep_for(std::chrono::milliseconds(1));
  });
  CHECK(one.text() == "lint: CSGI-CORE-083 (app): a second wait for the peer's going while one is pending, in begin_gone()\n"
                      "lint: CSGI-CORE-083 (app): a second write or file while one is pending, in begin_write()\n");
}

TEST_CASE("CSGI-CORE-006: an app that is done while an operation is pending") {
  linted one({.body = request_body::by_hand()});
  read_op left_behind;
  one.serve(app_kind::async, [&](async_exchange ex) -> task<> {
    CHECK(ex.raw().begin_read(left_behind) == begun::pending);
    co_return;
  });
  CHECK(one.text() == "lint: CSGI-CORE-006 (app): done while an operation is pending, in http()\n");
}

TEST_CASE("CSGI-CORE-019: calls on another thread") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    linted one;
    one.serve(kind, [](async_exchange ex) -> task<> {
      std::thread([ex] {
        ex.head();
        ex.phase();
      }).join();
      co_await answer(ex);
    });
    CHECK(one.text() ==
          "lint: CSGI-CORE-019 (app): a call on a thread that is neither the handler's nor the executor's, in phase()\n");
  }
}

TEST_CASE("CSGI-CORE-005, CSGI-EXT-020: calls of an app that is done, and by its hook, are refused") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    linted one;
    std::optional<async_exchange> kept;
    one.serve(kind, [&](async_exchange ex) -> task<> {
      kept = ex;
      ex.on_finish([ex](const outcome&) { CHECK(ex.head().method.empty()); });
      co_await answer(ex);
    });
    CHECK(kept->raw().start({200}) == std::errc::operation_not_permitted);
    CHECK(kept->phase() == phase::finished);
    CHECK(one.text() == "lint: CSGI-EXT-020 (app): a call by a finish hook, in head()\n"
                        "lint: CSGI-CORE-005 (app): a call after the app was done, in start()\n");
    CHECK(one.checked->reports() == 2);
  }
}

TEST_CASE("CSGI-HTTP-064: an app that does not finish, unless it throws or its client has gone") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    const auto silent = [](async_exchange) -> task<> { co_return; };
    linted one, thrown, aborted, gone({.body = request_body::chunks({"part"}).cut_short()});
    one.serve(kind, silent);
    CHECK(one.text() == "lint: CSGI-HTTP-064 (app): done without having finished or aborted its response, in http()\n");
    thrown.serve(kind, [](async_exchange) -> task<> {
      throw 42;
      co_return;
    });
    CHECK(thrown.text() == "");
    aborted.serve(kind, [](async_exchange ex) -> task<> {
      ex.abort(std::errc::io_error);
      co_return;
    });
    CHECK(aborted.text() == "");
    gone.serve(kind, silent);
    CHECK(gone.text() == "");
  }
}

TEST_CASE("a report says what of a head may not be sent, in characters that a log can hold") {
  const auto told = [](const std::vector<field>& fields) {
    linted one;
    one.serve(app_kind::blocking, [&](async_exchange ex) -> task<> {
      CHECK(ex.raw().start({.status = 200, .fields = fields}) == std::errc::invalid_argument);
      ex.start(200);
      co_await ex.finish();
    });
    const auto text = one.text();
    const auto begin = text.find("sent (");
    return text.substr(begin + 6, text.find("), in") - begin - 6);
  };
  CHECK(told({{"x-a", "1"}, {"Connection", "close"}}) == "field Connection");
  CHECK(told({{"x\r\na", "1"}}) == "field x??a");
  CHECK(told({{"x-a", "\n"}}) == "field x-a");
  CHECK(told({{"content-length", "1"}, {"content-length", "2"}}) == "two fields of a length");
  const std::string endless(500, 'x');
  CHECK(told({{endless, "\n"}}) == "field " + endless.substr(0, 74));
}

TEST_CASE("CSGI-HTTP-135, CSGI-HTTP-136, CSGI-HTTP-090: heads, lengths and bodies") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    linted one, shorter;
    one.serve(kind, [](async_exchange ex) -> task<> {
      CHECK(ex.raw().start({99}) == std::errc::invalid_argument);
      ex.start(204);
      co_await ex.write("");
      ex.start(200, {{"content-length", "2"}});
      CHECK(attempt(ex, &exchange::begin_write, write_of("three")) == std::errc::message_size);
      ex.start(205);
      co_await ex.finish("a body");
    });
    CHECK(one.text() == "lint: CSGI-HTTP-135 (app): a response head that may not be sent (status 99), in start()\n"
                        "lint: CSGI-HTTP-136 (app): more body bytes than the declared Content-Length (5 of 2 bytes), in begin_write()\n"
                        "lint: CSGI-HTTP-090 (app): body bytes for a status that has no body, in begin_write()\n");
    shorter.serve(kind, [](async_exchange ex) -> task<> {
      ex.start(200, {{"content-length", "2"}});
      CHECK(attempt(ex, &exchange::begin_write, write_of("1", ending::finish)) == std::errc::bad_message);
      co_return;
    });
    CHECK(shorter.text() ==
          "lint: CSGI-HTTP-136 (app): a finish with fewer body bytes than the declared Content-Length (1 of 2 bytes), in begin_write()\n");
  }
}

TEST_CASE("CSGI-CORE-036: an app that goes on and on when its client has gone") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    linted one({}, {.fails_at = 1});
    one.serve(kind, [](async_exchange ex) -> task<> {
      ex.start(200);
      for (int i = 0; i < 200; ++i) {
        try {
          co_await ex.write("more");
        } catch (const disconnected&) {  // it does not listen
        }
      }
    });
    CHECK(one.text() ==
          "lint: CSGI-CORE-036 (app): one operation after the other though the request was to end, in begin_write()\n");
  }
}

TEST_CASE("CSGI-CORE-018, CSGI-CORE-036: a coroutine that sleeps on its thread, and takes its time to end") {
  struct sleeper final : async_app {
    task<> http(async_exchange ex) override {
      ex.start(200);
      write_op op = write_of("part");
      op.done = [](operation&) noexcept {};
      ex.raw().begin_write(op);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));      // which is the fault
      co_return;
    }
  } app;
  reports told;
  auto with = told.settings();
  with.stall = with.soon = std::chrono::milliseconds(1);
  lint checked(app, with);
  scene s({}, {.how = testing::completions::inside, .fails_at = 1});
  s.x.serve(checked);
  CHECK(told.text() == "lint: CSGI-CORE-018 (app): the thread slept between two awaits\n"
                       "lint: CSGI-CORE-036 (app): done late though the request was to end, in http()\n");
}
}
