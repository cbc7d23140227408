// session.cpp - see session.hpp.
#include "crew.hpp"
#include <utility>

namespace csgi::threaded {

session::session(posix::incoming connection, posix::admission::place admitted, crew& of)
    : crew_(of), place_(std::move(admitted)), socket_(std::move(connection.socket)), peer_(std::move(connection.peer)),
      local_(std::move(connection.local)),
      connection_(socket_, of.settings(), of.workspaces(), peer_.endpoint(), local_.endpoint()) {
  if (place_.how() == posix::admission::decision::turned_away) connection_.turn_away(clock::now());
  run = [](job& j, member& by) noexcept {
    auto& self = static_cast<session&>(j);
    if (std::exchange(self.gives_way_, false)) self.proceed(by);
    else self.run_app(by);
  };
}

void session::on_event(std::uint32_t events) noexcept {
  if (hold(events)) crew_.take(*this);
}

void session::proceed(member& by) noexcept {
  connection_.drive_with(by, by.dates());
  for (;;) {
    if (const auto told = state_.exchange(held, std::memory_order_acquire) & ~held) {
      connection_.ready(posix::to_readiness(told));
      if (told & drain) connection_.drain();
      if (told & cancel) connection_.cancel_all();
    }
    switch (connection_.advance()) {
      case http1::step::closed:
        return crew_.bury(*this);
      case http1::step::dispatch:
        switch (seek_thread()) {
          case posix::offered::taken: return;
          case posix::offered::body_first: connection_.gather_body(); break;
          case posix::offered::refused: connection_.answer(503); break;
        }
        break;
      case http1::step::give_way:
        gives_way_ = true;
        upload = false;
        until = connection_.queue_deadline();
        return crew_.demand(*this);
      case http1::step::wait:
        if (release()) return;
        break;
    }
  }
}

posix::offered session::seek_thread() noexcept {
  if (std::exchange(given_up_, false)) return posix::offered::refused;
  connection_.app_waits();
  until = connection_.queue_deadline();
  upload = !connection_.has_whole_body();
  return crew_.offer(*this, connection_.may_gather_body());
}

void session::give_up(member& by) noexcept {
  given_up_ = !std::exchange(gives_way_, false);
  proceed(by);
}

bool session::release() noexcept {
  auto expected = held;
  return state_.compare_exchange_strong(expected, 0, std::memory_order_release, std::memory_order_relaxed);
}

void session::run_app(member& by) noexcept {
  if (by.cancelled()) given_up_ = true;
  else by.run(connection_, socket_, crew_.app().resolve(connection_.head()));
  proceed(by);
}

void session::expire(member& by) noexcept {
  connection_.drive_with(by, by.dates());
  if (overdue(by.now())) connection_.expire();
  proceed(by);
}

}  // namespace csgi::threaded
