// lint.cpp - see csgi/lint.hpp.
#include <csgi/lint.hpp>
#include <csgi/stand_in.hpp>
#include "desk.hpp"

namespace csgi { inline namespace v1 {

namespace {

/// The time that an app works for one view. Without an end of its own, it was cut off.
class visit {
 public:
  explicit visit(lint_view& of) noexcept : view_(&of) {}
  visit(visit&& other) noexcept : view_(std::exchange(other.view_, nullptr)) {}
  visit& operator=(visit&&) = delete;
  ~visit() {
    if (view_) view_->leave(lint_view::how::destroyed);
  }

  lint_view& view() const noexcept { return *view_; }
  void end(lint_view::how it_ended) noexcept { std::exchange(view_, nullptr)->leave(it_ended); }

 private:
  lint_view* view_;
};

/// The app's coroutine, awaited, and its first piece watched like all others.
class watched_task {
 public:
  watched_task(task<> inner, lint_view& of) noexcept : inner_(std::move(inner)), view_(of) {}

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    return view_.run([&]() noexcept { return inner_.start(waiter, parent); });
  }
  void stop() noexcept {
    view_.told_to_end();
    inner_.stop();
  }
  bool failed() const noexcept { return inner_.failed(); }
  void result() { inner_.result(); }
  awaiter<watched_task> operator co_await() noexcept { return awaiter<watched_task>(*this); }

 private:
  task<> inner_;
  lint_view& view_;
};

watched_task call(async_app& app, lint_view& view) {
  task<> coroutine = app.http(async_exchange(view));
  coroutine.adopt(view);
  return watched_task(std::move(coroutine), view);
}

task<> watch(async_exchange, async_app& app, visit during) {
  during.view().enter();
  std::exception_ptr failure;
  try {
    auto inner = call(app, during.view());
    co_await inner;
  } catch (...) {
    failure = std::current_exception();
  }
  during.end(failure ? lint_view::how::threw : lint_view::how::returned);
  if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
}

}  // namespace

class lint::async_side final : public async_app, public stand_in {
 public:
  explicit async_side(lint& whole) noexcept : whole_(whole) {}
  application behind(request&) const noexcept override { return whole_.app_; }

  task<> http(async_exchange ex) override {
    async_app& app = whole_.app_.resolve(ex.head()).async();
    lint_view* const view = whole_.desk_->admit(ex.raw(), app_kind::async);
    return view ? watch(ex, app, visit(*view)) : app.http(ex);
  }

 private:
  lint& whole_;
};

class lint::blocking_side final : public blocking_app, public stand_in {
 public:
  explicit blocking_side(lint& whole) noexcept : whole_(whole) {}
  application behind(request&) const noexcept override { return whole_.app_; }

  void http(blocking_exchange ex) override {
    blocking_app& app = whole_.app_.resolve(ex.head()).blocking();
    lint_view* const view = whole_.desk_->admit(ex.raw(), app_kind::blocking);
    if (!view) return app.http(ex);
    view->enter();
    try {
      app.http(blocking_exchange(*view));
    } catch (...) {
      view->leave(lint_view::how::threw);
      throw;
    }
    view->leave(lint_view::how::returned);
  }

 private:
  lint& whole_;
};

lint::lint(application app, lint_settings with)
    : app_(app), desk_(std::make_unique<lint_desk>(std::move(with))), async_(std::make_unique<async_side>(*this)),
      blocking_(std::make_unique<blocking_side>(*this)) {}

lint::~lint() = default;

application lint::choose(const request& head) noexcept {
  if (app_.resolve(head).kind() == app_kind::async) return *async_;
  return *blocking_;
}

std::size_t lint::reports() const noexcept { return desk_->reports(); }

}}  // namespace csgi::v1
