// extensions.cpp - servers whose extensions are missing, made up, or do not do what they promise.
#include "views.hpp"
#include <csgi/drain_notice.hpp>
#include <csgi/server_info.hpp>
#include <mutex>

namespace csgi::conformance {

namespace {

constexpr auto narrow = broken_server::reach::narrow;

/// What it does not know it takes for itself.
class finds_anything final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& id) noexcept override {
    return std::string_view(id.name).starts_with("csgi.") ? next().find(id) : this;
  }
};

template <class Extension>
class hides final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& id) noexcept override { return id == Extension::id ? nullptr : next().find(id); }
};

/// Another object each time.
class by_turns final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& id) noexcept override {
    if (id != finish_hooks::id) return next().find(id);
    first_.to = second_.to = static_cast<finish_hooks*>(next().find(id));
    return static_cast<finish_hooks*>(std::exchange(turn_, !turn_) ? &first_ : &second_);
  }

 private:
  struct passing final : finish_hooks {
    void add(finish_hook& hook) noexcept override { to->add(hook); }
    finish_hooks* to = nullptr;
  };
  passing first_, second_;
  bool turn_ = false;
};

using hook_list = std::vector<finish_hook*>;

/// The hooks of one exchange, run all at once; it frees itself, as hooks do.
struct hook_runner final : finish_hook {
  hook_list hooks;
  void (*run_all)(hook_list&, outcome) = nullptr;
};

/// An exchange whose hooks are run in a way of its own.
class hooked_view final : public forwarding_exchange, private finish_hooks {
 public:
  hooked_view(exchange& outer, void (*run_all)(hook_list&, outcome)) : forwarding_exchange(outer), run_all_(run_all) {}
  void* find(const extension_id& wanted) noexcept override {
    return wanted == finish_hooks::id ? static_cast<finish_hooks*>(this) : next().find(wanted);
  }

 private:
  void add(finish_hook& hook) noexcept override {
    if (runner_ == nullptr) {
      runner_ = std::make_unique<hook_runner>().release();
      runner_->run_all = run_all_;
      runner_->run = [](finish_hook& h, const outcome& how) noexcept {
        const std::unique_ptr<hook_runner> own(static_cast<hook_runner*>(&h));
        own->run_all(own->hooks, how);
      };
      static_cast<finish_hooks*>(next().find(finish_hooks::id))->add(*runner_);
    }
    runner_->hooks.push_back(&hook);
  }

  void (*run_all_)(hook_list&, outcome);
  hook_runner* runner_ = nullptr;
};

void run_first_to_last(hook_list& hooks, outcome how) {
  for (finish_hook* const each : hooks) each->run(*each, how);
}

void run_last_to_first(hook_list& hooks, outcome how) {
  for (; !hooks.empty(); hooks.pop_back()) hooks.back()->run(*hooks.back(), how);
}

/// Those of a response that broke off are kept, and never run.
void run_for_whole_responses(hook_list& hooks, outcome how) {
  static std::mutex mutex;
  static auto& forgotten = *new hook_list;      // never destroyed, so that no leak is told of what it holds
  if (!how.aborted) return run_last_to_first(hooks, how);
  const std::lock_guard lock(mutex);
  forgotten.insert(forgotten.end(), hooks.begin(), hooks.end());
}

faulty_server runs_hooks(void (*run_all)(hook_list&, outcome)) { return seen_as<hooked_view>(run_all); }

/// Runs hooks as soon as the app has written all.
class early_hooks final : public outcome_view, private finish_hooks {
 public:
  using outcome_view::outcome_view;
  ~early_hooks() { run_last_to_first(hooks_, {0, 0, std::make_error_code(std::errc::io_error)}); }
  void* find(const extension_id& wanted) noexcept override {
    return wanted == finish_hooks::id ? static_cast<finish_hooks*>(this) : next().find(wanted);
  }

 private:
  void add(finish_hook& hook) noexcept override { hooks_.push_back(&hook); }
  void write_ended(write_op& op) noexcept override {
    if (op.then == ending::finish && !op.error) run_last_to_first(hooks_, {200, op.data.size(), {}});
  }
  hook_list hooks_;
};

class nameless final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& id) noexcept override {
    static server_info nobody;
    return id == server_info::id ? &nobody : next().find(id);
  }
};

/// An exchange whose notice of draining is another one.
template <class Notice>
class notice_view final : public forwarding_exchange {
 public:
  explicit notice_view(exchange& outer) noexcept : forwarding_exchange(outer), notice_(outer) {}
  void* find(const extension_id& id) noexcept override {
    return id == drain_notice::id ? static_cast<drain_notice*>(&notice_) : next().find(id);
  }

 private:
  Notice notice_;
};

class notice : public drain_notice {
 public:
  explicit notice(exchange& outer) noexcept : outer_(outer), next_(*static_cast<drain_notice*>(outer.find(drain_notice::id))) {}
  bool draining() const noexcept override { return next_.draining(); }
  begun begin_draining(operation& op) noexcept override { return next_.begin_draining(op); }

 protected:
  ~notice() = default;
  exchange& outer_;
  drain_notice& next_;
};

struct never_draining final : notice {
  using notice::notice;
  bool draining() const noexcept override { return false; }
};

struct unawaitable final : notice {
  using notice::notice;
  begun begin_draining(operation& op) noexcept override {
    op.error = std::make_error_code(std::errc::operation_not_supported);
    return begun::completed;
  }
};

struct for_many final : notice {
  using notice::notice;
  begun begin_draining(operation& op) noexcept override {
    const begun how = next_.begin_draining(op);
    if (how == begun::completed && op.error == std::errc::operation_in_progress) op.error = {};
    return how;
  }
};

/// Tells nobody, until the request is to end.
struct silent_notice final : notice {
  using notice::notice;
  bool draining() const noexcept override { return false; }
  begun begin_draining(operation& op) noexcept override {
    op.server = &outer_.executor();
    op.stop = [](operation& o) noexcept {
      o.error = std::make_error_code(std::errc::operation_canceled);
      post_done(*static_cast<executor*>(o.server), o);
    };
    return begun::pending;
  }
};

}  // namespace

broken_servers with_broken_extensions() {
  const std::vector<std::string> of_hooks = {"CSGI-EXT-003", "CSGI-EXT-012", "CSGI-EXT-013", "CSGI-EXT-017", "CSGI-EXT-019"};
  return {
      {"finds_anything", {"CSGI-EXT-001"}, seen_as<finds_anything>()},
      {"finds_another_each_time", {"CSGI-EXT-003"}, seen_as<by_turns>()},
      {"has_no_hooks", {"CSGI-EXT-011"}, seen_as<hides<finish_hooks>>(), of_hooks},
      {"forgets_hooks_of_what_broke_off", {"CSGI-EXT-012"}, runs_hooks(run_for_whole_responses)},
      {"runs_hooks_early", {"CSGI-EXT-013"},
       seen_as<early_hooks>(), {"CSGI-EXT-012", "CSGI-EXT-019"}},      // before there is an outcome
      {"runs_hooks_in_order_of_adding", {"CSGI-EXT-014"},
       runs_hooks(run_first_to_last), {"CSGI-EXT-019", "CSGI-EXT-012"}},    // seen in order
      {"has_one_thread_for_apps_and_hooks", {"CSGI-EXT-015"}, with([](server_options& o) { o.threads = 1; }), {}, narrow, true},
      {"tells_hooks_of_another_status", {"CSGI-EXT-017", "CSGI-WS-034"}, runs_hooks([](hook_list& hooks, outcome how) {
         how.status = 200;
         run_last_to_first(hooks, how);
       })},
      {"tells_hooks_that_all_is_whole", {"CSGI-EXT-018"}, runs_hooks([](hook_list& hooks, outcome how) {
         how.aborted = {};
         run_last_to_first(hooks, how);
       })},
      {"tells_hooks_of_no_loss", {"CSGI-EXT-018"}, runs_hooks([](hook_list& hooks, outcome how) {
         if (how.aborted == std::errc::connection_reset) how.aborted = std::make_error_code(std::errc::io_error);
         run_last_to_first(hooks, how);
       })},
      {"counts_more_than_the_body", {"CSGI-EXT-019"}, runs_hooks([](hook_list& hooks, outcome how) {
         how.body_bytes += 5;
         run_last_to_first(hooks, how);
       }), {"CSGI-EXT-012"}},
      {"has_no_name", {"CSGI-EXT-030"}, seen_as<nameless>()},
      {"denies_that_it_drains", {"CSGI-EXT-041"}, seen_as<notice_view<never_draining>>()},
      {"lets_nobody_wait_for_draining", {"CSGI-EXT-042"}, seen_as<notice_view<unawaitable>>(), {"CSGI-EXT-043"}},
      {"lets_many_wait_for_draining", {"CSGI-EXT-043"}, seen_as<notice_view<for_many>>()},
      {"tells_nobody_that_it_drains", {"CSGI-SERVER-021"}, seen_as<notice_view<silent_notice>>(), {}, narrow},
  };
}

}  // namespace csgi::conformance
