// sql/pool.hpp - a bounded number of connections, waited for in turn.
#pragma once
#include <csgi/operation_awaiter.hpp>
#include <memory>
#include <mutex>
#include <vector>

namespace sql {

/// Lends connections. What is lent may be none: a place for one, which the borrower opens. Connections that are given back and
/// not usable() are closed.
///
/// Lifetime:  outlives what it has lent.
/// Threads:   any; who waits is resumed on its own executor.
template <class Connection>
class pool {
 public:
  /// A place, and a connection when there is one. It goes back at the end.
  class lease {
   public:
    lease() noexcept = default;
    lease(lease&& other) noexcept : home_(std::exchange(other.home_, nullptr)), connection_(std::move(other.connection_)) {}
    lease& operator=(lease&&) = delete;
    ~lease() {
      if (home_) home_->give_back(std::move(connection_));
    }

    explicit operator bool() const noexcept { return connection_ != nullptr; }
    Connection& operator*() const noexcept { return *connection_; }
    Connection* operator->() const noexcept { return connection_.get(); }

    Connection& put(std::unique_ptr<Connection> opened) noexcept {
      connection_ = std::move(opened);
      return *connection_;
    }
    void close() noexcept { connection_.reset(); }

   private:
    friend class pool;

    pool* home_ = nullptr;
    std::unique_ptr<Connection> connection_;
  };

  pool(std::size_t places, std::size_t most_waiting) : most_waiting_(most_waiting), free_(places) { idle_.reserve(places); }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;
  ~pool() = default;

  /// `auto lease = co_await pool.take();` waits for a free place, first come, first served.
  ///
  /// Errors:    csgi::cancelled; csgi::overloaded, where too many wait.
  auto take() noexcept {
    return csgi::await_operation<"a connection to the database">(
        waiting(), [this](waiting& w, csgi::task_promise_base& promise) noexcept { return begin_take(w, promise); });
  }

  /// What is idle, taken out to be closed.
  std::vector<std::unique_ptr<Connection>> clear() {
    const std::lock_guard lock(mutex_);
    return std::exchange(idle_, {});
  }

 private:
  struct waiting : csgi::operation {
    lease result() noexcept { return std::move(lent); }
    bool failed() const noexcept { return static_cast<bool>(error); }

    lease lent;
    csgi::executor* home = nullptr;
    waiting* following = nullptr;
  };

  csgi::begun begin_take(waiting& w, csgi::task_promise_base& promise) noexcept {
    const std::lock_guard lock(mutex_);
    if (free_ > 0) {
      --free_;
      lend(w);
      return csgi::begun::completed;
    }
    w.home = promise.executor();
    if (waiting_count_ == most_waiting_ || !w.home) {
      w.error = std::make_error_code(std::errc::resource_unavailable_try_again);
      return csgi::begun::completed;
    }
    w.server = this;
    w.stop = [](csgi::operation& o) noexcept { static_cast<pool*>(o.server)->leave(static_cast<waiting&>(o)); };
    auto** last = &first_;
    while (*last) last = &(*last)->following;
    *last = &w;
    ++waiting_count_;
    return csgi::begun::pending;
  }

  void lend(waiting& w) noexcept {
    w.lent.home_ = this;
    if (idle_.empty()) return;
    w.lent.connection_ = std::move(idle_.back());
    idle_.pop_back();
  }

  // One that is not in the queue any more has its place, and is about to be resumed.
  void leave(waiting& w) noexcept {
    {
      const std::lock_guard lock(mutex_);
      auto** link = &first_;
      while (*link && *link != &w) link = &(*link)->following;
      if (!*link) return;
      *link = w.following;
      --waiting_count_;
    }
    w.error = std::make_error_code(std::errc::operation_canceled);
    csgi::post_done(*w.home, w);
  }

  void give_back(std::unique_ptr<Connection> back) noexcept {
    if (back && !back->usable()) back.reset();
    waiting* next = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (back) idle_.push_back(std::move(back));     // within what is reserved
      if (first_) {
        next = std::exchange(first_, first_->following);
        --waiting_count_;
        lend(*next);
      } else {
        ++free_;
      }
    }
    if (next) resume(*next);
  }

  // From any thread: `stop` stays until then, as it belongs to the executor's.
  static void resume(waiting& w) noexcept {
    w.run = [](csgi::work& what) noexcept {
      auto& self = static_cast<waiting&>(what);
      self.stop = nullptr;
      self.done(self);
    };
    w.home->post(w);
  }

  const std::size_t most_waiting_;
  std::mutex mutex_;                                      // of what follows
  std::size_t free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  waiting* first_ = nullptr;
  std::size_t waiting_count_ = 0;
};

}  // namespace sql
