// csgi/serving/asio_executor.hpp - opt-in, as it wants Boost: an executor on an io_context, for servers made with Asio.
#pragma once
#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <csgi/asio_context.hpp>
#include <csgi/timer_queue.hpp>
#include <csgi/work_queue.hpp>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace csgi { inline namespace v1 {

/// Runs its work on the one thread that runs the io_context, and offers that to apps as csgi.asio_context. It keeps the
/// io_context from running out of work.
///
/// Threads:   made and destroyed while nobody runs the io_context; post() and here() from any; the rest by the one that runs
///            it.
/// Spec:      CSGI-CORE-012 to CSGI-CORE-017, CSGI-EXT-035 to CSGI-EXT-037
class asio_executor final : public executor, private asio_context {
 public:
  /// Errors:    boost::system::system_error.
  explicit asio_executor(boost::asio::io_context& context)
      : context_(context), wake_(context, ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    await_posts();
  }
  asio_executor(const asio_executor&) = delete;
  asio_executor& operator=(const asio_executor&) = delete;
  /// Waits for who is still inside of post().
  ~asio_executor() {
    while (posting_.load(std::memory_order_acquire) > 0) std::this_thread::yield();
  }

  void post(work& w) noexcept override {
    posting_.fetch_add(1, std::memory_order_relaxed);
    if (posted_.push(w) && !(here() && in_turn_)) wake();
    posting_.fetch_sub(1, std::memory_order_release);
  }

  begun begin_wait(timer_op& t) noexcept override {
    const auto answer = timers_.begin_wait(t);
    set_alarm();
    return answer;
  }

  bool here() const noexcept override { return context_.get_executor().running_in_this_thread(); }

  void* find(const extension_id& wanted) noexcept override {
    return wanted == asio_context::id ? static_cast<asio_context*>(this) : nullptr;
  }

 private:
  boost::asio::io_context& get() noexcept override { return context_; }

  static constexpr int most_rounds = 16;      // of work that is posted by work, before sockets get their turn

  void wake() noexcept {
    constexpr std::uint64_t one = 1;
    while (::write(wake_.native_handle(), &one, sizeof one) < 0 && errno == EINTR) continue;
  }

  void await_posts() {
    wake_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& failed) {
      if (failed) return;
      std::uint64_t count = 0;
      while (::read(wake_.native_handle(), &count, sizeof count) < 0 && errno == EINTR) continue;
      in_turn_ = true;
      for (int i = 0; i < most_rounds && !posted_.empty(); ++i) posted_.run_all();
      in_turn_ = false;
      if (!posted_.empty()) wake();
      await_posts();
    });
  }

  void set_alarm() noexcept {
    const auto next = timers_.next();
    if (next >= alarm_at_) return;
    alarm_at_ = next;
    alarm_.expires_at(next);
    alarm_.async_wait([this](const boost::system::error_code& moved) {
      if (moved) return;
      alarm_at_ = clock::time_point::max();
      timers_.expire(clock::now());
      set_alarm();
    });
  }

  boost::asio::io_context& context_;
  boost::asio::posix::stream_descriptor wake_;
  boost::asio::steady_timer alarm_{context_};
  clock::time_point alarm_at_ = clock::time_point::max();
  work_queue posted_;
  bool in_turn_ = false;
  timer_queue timers_{*this};
  std::atomic<int> posting_{0};
};

}}  // namespace csgi::v1
