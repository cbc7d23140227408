// csgi/middleware.hpp - what middleware calls: the next app, of either kind; and how one coroutine serves both.
#pragma once
#include <csgi/stand_in.hpp>

namespace csgi { inline namespace v1 {

/// The app inside a middleware, to be awaited with the exchange it shall see: `co_await app(ex);`
class next_app {
 public:
  next_app(application app, app_kind kind) noexcept : app_(app), kind_(kind) {}

  /// Errors:    what the app throws; misuse, when a changed request head leads a composite to an app of the other
  ///            kind than the exchange was made for.
  task<> operator()(async_exchange ex) const {
    if (kind_ != app_kind::async) return call(ex, *this);
    task<> coroutine = leaf_for(ex.head()).async().http(ex);
    coroutine.adopt(ex.raw());      // else it would take the middleware's exchange for its own
    return coroutine;
  }

  /// The same for a blocking app, as a plain call.
  ///
  /// Errors:    misuse also where the app is an async one.
  void operator()(blocking_exchange ex) const {
    if (kind_ != app_kind::blocking)
      raise(std::make_error_code(std::errc::operation_not_permitted), "an async app was called: co_await it");
    leaf_for(ex.head()).blocking().http(ex);
  }

  app_kind kind() const noexcept { return kind_; }

  /// The app that answers this request at the end of the chain.
  application last(const request& head) const noexcept { return last_app(app_, head); }

 private:
  static task<> call(async_exchange ex, next_app app) {
    app(blocking_exchange(ex.raw()));
    co_return;
  }

  application leaf_for(const request& head) const {
    const application leaf = app_.resolve(head);
    if (leaf.kind() != kind_)
      raise(std::make_error_code(std::errc::operation_not_permitted), "a middleware led to an app of the other kind");
    return leaf;
  }

  application app_;
  app_kind kind_;
};

/// Runs a coroutine of a blocking app's exchange to its end on this thread.
///
/// Requires:  it awaits nothing but that exchange, every begin of which completes at once. A coroutine that awaits
///            something else cannot be gone on with here, nor taken down: the program is ended, as by a thread that is
///            never joined, and says why.
inline void drive(task<> coroutine) {
  const auto end_the_program = []() noexcept {
    raise(std::make_error_code(std::errc::operation_not_permitted),
          "around a blocking app a stage awaited more than its exchange and its app; it has to say csgi::stage_kinds::async");
  };
  operation end;
  if (coroutine.start(end) == begun::pending) end_the_program();
  coroutine.result();
}

}}  // namespace csgi::v1
