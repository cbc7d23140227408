#include "scene.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using testing::client_behaviour;
using testing::completions;
using testing::request_body;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};

/// An operation begun by hand, and run to its end.
template <class Operation>
std::error_code end_of(scene& s, begun (exchange::*begin)(Operation&), Operation& op) {
  bool over = false;
  op.owner = &over;
  op.done = [](operation& o) noexcept { *static_cast<bool*>(o.owner) = true; };
  if ((s.x.*begin)(op) == begun::pending) s.loop.turn_until([&] { return over; });
  return op.error;
}

std::error_code write(scene& s, std::string_view data, ending then = ending::more) {
  write_op op;
  op.data = data;
  op.then = then;
  return end_of(s, &exchange::begin_write, op);
}

}  // namespace

TEST_SUITE("memory_exchange") {
TEST_CASE("phases go from open to finished, and calls out of turn change nothing") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    scene s;
    s.x.act_for(kind);
    CHECK(s.x.phase() == phase::open);
    CHECK(write(s, "early") == std::errc::operation_not_permitted);
    CHECK(s.x.phase() == phase::open);
    CHECK(!s.x.start({.status = 404}));
    CHECK(!s.x.start({.status = 200}));
    CHECK(!write(s, ""));
    CHECK(s.x.phase() == phase::started);
    CHECK(!write(s, "bytes"));
    CHECK(s.x.phase() == phase::committed);
    CHECK(s.x.start({.status = 404}) == std::errc::operation_not_permitted);
    CHECK(!write(s, "", ending::finish));
    CHECK(s.x.phase() == phase::finished);
    CHECK(write(s, "more") == std::errc::operation_not_permitted);
    read_op read;
    CHECK(end_of(s, &exchange::begin_read, read) == std::errc::operation_not_permitted);
    s.x.abort(std::errc::io_error);
    CHECK(s.x.phase() == phase::finished);
    CHECK(s.x.take() == "bytes");
    CHECK(s.x.result().status == 200);
  }
}

TEST_CASE("heads that may not be sent are refused") {
  scene s;
  const auto refused = [&](int status, std::vector<field> fields, std::string_view reason = {}) {
    return s.x.start({.status = status, .fields = fields, .reason = reason}) == std::errc::invalid_argument;
  };
  CHECK(refused(199, {}));
  CHECK(refused(600, {}));
  CHECK(refused(200, {}, "a\nb"));
  for (const field& f : std::initializer_list<field>{{"", "x"}, {"a b", "x"}, {"a", "x\r\ny"}, {"a", std::string_view("\0", 1)}, {"Connection", "close"},
                         {"transfer-encoding", "chunked"}, {"content-length", "1x"}, {"content-length", ""}, {"content-length", "-1"}})
    CHECK(refused(200, {f}));
  CHECK(refused(200, {{"content-length", "1"}, {"content-length", "2"}}));
  CHECK(!refused(200, {{"content-length", "1"}, {"x", "tab\tand \xFF"}}));
}

TEST_CASE("a declared length is held, exactly") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    scene s;
    s.x.act_for(kind);
    const field length{"content-length", "4"};
    CHECK(!s.x.start({.fields = {&length, 1}}));
    CHECK(write(s, "12345") == std::errc::message_size);
    CHECK(!write(s, "123"));
    CHECK(write(s, "45") == std::errc::message_size);
    CHECK(write(s, "", ending::finish) == std::errc::bad_message);
    CHECK(s.x.phase() == phase::aborted);
    CHECK(s.x.result().how.aborted == std::errc::bad_message);
  }
}

TEST_CASE("one operation of each kind at a time, and each ends by its own cause") {
  client_behaviour stuck;
  stuck.window = 0;
  scene s({.body = request_body::by_hand()}, stuck);
  CHECK(!s.x.start({}));
  struct noted {
    int done = 0;
  } ends;
  const auto arm = [&](operation& op) {
    op.owner = &ends;
    op.done = [](operation& o) noexcept { ++static_cast<noted*>(o.owner)->done; };
  };
  read_op read, second_read;
  write_op write, second_write;
  operation gone, second_gone;
  for (operation* op : std::initializer_list<operation*>{&read, &write, &gone}) arm(*op);
  write.data = "stuck";
  CHECK(s.x.begin_read(read) == begun::pending);
  CHECK(s.x.begin_write(write) == begun::pending);
  CHECK(s.x.begin_gone(gone) == begun::pending);
  CHECK(s.x.begin_read(second_read) == begun::completed);
  CHECK(second_read.error == std::errc::operation_in_progress);
  CHECK(s.x.begin_write(second_write) == begun::completed);
  CHECK(second_write.error == std::errc::operation_in_progress);
  CHECK(s.x.begin_gone(second_gone) == begun::completed);
  CHECK(second_gone.error == std::errc::operation_in_progress);
  while (s.loop.turn()) {
  }
  CHECK(ends.done == 0);

  cancel(read);
  CHECK(ends.done == 0);
  s.x.give("late");
  while (s.loop.turn()) {
  }
  CHECK(ends.done == 1);
  CHECK(read.error == std::errc::operation_canceled);
  CHECK(!read.stop);
  CHECK(!end_of(s, &exchange::begin_read, read));
  CHECK(read.chunk == "late");

  cancel(write);                          // nobody knows how much of it the client has got
  while (s.loop.turn()) {
  }
  CHECK(write.error == std::errc::operation_canceled);
  CHECK(gone.error == std::errc::operation_canceled);
  CHECK(s.x.phase() == phase::aborted);
  CHECK(s.x.connected());
}

TEST_CASE("reads give at least a byte, or the end again and again; short reads lose nothing") {
  for (const auto how : {completions::later, completions::inside})
    for (const auto kind : kinds) {
      CAPTURE(to_string(kind));
      client_behaviour slow;
      slow.how = how;
      slow.most_per_read = 1;
      scene s({.body = request_body::chunks({"ab", "c"})}, slow);
      s.serve(kind, [](async_exchange ex) -> task<> {
        std::string seen;
        for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) (seen += chunk) += '.';
        const auto again = co_await ex.read();
        CHECK(again.empty());
        co_await ex.respond(200, "text/plain", seen);
      });
      CHECK(s.x.take() == "a.b.c.");
      CHECK(s.x.frames().held == 0);
    }
}

TEST_CASE("bytes that had arrived are read after a disconnect; then it shows") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    scene s({.body = request_body::chunks({"kept"})});
    s.x.disconnect();
    s.serve(kind, [](async_exchange ex) -> task<> {
      CHECK(!ex.connected());
      const auto chunk = co_await ex.read();
      CHECK(chunk == "kept");
      co_await ex.read();
    });
    CHECK(!s.x.failure());                // a disconnect is no fault
    CHECK(s.x.result().how.aborted == std::errc::connection_reset);
    CHECK(s.x.result().how.status == 0);
  }
}

TEST_CASE("a client that leaves in the middle fails the write that takes it too far") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    client_behaviour impatient;
    impatient.leaves_after = 5;
    scene s({}, impatient, "GET");
    s.serve(kind, [](async_exchange ex) -> task<> {
      ex.start(200);
      for (;;) co_await ex.write("abc");
    });
    CHECK(s.x.result().how.aborted == std::errc::connection_reset);
    CHECK(!s.x.failure());
  }
}

TEST_CASE("every operation fails in its turn, with every error") {
  for (const auto how : {completions::later, completions::inside})
    for (const auto kind : kinds)
      for (const auto with : {std::errc::connection_reset, std::errc::timed_out, std::errc::operation_canceled})
        for (std::size_t k = 1; k <= 5; ++k) {
          CAPTURE(k);
          client_behaviour failing;
          failing.how = how;
          failing.fails_at = k;
          failing.fails_with = with;
          scene s({.body = request_body::chunks({"a", "b"})}, failing);
          std::error_code seen;
          s.serve(kind, [&seen](async_exchange ex) -> task<> {
            try {
              ex.start(200);
              for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
              co_await ex.finish();
            } catch (const error& e) {
              seen = e.code();
              throw;
            }
          });
          CHECK(seen == with);
          CHECK(s.x.ended());
          CHECK(s.x.frames().held == 0);
        }
}
}
