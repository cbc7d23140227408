// csgi/exchange_handle.hpp - what both fronts of an exchange have in common.
#pragma once
#include <csgi/error.hpp>
#include <csgi/exchange.hpp>
#include <csgi/finish_hooks.hpp>
#include <csgi/log_sink.hpp>
#include <csgi/start_error.hpp>
#include <initializer_list>
#include <memory>

namespace csgi { inline namespace v1 {

/// A handle to an exchange: one pointer, passed by value. It owns nothing.
class exchange_handle {
 public:
  explicit exchange_handle(exchange& x) noexcept : exchange_(&x) {}

  /// The exchange itself, for middleware that wraps it and for extensions.
  exchange& raw() const noexcept { return *exchange_; }

  const request& head() const noexcept { return exchange_->head(); }
  csgi::phase phase() const noexcept { return exchange_->phase(); }

  /// Whether it is too late to change the response's head.
  bool committed() const noexcept { return phase() >= csgi::phase::committed; }
  bool connected() const noexcept { return exchange_->connected(); }
  void abort(std::errc reason) const noexcept { exchange_->abort(reason); }

  /// Sets the response head; see exchange::start().
  ///
  /// Errors:    misuse.
  void start(const response_head& head) const {
    if (const auto refused = exchange_->start(head)) raise(refused, "start", start_error(refused, *exchange_, head));
  }
  void start(int status, std::initializer_list<field> fields = {}) const {
    start(response_head{status, {fields.begin(), fields.size()}});
  }
  void start(int status, std::span<const field> fields) const { start(response_head{status, fields}); }

  /// The extension of that interface, or null where the server or a middleware does not offer it.
  template <class Extension>
  Extension* find() const noexcept {
    return static_cast<Extension*>(exchange_->find(Extension::id));
  }

  /// Tells the operator; dropped where nobody listens.
  void log(log_level level, std::string_view text) const noexcept {
    if (auto* sink = find<log_sink>()) sink->log(level, text);
  }

  /// Calls `f(const outcome&)` once the response is over, however it ends; see finish_hooks. What `f` throws is
  /// dropped.
  ///
  /// Lifetime:  `f` outlives the exchange: it must not hold views of the request.
  /// Errors:    std::bad_alloc; error(operation_not_supported) where the server has no finish hooks.
  template <class F>
  void on_finish(F f) const {
    struct hook final : finish_hook {
      F call;
      explicit hook(F&& function) : call(std::move(function)) {}
    };
    auto* hooks = find<finish_hooks>();
    if (!hooks) raise(std::make_error_code(std::errc::operation_not_supported), "on_finish");
    auto own = std::make_unique<hook>(std::move(f));
    own->run = [](finish_hook& h, const outcome& how) noexcept {
      const std::unique_ptr<hook> self(static_cast<hook*>(&h));
      try {
        self->call(how);
      } catch (...) {  // the exchange is over and so is its log; there is nobody left to tell
      }
    };
    hooks->add(*own.release());
  }

 private:
  exchange* exchange_;
};

}}  // namespace csgi::v1
