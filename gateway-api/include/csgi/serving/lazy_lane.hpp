// csgi/serving/lazy_lane.hpp - a lane that is made when it is first asked for.
#pragma once
#include <csgi/request_lane.hpp>

namespace csgi { inline namespace v1 {

/// What the exchange of an async app answers find() of csgi.lane and csgi.helping_lane with.
///
/// Threads:   the executor's, but for find() once it has given a lane.
class lazy_lane {
 public:
  /// Lifetime:  all borrowed.
  lazy_lane(executor& home, thread_lender& threads, clock::duration patience = request_lane::usual_patience,
            clock::duration for_thread = clock::duration::zero()) noexcept
      : home_(home), threads_(threads), patience_(patience), for_thread_(for_thread) {}
  lazy_lane(const lazy_lane&) = delete;
  lazy_lane& operator=(const lazy_lane&) = delete;
  ~lazy_lane() { end(); }

  /// The extension, or null: it is another one, or there is no memory.
  void* find(const extension_id& wanted) noexcept {
    if (wanted != lane::id && wanted != helping_lane::id) return nullptr;
    try {
      if (!lane_) lane_ = std::make_shared<request_lane>(home_, threads_, patience_, for_thread_);
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    if (wanted == lane::id) return static_cast<lane*>(lane_.get());
    return static_cast<helping_lane*>(lane_.get());
  }

  /// The app is done. Requires: no call is pending.
  void end() noexcept {
    if (const auto lane = std::exchange(lane_, nullptr)) lane->end();
  }

 private:
  executor& home_;
  thread_lender& threads_;
  const clock::duration patience_, for_thread_;
  std::shared_ptr<request_lane> lane_;
};

}}  // namespace csgi::v1
