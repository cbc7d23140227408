// csgi/asio_call.hpp - opt-in, and outside of csgi::api's rule: an operation that several threads may be at.
#pragma once
#include <atomic>
#include <boost/asio/cancellation_signal.hpp>
#include <csgi/executor.hpp>
#include <exception>
#include <utility>

namespace csgi { inline namespace v1 {

/// The part that all operations of Asio share: who still uses it. Asio's handler does, who initiates it does, and so does
/// a cancellation on its way to the thread of the I/O object. When the last of them has left, `done` is posted to the
/// executor of who waits: not called there and then, since a handler may run inside of anything, another coroutine of that
/// executor included.
///
/// Threads:   that of the I/O object, and that of the executor.
class asio_call : public operation {
 public:
  asio_call(const asio_call&) = delete;
  asio_call& operator=(const asio_call&) = delete;

  bool failed() const noexcept { return error || failure_; }

 protected:
  asio_call() noexcept = default;
  ~asio_call() = default;

  /// One that uses it.
  class user {
   public:
    explicit user(asio_call& of) noexcept : of_(&of) { of.users_.fetch_add(1, std::memory_order_relaxed); }
    user(user&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    user& operator=(user&&) = delete;
    ~user() { leave(); }

    void leave() noexcept {
      auto* const left = std::exchange(of_, nullptr);
      if (left && left->is_left_by_last()) left->post_done();
    }

    /// The same for who begins it and has to be told: whether it was the last, and nothing is posted.
    bool leaves_last() noexcept { return std::exchange(of_, nullptr)->is_left_by_last(); }

    /// One more, unless there is none any more.
    static user of_pending(asio_call& of) noexcept { return user(of.join() ? &of : nullptr); }

    explicit operator bool() const noexcept { return of_ != nullptr; }

   private:
    explicit user(asio_call* joined) noexcept : of_(joined) {}

    asio_call* of_;
  };

  executor* home_ = nullptr;              // of the coroutine that waits
  boost::asio::cancellation_signal signal_;
  std::exception_ptr failure_;

 private:
  bool join() noexcept {
    int users = users_.load(std::memory_order_relaxed);
    while (users > 0)
      if (users_.compare_exchange_weak(users, users + 1, std::memory_order_relaxed)) return true;
    return false;
  }

  bool is_left_by_last() noexcept { return users_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

  // `stop` stays until then, as it belongs to the executor's thread; it finds no user any more.
  void post_done() noexcept {
    run = [](work& w) noexcept {
      auto& self = static_cast<asio_call&>(w);
      self.stop = nullptr;
      self.done(self);
    };
    home_->post(*this);
  }

  std::atomic<int> users_{0};
};

}}  // namespace csgi::v1
