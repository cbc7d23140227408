// background_work_here.cpp - see background_work_here.hpp.
#include "background_work_here.hpp"

namespace csgi::testing {

/// One coroutine, the executor of its own, so that it has a lane of its own.
class client::background_work_here::item final : public executor, public work {
 public:
  item(background_work_here& of, std::unique_ptr<background_work> what) : whole_(of), work_(std::move(what)) {
    run = [](work& w) noexcept {
      auto& self = static_cast<item&>(w);
      self.whole_.start(self);
    };
    end_.owner = this;
    end_.done = [](operation& op) noexcept {
      auto& self = *static_cast<item*>(op.owner);
      self.run = [](work& w) noexcept {
        auto& over = static_cast<item&>(w);
        over.whole_.remove(over);
      };
      self.post(self);
    };
  }

  /// Whether it has ended at once.
  bool begin() {
    coroutine_.emplace(work_->make());
    coroutine_->settle(*this);
    if (whole_.closed_) coroutine_->stop();
    return coroutine_->start(end_) == begun::completed;
  }

  void stop() noexcept {
    if (coroutine_) coroutine_->stop();
  }

  void rethrow() {
    if (coroutine_) coroutine_->result();
  }

  void post(work& w) noexcept override { whole_.client_.loop_.post(w); }
  begun begin_wait(timer_op& t) noexcept override { return whole_.client_.loop_.begin_wait(t); }
  bool here() const noexcept override { return whole_.client_.loop_.here(); }
  void* find(const extension_id& wanted) noexcept override {
    if (wanted == background::id) return static_cast<background*>(&whole_);
    if (wanted != lane::id && wanted != helping_lane::id) return nullptr;
    if (!lane_) lane_.emplace(whole_.client_.loop_, whole_.client_.threads_);
    if (wanted == lane::id) return static_cast<lane*>(&*lane_);
    return static_cast<helping_lane*>(&*lane_);
  }

 private:
  background_work_here& whole_;
  std::unique_ptr<background_work> work_;
  std::optional<counted_lane> lane_;
  std::optional<task<>> coroutine_;
  operation end_;
};

std::error_code client::background_work_here::begin(std::unique_ptr<background_work> w) noexcept {
  constexpr std::size_t most = 1024;
  if (closed_) return std::make_error_code(std::errc::operation_canceled);
  if (++running_ > most) {
    --running_;
    return std::make_error_code(std::errc::resource_unavailable_try_again);
  }
  client_.loop_.post(*std::make_unique<item>(*this, std::move(w)).release());
  return {};
}

void client::background_work_here::start(item& one) noexcept {
  items_.push_back(&one);
  try {
    if (one.begin()) remove(one);
  } catch (const std::exception& e) {
    client_.log(log_level::error, std::string("background work threw ") + e.what());
    remove(one);
  }
}

void client::background_work_here::remove(item& one) noexcept {
  const std::unique_ptr<item> over(&one);
  items_.remove(&one);
  try {
    one.rethrow();
  } catch (const cancelled&) {
    if (!closed_) client_.log(log_level::error, "background work ended as if stopped");
  } catch (const std::exception& e) {
    client_.log(log_level::error, std::string("background work threw ") + e.what());
  } catch (...) {
    client_.log(log_level::error, "background work threw something that is not a std::exception");
  }
  --running_;
}

void client::background_work_here::close(clock::duration grace) noexcept {
  auto& loop = client_.loop_;
  if (running_ > 0 && grace > clock::duration::zero()) {
    struct limit final : timer_op {
      bool over = false;
    } timer;
    timer.at = clock::now() + grace;
    timer.done = [](operation& op) noexcept { static_cast<limit&>(op).over = true; };
    loop.begin_wait(timer);
    loop.turn_until([&] { return timer.over || running_ == 0; });
    cancel(timer);
    loop.turn_until([&] { return timer.over; });
  }
  closed_ = true;
  for (item* each : items_) each->stop();
  if (!wait()) std::terminate();          // coroutines neither to be resumed nor to be destroyed
}

}  // namespace csgi::testing
