// loop_here.hpp - a loop that requests of a client's app run on, as the app's loop_startup() and loop_shutdown() see it.
#pragma once
#include <csgi/loop_life.hpp>
#include <csgi/testing/client.hpp>
#include "counted_lane.hpp"

namespace csgi::testing {

class client::loop_here final : private loop_context {
 public:
  loop_here(client& of, test_loop& loop) noexcept : client_(of), loop_(loop), life_(of.life_.parts(), *this, of.stops_) {}
  loop_here(const loop_here&) = delete;
  loop_here& operator=(const loop_here&) = delete;

  /// Errors:    what the app throws.
  void start() { perform(life_.start()); }
  void finish() { perform(life_.finish()); }

 private:
  /// The lane lasts as long as it is needed, so that nothing of it is left on the loop.
  void perform(task<> phase) {
    struct end final {
      std::unique_ptr<counted_lane>& lane;
      ~end() { lane.reset(); }
    } const afterwards{lane_};
    loop_.run(std::move(phase));
  }

  csgi::executor& executor() noexcept override { return loop_; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  void log(log_level level, std::string_view text) noexcept override { client_.log(level, text); }
  void* find(const extension_id& wanted) noexcept override {
    if (wanted != lane::id && wanted != helping_lane::id) return client_.find(wanted);
    if (!lane_) lane_ = std::make_unique<counted_lane>(loop_, client_.threads_);
    if (wanted == lane::id) return static_cast<lane*>(lane_.get());
    return static_cast<helping_lane*>(lane_.get());
  }

  client& client_;
  test_loop& loop_;
  std::pmr::unsynchronized_pool_resource memory_;
  std::unique_ptr<counted_lane> lane_;
  loop_life life_;
};

}  // namespace csgi::testing
