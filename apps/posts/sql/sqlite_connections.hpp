// sql/sqlite_connections.hpp - a bounded number of connections to SQLite, waited for where it is used: on threads that may block.
#pragma once
#include "sqlite_connection.hpp"
#include "sqlite_database.hpp"
#include <condition_variable>
#include <mutex>
#include <vector>

namespace sql {

/// Lends connections, opened when there is none.
///
/// Who waits keeps a thread; who is waited for has one already, so it goes on.
/// Lifetime:  outlives what it has lent.
/// Threads:   any.
class sqlite_connections {
 public:
  using access = sqlite_connection::access;

  class lease {
   public:
    lease() noexcept = default;
    lease(lease&& other) noexcept : home_(std::exchange(other.home_, nullptr)), connection_(std::move(other.connection_)) {}
    lease& operator=(lease&& other) noexcept {
      std::swap(home_, other.home_);
      std::swap(connection_, other.connection_);
      return *this;
    }
    /// What is not committed is undone.
    ~lease() {
      if (home_) home_->give_back(std::move(connection_));
    }

    sqlite_connection* operator->() const noexcept { return connection_.get(); }

   private:
    friend class sqlite_connections;
    explicit lease(sqlite_connections& home) noexcept : home_(&home) {}

    sqlite_connections* home_ = nullptr;
    std::unique_ptr<sqlite_connection> connection_;
  };

  sqlite_connections(const sqlite_settings& settings, access how, std::size_t places)
      : settings_(settings), how_(how), free_(places) {
    idle_.reserve(places);
  }

  /// Blocks:    for a free place, as long as for a lock; for files.
  /// Errors:    unavailable; failure.
  lease take() {
    auto taken = lease_of_place();
    if (!taken.connection_) taken.connection_ = std::make_unique<sqlite_connection>(settings_.file, how_, settings_.patience);
    return taken;
  }

  /// Blocks:    the last one to close may have to move the write-ahead log into the file.
  void clear() {
    const std::lock_guard lock(mutex_);
    idle_.clear();
  }

 private:
  lease lease_of_place() {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, settings_.patience, [this] { return free_ > 0; })) throw unavailable("all connections are in use");
    --free_;
    lease taken(*this);
    if (idle_.empty()) return taken;
    taken.connection_ = std::move(idle_.back());
    idle_.pop_back();
    return taken;
  }

  void give_back(std::unique_ptr<sqlite_connection> back) noexcept {
    if (back) back->roll_back();
    {
      const std::lock_guard lock(mutex_);
      if (back && back->usable()) idle_.push_back(std::move(back));     // within what is reserved
      ++free_;
    }
    freed_.notify_one();
  }

  const sqlite_settings& settings_;
  const access how_;
  std::mutex mutex_;                                                    // of what follows
  std::condition_variable freed_;
  std::size_t free_;
  std::vector<std::unique_ptr<sqlite_connection>> idle_;
};

}  // namespace sql
