// session.cpp - see session.hpp.
#include "loop.hpp"

namespace csgi::evented {

session::session(posix::descriptor socket, const posix::socket_address& peer, posix::admission::place admitted,
                 const posix::socket_address& local, loop& on)
    : loop_(on), place_(std::move(admitted)), socket_(std::move(socket)), peer_(peer), local_(local),
      connection_(socket_, on.settings(), on.workspaces(), peer_.endpoint(), local_.endpoint()), app_(on.app()) {
  connection_.drive_with(on, on.dates());
  if (place_.how() == posix::admission::decision::turned_away) connection_.turn_away(on.now());
  run = [](blocking_job& job, pool_thread& thread) noexcept {
    auto& self = static_cast<session&>(job);
    thread.run(self.connection_, self.socket_, self.app_);
    self.loop_.post(self.homecoming_);
  };
  homecoming_.run = [](work& w) noexcept { static_cast<homecoming&>(w).of.come_home(); };
  app_end_.done = [](operation& op) noexcept {
    session& self = static_cast<app_end&>(op).of;
    self.end_async();
    if (!self.told_) self.proceed();
  };
}

void session::on_event(std::uint32_t events) noexcept {
  if (buried_) return;
  if (lent_) {
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
  if (buried_ || lent_) return;
  for (;;) {
    switch (connection_.advance()) {
      case http1::step::wait:
        return;
      case http1::step::closed:
        buried_ = true;
        return loop_.bury(*this);
      case http1::step::dispatch:
        if (!run_app()) return;
        break;
    }
  }
}

/// Whether the request is answered already.
bool session::run_app() noexcept {
  app_ = loop_.app().resolve(connection_.head());
  if (app_.kind() == app_kind::async) return run_async(app_.async());
  connection_.app_waits();      // nobody knows how long this one will take
  lent_ = loop_.pool().offer(*this);
  if (!lent_) connection_.answer(503);
  return !lent_;
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
