// csgi/forwarding_exchange.hpp - an exchange that hands everything on: what a middleware's own view derives from.
#pragma once
#include <csgi/exchange.hpp>

namespace csgi { inline namespace v1 {

/// Override what is to be different. Whoever changes responses overrides phase(), start(), begin_write() and
/// find() together: find() then hides each extension with touches::response, or offers its own. csgi.websocket and
/// csgi.upgrade may be passed on where phase() follows next() once they have committed: what comes then is no response.
///
/// Lifetime:  in the frame of the middleware that awaits the inner app.
class forwarding_exchange : public exchange {
 public:
  explicit forwarding_exchange(exchange& next) noexcept : next_(next) {}
  forwarding_exchange(const forwarding_exchange&) = delete;     // else `view inner(outer)` copies a view, and does not wrap it
  forwarding_exchange& operator=(const forwarding_exchange&) = delete;

  const request& head() const noexcept override { return next_.head(); }
  csgi::executor& executor() noexcept override { return next_.executor(); }
  bool connected() noexcept override { return next_.connected(); }
  std::pmr::memory_resource& memory() noexcept override { return next_.memory(); }
  csgi::phase phase() const noexcept override { return next_.phase(); }
  std::error_code start(const response_head& head) noexcept override { return next_.start(head); }
  begun begin_read(read_op& op) noexcept override { return next_.begin_read(op); }
  begun begin_write(write_op& op) noexcept override { return next_.begin_write(op); }
  begun begin_gone(operation& op) noexcept override { return next_.begin_gone(op); }
  void abort(std::errc reason) noexcept override { next_.abort(reason); }
  void* find(const extension_id& id) noexcept override { return next_.find(id); }

 protected:
  ~forwarding_exchange() = default;
  exchange& next() const noexcept { return next_; }

 private:
  exchange& next_;
};

}}  // namespace csgi::v1
