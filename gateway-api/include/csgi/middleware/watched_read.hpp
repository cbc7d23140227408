// csgi/middleware/watched_read.hpp - an inner app's reads, passed on with a look at what came of them.
#pragma once
#include <csgi/exchange.hpp>
#include <utility>

namespace csgi { inline namespace v1 {

/// What a view's begin_read() passes its reads to.
///
/// Lifetime:  the view's, as a member.
class watched_read {
 public:
  /// May change the outcome of a read, which is in the operation.
  using look = void (*)(void* view, read_op& ended) noexcept;

  watched_read(void* view, look at) noexcept : view_(view), look_(at) {}
  watched_read(const watched_read&) = delete;
  watched_read& operator=(const watched_read&) = delete;

  begun begin(exchange& next, read_op& op) noexcept {
    if (inner_) return next.begin_read(op);       // a second one, which it refuses
    outer_.error = no_error;
    outer_.chunk = {};
    outer_.owner = this;
    outer_.done = [](operation& o) noexcept {
      auto& self = *static_cast<watched_read*>(o.owner);
      read_op& ended = *std::exchange(self.inner_, nullptr);
      ended.stop = nullptr;
      self.end(ended);
      ended.done(ended);
    };
    if (next.begin_read(outer_) == begun::completed) {
      end(op);
      return begun::completed;
    }
    inner_ = &op;
    op.server = this;
    op.stop = [](operation& o) noexcept { cancel(static_cast<watched_read*>(o.server)->outer_); };
    return begun::pending;
  }

 private:
  void end(read_op& op) noexcept {
    op.error = outer_.error;
    op.chunk = outer_.chunk;
    look_(view_, op);
  }

  void* view_;
  look look_;
  read_op outer_;               // the one read from the next exchange
  read_op* inner_ = nullptr;    // the app's, for which it is
};

}}  // namespace csgi::v1
