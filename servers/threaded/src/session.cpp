// session.cpp - see session.hpp.
#include "crew.hpp"

namespace csgi::threaded {

session::session(posix::descriptor socket, const posix::socket_address& peer, posix::admission::place admitted,
                 const posix::socket_address& local, crew& of)
    : crew_(of), place_(std::move(admitted)), socket_(std::move(socket)), peer_(peer), local_(local),
      connection_(socket_, of.settings(), of.workspaces(), peer_.endpoint(), local_.endpoint()) {
  if (place_.how() == posix::admission::decision::turned_away) connection_.turn_away(clock::now());
  run = [](job& j, member& by) noexcept { static_cast<session&>(j).run_app(by); };
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
        connection_.app_waits();  // for a thread
        if (crew_.offer(*this)) return;
        connection_.answer(503);
        break;
      case http1::step::wait:
        if (release()) return;
        break;
    }
  }
}

bool session::release() noexcept {
  auto expected = held;
  return state_.compare_exchange_strong(expected, 0, std::memory_order_release, std::memory_order_relaxed);
}

void session::run_app(member& by) noexcept {
  by.run(connection_, socket_, crew_.app().resolve(connection_.head()));
  proceed(by);
}

void session::expire(member& by) noexcept {
  connection_.drive_with(by, by.dates());
  if (overdue(by.now())) connection_.expire();
  proceed(by);
}

}  // namespace csgi::threaded
