// What a lint says of a server's faults: what it does at calls, and for the app's run.
#include "faulty_server.hpp"
#include <csgi/finish_hooks.hpp>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

task<> flushing(async_exchange ex) {
  ex.start(200, {{"content-length", "4"}});
  co_await ex.write("four");
  co_await ex.finish();
}

}  // namespace

TEST_SUITE("lint: servers") {
TEST_CASE("CSGI-CORE-022: done is called once, and not inside begin") {
  struct inside final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      op.error = {};
      op.done(op);
      return begun::pending;
    }
  };
  CHECK(said<inside>(app_kind::async, reading) == line("CSGI-CORE-022", "done called inside begin", "done"));

  struct again final : fault_view {
    using fault_view::fault_view;
    begun begin_write(write_op& op) noexcept override {
      const begun ended = next().begin_write(op);
      if (ended == begun::completed) op.done(op);
      else last = &op;
      return ended;
    }
    csgi::phase phase() const noexcept override {
      if (last && next().phase() == csgi::phase::finished && !twice) {
        twice = true;
        auto& e = const_cast<again*>(this)->executor();
        late.owner = last;
        late.run = [](work& w) noexcept {
          auto& written = *static_cast<operation*>(static_cast<operation&>(w).owner);
          written.done(written);
        };
        e.post(late);
      }
      return next().phase();
    }
    write_op* last = nullptr;
    mutable bool twice = false;
    mutable operation late;
  };
  CHECK(said<again>(app_kind::async, [](async_exchange ex) -> task<> {
    co_await answer(ex);
    co_await ex.sleep_for(std::chrono::milliseconds(1));
    co_await ex.sleep_for(std::chrono::milliseconds(1));
  }) == line("CSGI-CORE-022", "done called for an operation that was not pending", "done"));
}

TEST_CASE("CSGI-CORE-027: a blocking app is never told pending; CSGI-HTTP-100: nor can it wait for the peer") {
  struct pends final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      next().begin_read(op);
      return begun::pending;
    }
    begun begin_gone(operation& op) noexcept override {
      op.error = {};
      return begun::completed;
    }
  };
  CHECK(said<pends>(app_kind::blocking, [](async_exchange ex) -> task<> {
    read_op op;
    ex.raw().begin_read(op);
    operation gone;
    ex.raw().begin_gone(gone);
    co_await answer(ex);
  }) == line("CSGI-CORE-027", "pending was the answer to a blocking app", "http()") +
        line("CSGI-HTTP-099", "a wait for the peer's going ended without a reason", "begin_gone()") +
        line("CSGI-HTTP-100", "a blocking app can wait for the peer's going", "begin_gone()"));
}

TEST_CASE("CSGI-CORE-037: an error is one that the operation may have") {
  struct odd final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      op.error = std::make_error_code(std::errc::address_in_use);
      op.chunk = "bytes";
      return begun::completed;
    }
  };
  for (const auto kind : both_kinds)
    CHECK(said<odd>(kind, reading) == line("CSGI-CORE-037", "an error that is not among those of the operation", "begin_read()") +
                                          line("CSGI-CORE-024", "a read that failed, and has a chunk", "begin_read()"));
}

TEST_CASE("CSGI-CORE-045 to 047: phases tell what was done, and never go back") {
  struct stuck final : fault_view {
    using fault_view::fault_view;
    csgi::phase phase() const noexcept override { return csgi::phase::open; }
  };
  const auto text = said<stuck>(app_kind::async, flushing);
  CHECK(text.find(line("CSGI-CORE-046", "the phase is not started after start()", "start()")) == 0);

  struct backwards final : fault_view {
    using fault_view::fault_view;
    csgi::phase phase() const noexcept override {
      const auto now = next().phase();
      return now == csgi::phase::finished ? csgi::phase::started : now;
    }
  };
  CHECK(said<backwards>(app_kind::async, flushing) ==
        line("CSGI-CORE-045", "the phase went back", "begin_write()") +
            line("CSGI-CORE-046", "the phase does not tell what was written", "begin_write()") +
            "lint: CSGI-HTTP-064 (app): done without having finished or aborted its response, in http()\n");

  struct unmoved final : fault_view {
    using fault_view::fault_view;
    void abort(std::errc) noexcept override {}
  };
  CHECK(said<unmoved>(app_kind::blocking, [](async_exchange ex) -> task<> {
    ex.abort(std::errc::io_error);
    co_await answer(ex);
  }).starts_with(line("CSGI-CORE-047", "the response was aborted, and the phase does not tell", "abort()")));
}

TEST_CASE("calls that must be refused, and are taken; calls that need not, and are refused") {
  struct lenient final : fault_view {
    using fault_view::fault_view;
    std::error_code start(const response_head&) noexcept override { return {}; }
    begun begin_write(write_op& op) noexcept override {
      op.error = {};
      return begun::completed;
    }
    csgi::phase phase() const noexcept override { return now; }
    csgi::phase now = csgi::phase::open;
  };
  const auto text = said<lenient>(app_kind::blocking, [](async_exchange ex) -> task<> {
    co_await ex.write("early");
    ex.raw().start({99});
  });
  CHECK(text.find(line("CSGI-HTTP-063", "a write before start was taken", "begin_write()")) != text.npos);
  CHECK(text.find(line("CSGI-HTTP-057", "a head that may not be sent was taken", "start()")) != text.npos);

  struct late final : fault_view {
    using fault_view::fault_view;
    std::error_code start(const response_head& h) noexcept override {
      next().start(h);
      return {};
    }
    begun begin_write(write_op& op) noexcept override {
      const begun ended = next().begin_write(op);
      op.error = {};
      return ended;
    }
  };
  const auto more = said<late>(app_kind::blocking, [](async_exchange ex) -> task<> {
    ex.start(200, {{"content-length", "2"}});
    co_await ex.write("three");
    co_await ex.write("1");
    ex.start(500);
    co_await ex.finish();
    co_await ex.write("late");
  });
  const auto too_long = line("CSGI-HTTP-080", "more body bytes than the declared Content-Length were taken", "begin_write()");
  CHECK(more.find(too_long) != more.npos);
  CHECK(more.find(line("CSGI-HTTP-062", "a start after commit was taken", "start()")) != more.npos);
  CHECK(more.find(line("CSGI-CORE-048", "a call after the end of the response was taken", "begin_write()")) != more.npos);

  struct unduly final : fault_view {
    using fault_view::fault_view;
    begun begin_write(write_op& op) noexcept override {
      op.error = std::make_error_code(std::errc::operation_in_progress);
      return begun::completed;
    }
  };
  CHECK(said<unduly>(app_kind::async, answer) ==
        line("CSGI-CORE-029", "refused as out of turn, or as a second one, and is neither", "begin_write()"));
}

TEST_CASE("CSGI-EXT-013, CSGI-EXT-014, CSGI-EXT-018: finish hooks") {
  struct hasty final : fault_view, finish_hooks {
    using fault_view::fault_view;
    void* find(const extension_id& asked) noexcept override {
      return asked == finish_hooks::id ? static_cast<finish_hooks*>(this) : next().find(asked);
    }
    void add(finish_hook& hook) noexcept override {
      if (!first) first = &hook;
      else first->run(*std::exchange(first, nullptr), {}), hook.run(hook, {});
    }
    finish_hook* first = nullptr;
  };
  CHECK(said<hasty>(app_kind::async, [](async_exchange ex) -> task<> {
    ex.on_finish([](const outcome&) {});
    ex.abort(std::errc::io_error);
    ex.on_finish([](const outcome&) {});
    co_return;
  }) == line("CSGI-EXT-013", "a finish hook ran before the app was done", "finish_hook::run()") +
        line("CSGI-EXT-014", "finish hooks ran in another order than the last added first", "finish_hook::run()") +
        line("CSGI-EXT-018", "a finish hook was told that an aborted response is whole", "finish_hook::run()"));
}

TEST_CASE("CSGI-CORE-011: an async app belongs on its executor; what it calls from elsewhere is not its fault") {
  struct elsewhere final : fault_view {
    explicit elsewhere(exchange& x) : fault_view(x), far(x.executor()) {}
    struct far_executor final : csgi::executor {
      explicit far_executor(csgi::executor& e) : near(e) {}
      void post(work& w) noexcept override { near.post(w); }
      begun begin_wait(timer_op& t) noexcept override { return near.begin_wait(t); }
      bool here() const noexcept override { return false; }
      csgi::executor& near;
    };
    csgi::executor& executor() noexcept override { return far; }
    far_executor far;
  };
  CHECK(said<elsewhere>(app_kind::async, answer) ==
        line("CSGI-CORE-011", "the app was called elsewhere than on its executor", "http()"));
}

TEST_CASE("CSGI-CORE-002: a coroutine that is destroyed while it is suspended") {
  struct waiting final : async_app {
    task<> http(async_exchange ex) override { return wait(ex); }
    static task<> wait(async_exchange) { co_await std::suspend_always(); }
  } app;
  reports told;
  lint checked(app, told.settings());
  scene s;
  {
    operation end;
    auto coroutine = application(checked).resolve(s.x.head()).async().http(async_exchange(s.x));
    CHECK(coroutine.start(end) == begun::pending);
  }
  CHECK(told.text() == line("CSGI-CORE-002", "the coroutine was destroyed while it was suspended", "http()"));
}

TEST_CASE("CSGI-CORE-031: done inside cancel()") {
  struct eager final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      op.stop = [](operation& o) noexcept {
        o.error = std::make_error_code(std::errc::operation_canceled);
        o.done(o);
      };
      return begun::pending;
    }
  };
  CHECK(said<eager>(app_kind::async, [](async_exchange ex) -> task<> {
    read_op op;
    op.done = [](operation&) noexcept {};
    CHECK(ex.raw().begin_read(op) == begun::pending);
    cancel(op);
    co_await answer(ex);
  }) == line("CSGI-CORE-031", "done called inside cancel()", "done"));
}

TEST_CASE("CSGI-CORE-007: done called for an app that is done") {
  static operation* kept;
  struct keeping final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      kept = &op;
      return begun::pending;
    }
  };
  linted one;
  read_op left_behind;
  one.serve_behind(behind<keeping>(), app_kind::async, [&](async_exchange ex) -> task<> {
    ex.raw().begin_read(left_behind);
    co_await answer(ex);
  });
  kept->done(*kept);
  CHECK(one.text() == "lint: CSGI-CORE-006 (app): done while an operation is pending, in http()\n" +
                          line("CSGI-CORE-007", "done called when the app was done", "done"));
}

TEST_CASE("CSGI-CORE-030, CSGI-HTTP-081: a second operation, and a finish that falls short, that are taken") {
  struct generous final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      op.error = {};
      op.chunk = {};
      op.stop = nullptr;
      return ++reads == 1 ? begun::pending : begun::completed;
    }
    begun begin_write(write_op& op) noexcept override {
      op.error = {};
      return begun::completed;
    }
    int reads = 0;
  };
  const auto text = said<generous>(app_kind::async, [](async_exchange ex) -> task<> {
    read_op first, second;
    ex.raw().begin_read(first);
    ex.raw().begin_read(second);
    ex.start(200, {{"content-length", "2"}});
    co_await ex.finish("1");
  });
  CHECK(text.find(line("CSGI-CORE-030", "a second operation of a kind was taken", "begin_read()")) != text.npos);
  const auto too_short = line("CSGI-HTTP-081", "a finish short of the declared Content-Length was taken", "begin_write()");
  CHECK(text.find(too_short) != text.npos);
}
}
