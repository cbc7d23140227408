// app_life.cpp - see csgi/app_life.hpp.
#include <algorithm>
#include <csgi/app_life.hpp>
#include "stoppable.hpp"

namespace csgi { inline namespace v1 {

namespace {

bool same(application a, application b) noexcept {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case app_kind::blocking: return &a.blocking() == &b.blocking();
    case app_kind::async: return &a.async() == &b.async();
    case app_kind::composite: return &a.composite() == &b.composite();
  }
  return false;
}

}  // namespace

app_life::app_life(application app, server_context& context, const std::atomic<int>& stops) : context_(context), stops_(stops) {
  collect(app);
}

/// What an app is made of comes before it.
void app_life::collect(application app) {
  if (app.kind() == app_kind::composite)
    for (const application part : app.composite().parts()) collect(part);
  else if (std::ranges::none_of(parts_, [&](application other) { return same(app, other); }))
    parts_.push_back(app);
}

bool app_life::start() {
  const auto stopping = [this] { return stops_.load(std::memory_order_relaxed) > 0; };
  while (started_ < parts_.size() && !stopping()) {
    try {
      start(parts_[started_]);
    } catch (const std::system_error& ended) {
      if (stopping() && ended.code() == std::errc::operation_canceled) return false;
      abandon();
      throw;
    } catch (...) {
      abandon();
      throw;
    }
    ++started_;
  }
  return !stopping();
}

void app_life::start(application part) {
  if (part.kind() == app_kind::blocking) return part.blocking().startup(context_);
  stoppable with_stop(part.async().startup(context_), stops_);
  loop_.run(stoppable::run(with_stop, loop_));
}

void app_life::drain() noexcept {
  if (drained_.exchange(true, std::memory_order_relaxed)) return;
  for (std::size_t i = 0; i < started_; ++i) {
    if (parts_[i].kind() == app_kind::blocking) parts_[i].blocking().draining();
    else parts_[i].async().draining();
  }
}

void app_life::finish() {
  std::exception_ptr first;
  while (started_ > 0) {
    try {
      shut_down(parts_[--started_]);
    } catch (...) {
      if (first) report(std::current_exception());
      else first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

/// After a failure that is told already.
void app_life::abandon() noexcept {
  try {
    finish();
  } catch (...) {
    report(std::current_exception());
  }
}

void app_life::report(const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    context_.log(log_level::error, std::string("the shutdown failed too: ") + e.what());
  } catch (...) {
    context_.log(log_level::error, "the shutdown failed too");
  }
}

void app_life::shut_down(application part) {
  if (part.kind() == app_kind::blocking) part.blocking().shutdown();
  else loop_.run(part.async().shutdown());
}

}}  // namespace csgi::v1
