// session.cpp - see session.hpp.
#include "loop.hpp"

namespace csgi::evented {

session::session(posix::incoming connection, posix::admission::place admitted, loop& on)
    : loop_(on), socket_(std::move(connection.socket)), place_(std::move(admitted)), peer_(std::move(connection.peer)),
      local_(std::move(connection.local)),
      connection_(socket_, on.settings(), on.workspaces(), peer_.endpoint(), local_.endpoint()), app_(on.app()) {
  connection_.drive_with(on, on.dates());
  if (place_.how() == posix::admission::decision::turned_away) connection_.turn_away(on.now());
  run = [](blocking_job& job, pool_thread& thread) noexcept {
    auto& self = static_cast<session&>(job);
    if (thread.cancelled()) self.given_up_ = true;
    else thread.run(self.connection_, self.socket_, self.app_);
    self.loop_.post(self.homecoming_);
  };
  give_up = [](blocking_job& job) noexcept {
    auto& self = static_cast<session&>(job);
    self.given_up_ = true;
    self.loop_.post(self.homecoming_);
  };
  homecoming_.run = [](work& w) noexcept { static_cast<homecoming&>(w).of.come_home(); };
  next_turn_.run = [](work& w) noexcept {
    session& self = static_cast<next_turn&>(w).of;
    self.gives_way_ = false;
    self.proceed();
  };
  app_end_.done = [](operation& op) noexcept {
    session& self = static_cast<app_end&>(op).of;
    self.end_async();
    if (!self.told_) self.proceed();
  };
}

void session::on_event(std::uint32_t events) noexcept {
  if (buried_) [[unlikely]] return;
  if (lent_) [[unlikely]] {
    missed_ |= events;
    return;
  }
  // The app may end in there. The next one is begun only afterwards: it may take the connection to another thread.
  told_ = true;
  connection_.ready(posix::to_readiness(events));
  told_ = false;
  if (!connection_.in_app()) proceed();
}

void session::proceed() noexcept {
  if (buried_ || lent_ || gives_way_) return;
  for (;;) {
    switch (connection_.advance()) {
      case http1::step::wait:
        return;
      case http1::step::closed:
        return end();
      case http1::step::give_way:
        gives_way_ = true;
        return loop_.post(next_turn_);
      case http1::step::dispatch:
        if (!run_app()) return;
        break;
    }
  }
}

void session::end() noexcept {
  buried_ = true;
  loop_.bury(*this);
}

/// Whether the connection can go on at once.
bool session::run_app() noexcept {
  app_ = loop_.app().resolve(connection_.head());
  if (app_.kind() == app_kind::async) return run_async(app_.async());
  switch (seek_thread()) {
    case posix::offered::taken: return false;
    case posix::offered::body_first: connection_.gather_body(); break;
    case posix::offered::refused: connection_.answer(503); break;
  }
  return true;
}

posix::offered session::seek_thread() noexcept {
  if (std::exchange(given_up_, false)) return posix::offered::refused;
  connection_.app_waits();      // nobody knows how long this one will take
  until = connection_.queue_deadline();
  upload = !connection_.has_whole_body();
  const auto now = loop_.pool().offer(*this, connection_.may_gather_body());
  lent_ = now == posix::offered::taken;
  return now;
}

bool session::run_async(async_app& app) noexcept {
  try {
    coroutine_.emplace(app.http(async_exchange(connection_)));
    coroutine_->adopt(connection_);
  } catch (...) {
    connection_.app_done(std::current_exception());
    return true;
  }
  if (coroutine_->start(app_end_) == begun::pending) {
    connection_.app_waits();
    return false;
  }
  end_async();
  return true;
}

void session::end_async() noexcept {
  auto failure = coroutine_->failure();
  coroutine_.reset();
  connection_.app_done(std::move(failure));
}

void session::come_home() noexcept {
  lent_ = false;
  connection_.drive_with(loop_, loop_.dates());
  if (const auto events = std::exchange(missed_, 0)) connection_.ready(posix::to_readiness(events));
  if (loop_.cancelled()) connection_.cancel_all();
  proceed();
}

void session::expire() noexcept {
  connection_.expire();
  if (coroutine_ && connection_.cancelled()) coroutine_->stop();
  if (!connection_.in_app()) proceed();
}

void session::drain() noexcept {
  if (lent_ || buried_) return;
  connection_.drain();
  if (!connection_.in_app()) proceed();
}

void session::cancel() noexcept {
  if (lent_ || buried_) return;
  connection_.cancel_all();
  if (coroutine_) coroutine_->stop();
  if (!connection_.in_app()) proceed();
}

}  // namespace csgi::evented
