// csgi/application.hpp - any application, whatever its kind: what servers run.
#pragma once
#include <csgi/async_app.hpp>
#include <csgi/blocking_app.hpp>
#include <span>

namespace csgi { inline namespace v1 {

class application;

/// Several applications of either kind behind one; it says, request by request, which of them answers.
///
/// Lifetime:  owned by its host; the applications it answers with live as long as it does.
class composite_app {
 public:
  virtual ~composite_app() = default;

  /// The application for this request, which may be a composite again: the same for the same request, however often it
  /// is asked. A server asks before the request begins, so that it can run the answer in the way of its kind.
  ///
  /// Threads:   any, several at the same time.
  virtual application choose(const request&) noexcept = 0;

  /// The apps it is made of, composites among them, in the order in which they are started up. Each is started once, however
  /// often it is named; those not named are not started.
  ///
  /// Lifetime:  this object's; the same at each call.
  virtual std::span<const application> parts() const noexcept { return {}; }
};

enum class app_kind : unsigned char { blocking, async, composite };

/// A reference to an application of either kind, passed by value. It owns nothing.
class application {
 public:
  application(blocking_app& app) noexcept : kind_(app_kind::blocking), blocking_(&app) {}
  application(async_app& app) noexcept : kind_(app_kind::async), async_(&app) {}
  application(composite_app& app) noexcept : kind_(app_kind::composite), composite_(&app) {}

  app_kind kind() const noexcept { return kind_; }

  /// The blocking or async application that answers this request.
  application resolve(const request& head) const noexcept {
    application app = *this;
    while (app.kind_ == app_kind::composite) app = app.composite_->choose(head);
    return app;
  }

  /// Requires:  kind() says so.
  blocking_app& blocking() const noexcept { return *blocking_; }
  async_app& async() const noexcept { return *async_; }
  composite_app& composite() const noexcept { return *composite_; }

 private:
  app_kind kind_;
  union {
    blocking_app* blocking_;
    async_app* async_;
    composite_app* composite_;
  };
};

/// "blocking", "async" or "composite".
constexpr std::string_view to_string(app_kind kind) noexcept {
  constexpr std::string_view names[] = {"blocking", "async", "composite"};
  return names[static_cast<unsigned char>(kind)];
}

}}  // namespace csgi::v1
