// as_async.cpp - see csgi/as_async.hpp.
#include <csgi/as_async.hpp>
#include <csgi/background.hpp>
#include <csgi/frame_memory.hpp>
#include <csgi/server_info.hpp>
#include <csgi/storage.hpp>
#include <csgi/to_thread.hpp>
#include <csgi/work_queue.hpp>
#include <thread>

namespace csgi { inline namespace v1 {

namespace {

/// Has things done on the request's executor, while the lane's thread waits, and helps.
class ferry {
 public:
  /// Requires:  on the lane's thread, inside a call.
  ferry(exchange& over, helping_lane& lane) noexcept : exchange_(over), lane_(lane), call_(*lane.current()) {}

  /// Calls `f()` there.
  template <class F>
  void call(F f) noexcept {
    struct errand final : work {
      F* f = nullptr;
      ferry* by = nullptr;
      std::atomic<bool> over{false};
    } one;
    one.f = &f;
    one.by = this;
    one.run = [](work& w) noexcept {
      auto& self = static_cast<errand&>(w);
      (*self.f)();
      self.by->lane_.end_help(self.over);
    };
    send(one, one.over);
  }

  /// Begins a copy of `op` there, by `begin`, and gives back its outcome when it has ended. A stop of the request ends it.
  template <class Operation, class Begin>
  begun perform(Operation& op, Begin begin) noexcept {
    struct errand final : Operation {
      errand(const Operation& like, Begin& how, ferry& of) noexcept : Operation(like), start(how), by(of) {}
      void end() noexcept {
        by.call_.forward_stop = nullptr;
        by.lane_.end_help(over);
      }
      Begin& start;
      ferry& by;
      std::atomic<bool> over{false};
    } one(op, begin, *this);
    one.run = [](work& w) noexcept {
      auto& self = static_cast<errand&>(static_cast<Operation&>(w));
      blocking_call& within = self.by.call_;
      if (std::atomic_ref(within.stopped).load(std::memory_order_relaxed)) {
        self.error = std::make_error_code(std::errc::operation_canceled);
        return self.end();
      }
      within.waits_for = static_cast<operation*>(&self);
      within.forward_stop = [](blocking_call& c) noexcept { cancel(*static_cast<operation*>(c.waits_for)); };
      if (self.start(self) == begun::completed) self.end();
    };
    one.done = [](operation& o) noexcept { static_cast<errand&>(static_cast<Operation&>(o)).end(); };
    send(one, one.over);
    op.error = one.error;
    if constexpr (std::is_same_v<Operation, read_op>) op.chunk = one.chunk;
    return begun::completed;
  }

 private:
  void send(work& w, const std::atomic<bool>& over) noexcept {
    lane_.begin_help();
    exchange_.executor().post(w);
    lane_.help_until(over);
  }

  exchange& exchange_;
  helping_lane& lane_;
  blocking_call& call_;
};

/// A blocking app's hooks may block, an async app's must not: these go to the background, all of an exchange's together.
class blocking_hooks final : public finish_hook {
 public:
  explicit blocking_hooks(background* where) noexcept : where_(where) {
    run = [](finish_hook& h, const outcome& how) noexcept {
      std::unique_ptr<blocking_hooks> self(static_cast<blocking_hooks*>(&h));
      self->how_ = how;
      if (!self->where_) return self->run_all();
      background& there = *self->where_;
      try {
        static_cast<void>(there.begin(std::make_unique<job>(std::move(self))));   // one that is refused runs them at its end
      } catch (const std::bad_alloc&) {
        self->run_all();
      }
    };
  }

  void push(finish_hook& hook) noexcept {
    hook.next = first_;
    first_ = &hook;
  }

 private:
  /// Runs them on its lane; where it is not let, as when the server hurries, when it ends.
  struct job final : background_work {
    explicit job(std::unique_ptr<blocking_hooks> what) noexcept : hooks(std::move(what)) {}
    ~job() override { hooks->run_all(); }
    task<> make() override { return perform(*hooks); }
    static task<> perform(blocking_hooks& hooks) {
      auto call = to_thread([&hooks] { hooks.run_all(); });
      co_await call;
    }
    std::unique_ptr<blocking_hooks> hooks;
  };

  void run_all() noexcept {
    while (first_) {
      finish_hook& hook = *first_;
      first_ = hook.next;           // the hook may free itself
      hook.run(hook, how_);
    }
  }

  background* where_;
  finish_hook* first_ = nullptr;
  outcome how_;
};

/// The exchange as the blocking app sees it, on the lane's thread.
class lane_exchange final : public exchange, private csgi::executor, private file_sender, private finish_hooks {
 public:
  lane_exchange(exchange& outer, helping_lane& lane) noexcept : outer_(outer), there_(outer, lane) {}
  lane_exchange(const lane_exchange&) = delete;
  lane_exchange& operator=(const lane_exchange&) = delete;

  /// What the app posted and has not waited for runs now at the latest.
  ~lane_exchange() { posted_.run_all(); }

  const request& head() const noexcept override { return outer_.head(); }
  csgi::executor& executor() noexcept override { return *this; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }

  bool connected() noexcept override {
    bool answer = false;
    there_.call([&]() noexcept { answer = outer_.connected(); });
    return answer;
  }
  csgi::phase phase() const noexcept override {
    csgi::phase answer{};
    there_.call([&]() noexcept { answer = outer_.phase(); });
    return answer;
  }
  std::error_code start(const response_head& head) noexcept override {
    posted_.run_all();
    std::error_code answer;
    there_.call([&]() noexcept { answer = outer_.start(head); });
    return answer;
  }
  begun begin_read(read_op& op) noexcept override {
    posted_.run_all();
    return there_.perform(op, [this](read_op& o) noexcept { return outer_.begin_read(o); });
  }
  begun begin_write(write_op& op) noexcept override {
    posted_.run_all();
    return there_.perform(op, [this](write_op& o) noexcept { return outer_.begin_write(o); });
  }
  begun begin_gone(operation& op) noexcept override {
    op.error = std::make_error_code(std::errc::operation_not_supported);
    return begun::completed;
  }
  void abort(std::errc reason) noexcept override {
    there_.call([&]() noexcept { outer_.abort(reason); });
  }

  /// Those alone that can be called from this thread, or are brought over here: nobody knows where others may be called.
  void* find(const extension_id& wanted) noexcept override {
    if (wanted == finish_hooks::id) return static_cast<finish_hooks*>(this);
    if (wanted == file_sender::id) return found(wanted) ? static_cast<file_sender*>(this) : nullptr;
    if (wanted == log_sink::id || wanted == server_info::id || wanted == background::id || wanted == storage::id) return found(wanted);
    return nullptr;
  }

 private:
  void* found(const extension_id& wanted) noexcept {
    void* answer = nullptr;
    there_.call([&]() noexcept { answer = outer_.find(wanted); });
    return answer;
  }

  // csgi::executor: posted work runs here at the next operation
  void post(work& w) noexcept override { posted_.push(w); }
  begun begin_wait(timer_op& t) noexcept override {
    posted_.run_all();
    const begun ended = there_.perform(t, [this](timer_op& o) noexcept { return outer_.executor().begin_wait(o); });
    posted_.run_all();
    return ended;
  }
  bool here() const noexcept override { return thread_ == std::this_thread::get_id(); }

  begun begin_send_file(file_op& op) noexcept override {
    posted_.run_all();
    return there_.perform(op, [this](file_op& o) noexcept { return static_cast<file_sender*>(outer_.find(file_sender::id))->begin_send_file(o); });
  }

  void add(finish_hook& hook) noexcept override;

  exchange& outer_;
  mutable ferry there_;
  frame_memory memory_;
  work_queue posted_;
  const std::thread::id thread_ = std::this_thread::get_id();
  blocking_hooks* hooks_ = nullptr;       // the outer exchange's
};

void lane_exchange::add(finish_hook& hook) noexcept {
  if (!hooks_) {
    auto* const where = static_cast<background*>(found(background::id));
    hooks_ = new (std::nothrow) blocking_hooks(where);
    finish_hook& first = hooks_ ? *hooks_ : hook;
    there_.call([&]() noexcept { static_cast<finish_hooks*>(outer_.find(finish_hooks::id))->add(first); });
    if (!hooks_) return;
  }
  hooks_->push(hook);
}

}  // namespace

task<> as_async::http(async_exchange ex) {
  auto* const lane = ex.find<helping_lane>();
  if (!lane) raise(std::make_error_code(std::errc::operation_not_supported), "a blocking app without a lane");
  auto call = to_thread([&] {
    lane_exchange view(ex.raw(), *lane);
    app_.http(blocking_exchange(view));
  });
  co_await call;
}

task<> as_async::startup(server_context& server) {
  auto call = to_thread([&] { app_.startup(server); });
  co_await call;
}

task<> as_async::shutdown() {
  auto call = to_thread([this] { app_.shutdown(); });
  co_await call;
}

}}  // namespace csgi::v1
