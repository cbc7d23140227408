// exchanges.cpp - servers whose operations block, overlap wrongly, or end with the wrong error, and whose phases lie.
#include "views.hpp"
#include <csgi/operation_awaiter.hpp>
#include <thread>

namespace csgi::conformance {

namespace {

using namespace std::chrono_literals;

constexpr auto narrow = broken_server::reach::narrow;

/// Completes as often as it is asked to.
class unbounded_turns final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_write(write_op& op) noexcept override {
    if (phase() != csgi::phase::started || !op.data.empty() || op.then != ending::more) return next().begin_write(op);
    op.error = {};
    return begun::completed;
  }
};

/// Reads as if the thread were its own.
class blocking_reads final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_read(read_op& op) noexcept override {
    const begun how = next().begin_read(op);
    if (how == begun::pending) std::this_thread::sleep_for(1'500ms);
    return how;
  }
};

class half_duplex final : public outcome_view {
 public:
  using outcome_view::outcome_view;
  begun begin_read(read_op& op) noexcept override {
    if (!writing_) return outcome_view::begin_read(op);
    op.error = std::make_error_code(std::errc::operation_in_progress);
    return begun::completed;
  }
  begun begin_write(write_op& op) noexcept override {
    writing_ = true;
    return outcome_view::begin_write(op);
  }

 private:
  void write_ended(write_op&) noexcept override { writing_ = false; }
  bool writing_ = false;
};

/// Says that it took a second read while the first is pending.
class second_reads final : public outcome_view {
  using outcome_view::outcome_view;
  void read_ended(read_op& op) noexcept override {
    if (op.error == std::errc::operation_in_progress) op.error = {};
  }
};

/// Its errors are its own, as those of a category in another shared library.
class own_errors final : public outcome_view {
  using outcome_view::outcome_view;

  class category final : public std::error_category {
    const char* name() const noexcept override { return "own"; }
    std::string message(int) const override { return "own"; }
  };
  void read_ended(read_op& op) noexcept override {
    static const category own;
    if (op.error) op.error = {op.error.value(), own};
  }
};

class touchy final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_write(write_op& op) noexcept override {
    const begun how = next().begin_write(op);
    const bool refused = how == begun::completed && op.error == std::errc::operation_not_permitted;
    if (refused && phase() == csgi::phase::open) next().abort(std::errc::io_error);
    return how;
  }
};

class aborted_after_all final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  csgi::phase phase() const noexcept override { return aborted_ ? csgi::phase::aborted : next().phase(); }
  void abort(std::errc reason) noexcept override {
    aborted_ = true;
    next().abort(reason);
  }

 private:
  bool aborted_ = false;
};

class committed_by_any_write final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  csgi::phase phase() const noexcept override {
    return wrote_ && next().phase() == csgi::phase::started ? csgi::phase::committed : next().phase();
  }
  begun begin_write(write_op& op) noexcept override {
    wrote_ = true;
    return next().begin_write(op);
  }

 private:
  bool wrote_ = false;
};

class never_aborted final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  csgi::phase phase() const noexcept override {
    return next().phase() == csgi::phase::aborted ? csgi::phase::committed : next().phase();
  }
};

class reads_behind_the_end final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_read(read_op& op) noexcept override {
    if (phase() != csgi::phase::finished) return next().begin_read(op);
    op.error = {};
    op.chunk = {};
    return begun::completed;
  }
};

/// Runs an app whose coroutine is started as it was made.
class not_adopting final : public async_app {
 public:
  explicit not_adopting(application app) noexcept : app_(app) {}
  task<> http(async_exchange ex) override {
    task<> inner = app_.resolve(ex.head()).async().http(ex);
    auto end = await_operation<"http">(operation{}, [&inner](operation& op) noexcept { return inner.start(op); });
    co_await end;
    inner.result();
  }

 private:
  application app_;
};

std::unique_ptr<csgi::server> without_adoption(const server_options& options, sound_server sound) {
  return std::make_unique<server_around>(sound(options), [](csgi::server& inner, application app) {
    not_adopting bare(app);
    inner.run(bare);
  });
}

}  // namespace

broken_servers with_broken_exchanges() {
  return {
      {.name = "lets_one_app_have_every_turn", .breaks = {"CSGI-CORE-020"}, .make = seen_as<unbounded_turns>(), .judged = narrow},
      {.name = "blocks_in_reads", .breaks = {"CSGI-CORE-028"}, .make = seen_as<blocking_reads>(), .judged = narrow},
      {"is_half_duplex", {"CSGI-CORE-029"}, seen_as<half_duplex>(), {"CSGI-CORE-030"}},
      {"takes_second_reads", {"CSGI-CORE-030"}, seen_as<second_reads>()},
      {"has_errors_of_its_own", {"CSGI-CORE-037"}, seen_as<own_errors>(), {"CSGI-HTTP-040", "CSGI-HTTP-041"}},
      {"breaks_off_at_a_mistake", {"CSGI-CORE-039"}, seen_as<touchy>(), {"CSGI-HTTP-062", "CSGI-CORE-045", "CSGI-CORE-048"}},
      {"aborts_after_all", {"CSGI-CORE-045"}, seen_as<aborted_after_all>(), {"CSGI-CORE-047"}},
      {"is_committed_by_any_write", {"CSGI-CORE-046"}, seen_as<committed_by_any_write>()},
      {"knows_no_aborts", {"CSGI-CORE-047"}, seen_as<never_aborted>(), {"CSGI-HTTP-097"}},
      {"reads_behind_the_end", {"CSGI-CORE-048"}, seen_as<reads_behind_the_end>()},
      {.name = "adopts_nothing", .breaks = {"CSGI-CORE-071"}, .make = without_adoption, .judged = narrow},
  };
}

}  // namespace csgi::conformance
