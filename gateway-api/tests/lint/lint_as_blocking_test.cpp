// as_blocking is a server to its app: what it tells of operations that pend has to be what the rules say.
#include "linted.hpp"
#include <csgi/as_blocking.hpp>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

struct bridged final : blocking_app {
  explicit bridged(lint& app) noexcept : inside(app) {}
  void http(blocking_exchange ex) override { as_blocking(inside.choose(ex.head()).async()).http(ex); }
  lint& inside;
};

/// What the lint between as_blocking and its app says.
struct behind_as_blocking : linted {
  template <class Behaviour>
  explicit behind_as_blocking(Behaviour behaviour) {
    app.emplace(app_kind::async, std::move(behaviour));
    checked.emplace(*app, settings());
    bridged around(*checked);
    on.x.serve(around);
  }
};

const field four[] = {{"content-length", "4"}};

struct begun_write {
  begun_write(async_exchange ex, std::string_view data, ending then) {
    op.data = data;
    op.then = then;
    op.owner = this;
    op.done = [](operation& o) noexcept { static_cast<begun_write*>(o.owner)->over = true; };
    over = ex.raw().begin_write(op) == begun::completed;
  }
  begun_write(const begun_write&) = delete;
  begun_write& operator=(const begun_write&) = delete;

  write_op op;
  bool over = false;
};

task<> until(async_exchange ex, const bool& over) {
  while (!over) co_await ex.sleep_for(std::chrono::milliseconds(1));
}

}  // namespace

TEST_SUITE("lint: as_blocking") {
TEST_CASE("CSGI-CORE-046: a write that pends was taken, and the phase says so") {
  behind_as_blocking parts([](async_exchange ex) -> task<> {
    ex.start(200);
    const begun_write first(ex, "one", ending::more);
    CHECK(ex.phase() == phase::committed);
    CHECK(ex.raw().start({201}) == std::errc::operation_not_permitted);
    co_await until(ex, first.over);
    const begun_write last(ex, "two", ending::finish);
    CHECK_FALSE(last.over);
    CHECK(ex.phase() == phase::finished);
    read_op read;
    CHECK(ex.raw().begin_read(read) == begun::completed);
    CHECK(read.error == std::errc::operation_not_permitted);
    co_await until(ex, last.over);
    CHECK_FALSE(last.op.error);
  });
  CHECK(parts.on.x.result().status == 200);
  CHECK(parts.on.x.take() == "onetwo");

  behind_as_blocking plain(answer);
  CHECK(plain.text() == "");
}

TEST_CASE("CSGI-HTTP-080: a write beyond the declared length is refused at once") {
  behind_as_blocking too_much([](async_exchange ex) -> task<> {
    ex.raw().start({.status = 200, .fields = four});
    const begun_write refused(ex, "fives", ending::more);
    CHECK(refused.over);
    CHECK(refused.op.error == std::errc::message_size);
    CHECK(ex.phase() == phase::started);
    co_await ex.finish("four");
  });
  CHECK_FALSE(too_much.has("(server)"));
  CHECK(too_much.on.x.take() == "four");
}

TEST_CASE("CSGI-HTTP-081: a finish short of the declared length is refused at once, and aborts") {
  behind_as_blocking too_little([](async_exchange ex) -> task<> {
    ex.raw().start({.status = 200, .fields = four});
    const begun_write refused(ex, "two", ending::finish);
    CHECK(refused.over);
    CHECK(refused.op.error == std::errc::bad_message);
    CHECK(ex.phase() == phase::aborted);
    co_return;
  });
  CHECK_FALSE(too_little.has("(server)"));
}
}
