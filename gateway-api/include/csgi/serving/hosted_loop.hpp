// csgi/serving/hosted_loop.hpp - what a hosted app has of one loop of its server, for loop_life.
#pragma once
#include <csgi/loop_context.hpp>
#include <csgi/serving/app_host.hpp>
#include <csgi/serving/lazy_lane.hpp>

namespace csgi { inline namespace v1 {

/// The host's context with this executor's, and a lane as long as a phase lasts that needs it.
///
/// Threads:   the executor's.
class hosted_loop final : public loop_context {
 public:
  /// Lifetime:  all borrowed.
  hosted_loop(app_host& host, csgi::executor& here, std::pmr::memory_resource& memory) noexcept
      : host_(host), here_(here), memory_(memory), lane_(here, host.threads()) {}

  csgi::executor& executor() noexcept override { return here_; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  void log(log_level level, std::string_view text) noexcept override { host_.context().log(level, text); }

  void* find(const extension_id& wanted) noexcept override {
    if (void* const found = lane_.find(wanted)) return found;
    return host_.context().find(wanted);
  }

  /// Startup or shutdown is over.
  void end_phase() noexcept { lane_.end(); }

 private:
  app_host& host_;
  csgi::executor& here_;
  std::pmr::memory_resource& memory_;
  lazy_lane lane_;
};

}}  // namespace csgi::v1
