// service.hpp - an upstream as an app sees it: over HTTP in production, in memory in tests.
#pragma once
#include <csgi/task.hpp>
#include <http_client/failure.hpp>
#include <http_client/message.hpp>

namespace upstream {

/// Answers coroutines.
///
///   auto together = csgi::when_all(promotions.fetch(upstream::request("/today", 300ms)),
///                                  recommendations.fetch(upstream::request("/for/ada", 300ms)));
///   const auto [today, hers] = co_await std::move(together);
///
/// Lifetime:  longer than what fetch() gives.
/// Threads:   any, on any executor, several at the same time.
class async_service {
 public:
  virtual ~async_service() = default;

  /// Completes with the answer, whatever its status. The timeout runs on the clock of the coroutine's executor: in a test, on
  /// the one that need not be waited for.
  ///
  /// Errors:    failure; csgi::cancelled, when the coroutine is stopped: let it pass. Nothing is left pending then.
  csgi::task<response> fetch(request what);

 private:
  /// The same without a timeout: it is stopped.
  ///
  /// Lifetime:  `what` until it has ended.
  virtual csgi::task<response> perform(const request& what) = 0;
};

/// Answers blocking code.
///
/// Threads:   any, several at the same time.
class blocking_service {
 public:
  virtual ~blocking_service() = default;

  /// Returns the answer, whatever its status.
  ///
  /// Blocks:    no longer than request::timeout. A stop of the server does not reach it.
  /// Errors:    failure.
  virtual response fetch(const request& what) = 0;
};

}  // namespace upstream
