// background_loop.cpp - see csgi/background_loop.hpp.
#include <csgi/background_loop.hpp>

namespace csgi { inline namespace v1 {

/// One coroutine. It is the executor of its own, so that it has a lane of its own.
class background_loop::item final : public csgi::executor, public work {
 public:
  item(background_loop& of, std::unique_ptr<background_work> what) : whole_(of), work_(std::move(what)) {
    run = [](work& w) noexcept {
      auto& self = static_cast<item&>(w);
      self.whole_.start(self);
    };
    end_.owner = this;
    end_.done = [](operation& op) noexcept {
      auto& self = *static_cast<item*>(op.owner);
      self.run = [](work& w) noexcept {
        auto& ended = static_cast<item&>(w);
        ended.whole_.remove(ended);
      };
      self.whole_.loop_->post(self);
    };
  }

  /// Whether it has ended at once.
  bool begin() {
    coroutine_.emplace(work_->make());
    coroutine_->settle(*this);
    if (stopped_) coroutine_->stop();
    return coroutine_->start(end_) == begun::completed;
  }

  void stop() noexcept {
    stopped_ = true;
    if (coroutine_) coroutine_->stop();
  }

  void fail(std::exception_ptr why) noexcept { failure_ = std::move(why); }
  const std::exception_ptr& failure() const noexcept { return failure_ || !coroutine_ ? failure_ : coroutine_->failure(); }

  ~item() {
    coroutine_.reset();
    if (lane_) lane_->end();
  }

  void post(work& w) noexcept override { whole_.loop_->post(w); }
  begun begin_wait(timer_op& t) noexcept override { return whole_.loop_->begin_wait(t); }
  bool here() const noexcept override { return whole_.loop_->here(); }
  void* find(const extension_id& wanted) noexcept override {
    if (wanted == background::id) return static_cast<background*>(&whole_);
    if (wanted != lane::id && wanted != helping_lane::id) return nullptr;
    try {
      if (!lane_) lane_ = std::make_shared<request_lane>(*this, whole_.threads_);
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    if (wanted == lane::id) return static_cast<lane*>(lane_.get());
    return static_cast<helping_lane*>(lane_.get());
  }

  std::list<item*>::iterator place;

 private:
  background_loop& whole_;
  std::unique_ptr<background_work> work_;
  std::optional<task<>> coroutine_;
  std::shared_ptr<request_lane> lane_;
  operation end_;
  std::exception_ptr failure_;            // of what should have given the coroutine
  bool stopped_ = false;
};

background_loop::background_loop(thread_lender& threads, std::size_t most, failure_report tell)
    : threads_(threads), most_(most), tell_(std::move(tell)) {}

background_loop::~background_loop() { close(); }

std::error_code background_loop::begin(std::unique_ptr<background_work> w) noexcept {
  try {
    auto one = std::make_unique<item>(*this, std::move(w));
    const std::lock_guard lock(mutex_);
    if (closed_) return std::make_error_code(std::errc::operation_canceled);
    if (running_ >= most_) return std::make_error_code(std::errc::resource_unavailable_try_again);
    if (!loop_) begin_thread();
    ++running_;
    loop_->post(*one.release());
    return {};
  } catch (const std::exception&) {
    return std::make_error_code(std::errc::not_enough_memory);
  }
}

void background_loop::begin_thread() {
  std::latch runs(1);
  thread_ = std::thread([this, &runs] {
    run_loop here;
    loop_ = &here;
    here.run(until_closed(runs));
  });
  runs.wait();
}

/// What keeps the loop running.
task<> background_loop::until_closed(std::latch& runs) {
  runs.count_down();
  co_await await_operation<"background">(operation{}, [this](operation& op) noexcept {
    until_closed_ = &op;
    return begun::pending;
  });
}

void background_loop::start(item& one) noexcept {
  try {
    one.place = items_.insert(items_.end(), &one);
    if (one.begin()) remove(one);
  } catch (...) {
    one.fail(std::current_exception());
    remove(one);
  }
}

void background_loop::remove(item& one) noexcept {
  const std::unique_ptr<item> ended(&one);
  items_.erase(one.place);
  if (const auto failure = one.failure()) tell_(failure);
  const std::lock_guard lock(mutex_);
  if (--running_ == 0) ended_.notify_all();
}

bool background_loop::wait(clock::duration limit) noexcept {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, limit, [this] { return running_ == 0; });
}

void background_loop::close() noexcept {
  std::unique_lock lock(mutex_);
  closed_ = true;
  if (!loop_) return;
  struct message final : work {
    background_loop* to = nullptr;
  };
  message stop, close;
  stop.to = close.to = this;
  if (running_ > 0) {
    stop.run = [](work& w) noexcept {
      for (item* each : static_cast<message&>(w).to->items_) each->stop();
    };
    loop_->post(stop);
    ended_.wait(lock, [this] { return running_ == 0; });
  }
  close.run = [](work& w) noexcept {
    operation& over = *static_cast<message&>(w).to->until_closed_;
    over.done(over);
  };
  loop_->post(close);
  loop_ = nullptr;
  lock.unlock();
  thread_.join();
}

}}  // namespace csgi::v1
