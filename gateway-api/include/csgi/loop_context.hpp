// csgi/loop_context.hpp - what an async app has of one loop of its server.
#pragma once
#include <csgi/executor.hpp>
#include <csgi/server_context.hpp>
#include <memory_resource>

namespace csgi { inline namespace v1 {

/// Given to an app's loop_startup() and loop_shutdown(): a loop is an executor that requests of async apps run on.
///
/// Lifetime:  from loop_startup() until loop_shutdown() has ended on that loop.
/// Threads:   the loop's, but for what server_context has.
class loop_context : public server_context {
 public:
  using server_context::find;

  /// The one that exchange::executor() gives for requests which run here.
  ///
  /// What is posted to it while no request runs here may wait for the next one, or for loop_shutdown().
  virtual csgi::executor& executor() noexcept = 0;

  /// Memory for things that stay on this loop. It recycles.
  virtual std::pmr::memory_resource& memory() noexcept = 0;

 protected:
  ~loop_context() = default;
};

}}  // namespace csgi::v1
