// failures.cpp - servers that make the wrong thing of an app that fails.
#include "views.hpp"
#include "wire_faults.hpp"
#include <atomic>

namespace csgi::conformance {

namespace {

/// Of what an app throws, before its response has been committed, it makes a response of its own.
template <void (*Say)(const std::exception&, int& status, std::string& text)>
struct answers_for_the_app {
  task<> operator()(async_exchange ex, next_app app) const {
    int status = 0;
    std::string text;
    try {
      co_await app(ex);
    } catch (const csgi::error&) {
      throw;                              // which has answers of its own
    } catch (const std::exception& failure) {
      if (ex.committed()) throw;
      Say(failure, status, text);
    }
    if (status != 0) co_await ex.respond(status, "text/plain", text);
  }
};

void say_that_all_is_well(const std::exception&, int& status, std::string& text) {
  status = 200;
  text = "OK\n";
}

void say_what_was_thrown(const std::exception& failure, int& status, std::string& text) {
  status = 500;
  text = failure.what() + std::string("\n");
}

struct finishes_for_the_app {
  task<> operator()(async_exchange ex, next_app app) const {
    bool failed = false;
    try {
      co_await app(ex);
    } catch (const csgi::error&) {
      throw;
    } catch (...) {
      failed = true;
      if (ex.phase() != phase::committed) throw;
    }
    if (failed) co_await ex.finish();
  }
};

/// Helps with a field where nobody should be helped.
struct says_it_in_a_field {
  task<> operator()(async_exchange ex, next_app app) const {
    std::string what;
    try {
      co_await app(ex);
    } catch (const csgi::error&) {
      throw;
    } catch (const std::exception& failure) {
      if (ex.committed()) throw;
      what = failure.what();
    }
    if (what.empty()) co_return;
    ex.start(500, {{"x-error", what}});
    co_await ex.finish();
  }
};

/// Believes an app that its client has gone.
struct believes_in_losses {
  task<> operator()(async_exchange ex, next_app app) const {
    try {
      co_await app(ex);
    } catch (const disconnected&) {
      ex.abort(std::errc::connection_reset);
    }
  }
};

/// Of a blocking app, so that the write completes at once.
class excuses_for_aborts final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void abort(std::errc reason) noexcept override {
    if (phase() >= csgi::phase::committed) return next().abort(reason);
    next().start({500});
    write_op op;
    op.then = ending::finish;
    next().begin_write(op);
  }
};

/// Finishes when the app has ended, and does not where that has failed.
struct late_finish {
  class view final : public forwarding_exchange {
   public:
    using forwarding_exchange::forwarding_exchange;
    begun begin_write(write_op& op) noexcept override {
      if (op.then != ending::finish || head().tail() != "/throw-finished") return next().begin_write(op);
      held = op.data;
      op.error = {};
      return begun::completed;
    }
    csgi::phase phase() const noexcept override { return held ? csgi::phase::finished : next().phase(); }
    std::optional<std::string> held;
  };

  task<> operator()(async_exchange ex, next_app app) const {
    view late(ex.raw());
    co_await app(async_exchange(late));
    if (late.held) co_await ex.finish(*late.held);
  }
};

/// A failure leaves the server in disorder, which the next request finds.
struct shaken_by_failures {
  std::shared_ptr<std::atomic<bool>> shaken = std::make_shared<std::atomic<bool>>(false);

  task<> operator()(async_exchange ex, next_app app) const {
    if (shaken->exchange(false)) {
      co_await ex.respond(503, "text/plain", "in disorder\n");
      co_return;
    }
    try {
      co_await app(ex);
    } catch (const csgi::error&) {
      throw;
    } catch (...) {
      shaken->store(true);
      throw;
    }
  }
};

}  // namespace

broken_servers with_broken_failures() {
  return {
      {"says_that_all_is_well", {"CSGI-HTTP-091"},
       behind(answers_for_the_app<say_that_all_is_well>()), {"CSGI-HTTP-130", "CSGI-HTTP-131", "CSGI-EXT-017", "CSGI-HTTP-042"}},
      {"says_what_was_thrown", {"CSGI-HTTP-092"}, behind(answers_for_the_app<say_what_was_thrown>()), {"CSGI-HTTP-091"}},
      {"says_what_was_thrown_in_a_field", {"CSGI-HTTP-092"}, behind(says_it_in_a_field()), {"CSGI-HTTP-091"}},
      {"believes_that_a_client_has_gone", {"CSGI-HTTP-091"}, behind(believes_in_losses())},
      {"finishes_for_the_app", {"CSGI-HTTP-093"}, behind(finishes_for_the_app()), {"CSGI-HTTP-094"}},
      {"ends_what_it_should_reset", {"CSGI-HTTP-094"}, relayed({.server_resets_as_ends = true})},
      {.name = "excuses_itself_for_aborts", .breaks = {"CSGI-HTTP-095"},
       .make = seen_as<excuses_for_aborts>(), .besides = {"CSGI-EXT-018"}, .blocking = true},
      {"finishes_when_the_app_has_ended", {"CSGI-HTTP-096"}, behind(late_finish())},
      {.name = "is_shaken_by_failures", .breaks = {"CSGI-CORE-040"},
       .make = behind(shaken_by_failures()), .judged = broken_server::reach::alone},
  };
}

}  // namespace csgi::conformance
