// loop.cpp - see loop.hpp.
#include "loop.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>

namespace csgi::evented {

namespace {

constexpr auto sweep_interval = std::chrono::milliseconds(100);
constexpr std::size_t many_events = 8;  // so many at once, and more have come meanwhile
constexpr int most_looks = 4;           // in one turn, so that the io_context's other handlers get theirs

}  // namespace

loop::loop(posix::server_settings& shared, posix::listener listener, blocking_pool& pool, const std::atomic<int>& stops)
    : shared_(shared), listener_(std::move(listener)), pool_(pool), stops_(stops),
      workspaces_(shared.limits) {
  events_.assign(::fcntl(poller_.handle(), F_DUPFD_CLOEXEC, 0));
  if (!poller_.add_level(wake_.handle(), alarm_)) throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void loop::settle() noexcept {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  workspaces_.settle();
  await_events();
  turn_again();       // inside of turn_until() or serve(): apps are told that this thread runs the io_context
}

void loop::turn_until(const bool& over) noexcept {
  context_.restart();
  context_.poll();
  while (!over) context_.run_one();
}

void loop::serve() noexcept {
  serving_ = true;
  accepting_ = poller_.add_level(listener_.socket(), bell_);
  context_.restart();
  turn_again();
  context_.run();
  serving_ = false;
}

void loop::await_events() {
  events_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& failed) {
    if (failed) return;
    turn();
    await_events();     // only now: what was there before the turn would be told again
  });
}

/// Everything that happened since the last turn, and from then on, as long as nobody else has anything to do in the io_context: the
/// way through it is two system calls longer. A loop that shares it looks for more at once when it is busy.
void loop::turn() noexcept {
  in_turn_ = true;
  for (int looks = 1; look(clock::duration::zero()) >= many_events && looks < most_looks;) ++looks;
  if (serving_) tend_connections();
  while (is_alone()) {
    look(time_to_wait());
    tend_connections();
  }
  in_turn_ = false;
  if (!posted_.empty()) wake_.notify();
  set_timer(next_due());
}

bool loop::is_alone() const noexcept {
  return serving_ && !is_over() && !context_is_shared_.load(std::memory_order_relaxed);
}

clock::time_point loop::next_due() const noexcept {
  if (!serving_) return timers_.next();
  return std::min({timers_.next(), next_sweep_, grace_ends_, accepting_ || draining_ ? clock::time_point::max() : accepts_at_});
}

clock::duration loop::time_to_wait() const noexcept {
  return posted_.empty() ? posix::time_until(next_due()) : clock::duration::zero();
}

/// Waits for so long at most, and gives how many events there were.
std::size_t loop::look(clock::duration most) noexcept {
  const auto events = poller_.wait(most);
  now_ = clock::now();
  for (const auto& event : events) posix::poller::source(event).on_event(event.events);
  posted_.run_all();
  timers_.expire(now_);
  return events.size();
}

void loop::tend_connections() noexcept {
  if (stops_.load(std::memory_order_relaxed) > 0) react_to_stop();
  if (now_ >= next_sweep_) sweep();
  if (!accepting_ && !draining_ && now_ >= accepts_at_) accept_again();
  forget_buried();
  if (!is_over()) return;
  if (!cancelled_) shared_.stopping.grace_is_over(*shared_.observer, 0);
  context_.stop();
}

void loop::set_timer(clock::time_point at) {
  if (at >= timer_at_) return;
  timer_at_ = at;
  timer_.expires_at(at);
  timer_.async_wait([this](const boost::system::error_code& moved) {
    if (moved) return;
    timer_at_ = clock::time_point::max();
    turn();
  });
}

std::error_code loop::wait(http1::interest, clock::duration) noexcept {
  return std::make_error_code(std::errc::operation_not_supported);  // blocks() says so
}

/// Soon, on its own thread and after what the io_context has to run already; an app's handlers run there, outside of turns.
void loop::turn_again() noexcept {
  try {
    boost::asio::post(context_, [this] { turn(); });
  } catch (const std::bad_alloc&) {
    wake_.notify();
  }
}

void loop::post(work& w) noexcept {
  if (here()) {
    if (posted_.push(w) && !in_turn_) turn_again();
    return;
  }
  const posix::posters::one me(posters_);
  if (posted_.push(w)) wake_.notify();
}

boost::asio::io_context& loop::get() noexcept {
  if (!context_is_shared_.load(std::memory_order_relaxed)) {
    context_is_shared_.store(true, std::memory_order_relaxed);
    wake_.notify();
  }
  return context_;
}

begun loop::begin_wait(timer_op& timer) noexcept {
  // Also one that is past: completed at once, a row of such waits would keep everybody else from going on.
  const auto result = timers_.begin_wait(timer);
  if (!in_turn_) set_timer(timer.at);
  return result;
}

void* loop::find_extension(const extension_id& wanted) noexcept {
  return wanted == asio_context::id ? static_cast<asio_context*>(this) : nullptr;
}

void loop::finished(http1::finished_response response) noexcept {
  if (response.may_block) run_hooks_on(pool_, response);
  else response.run_hooks();
}

void loop::accept() noexcept {
  for (int i = 0; i < listener_.most_at_once(); ++i) {
    try {
      posix::incoming connection;
      const auto result = listener_.accept(connection);
      if (result == posix::listener::result::none) return;
      if (result == posix::listener::result::not_now) {
        shared_.accepting.failed(*shared_.observer, now_);
        return accept_later(next_sweep_);
      }
      shared_.accepting.accepted();
      auto place = shared_.admission.enter(connection.peer.endpoint().address);
      if (place.how() == posix::admission::decision::dropped) continue;
      session& accepted = sessions_.emplace_back(std::move(connection), std::move(place), *this);
      accepted.place = std::prev(sessions_.end());
      if (accepted.watch(poller_)) accepted.proceed();
      else accepted.end();
    } catch (const std::bad_alloc&) {
      shared_.observer->log(log_level::error, "out of memory: a connection is closed");
    }
  }
  if (listener_.gives_way()) accept_later(now_ + listener_.pause);
}

void loop::accept_later(clock::time_point at) noexcept {
  poller_.remove(listener_.socket());
  accepting_ = false;
  accepts_at_ = at;
}

void loop::accept_again() noexcept {
  accepting_ = poller_.add_level(listener_.socket(), bell_);
  if (!accepting_) accepts_at_ = next_sweep_;
}

void loop::bury(session& closed) noexcept {
  closed.close();
  closed.next_buried = std::exchange(buried_, &closed);
}

/// Every event that could name them has been seen, and nobody goes through the list.
void loop::forget_buried() noexcept {
  while (session* const s = buried_) {
    buried_ = s->next_buried;
    sessions_.erase(s->place);
  }
}

void loop::sweep() noexcept {
  shared_.report_admission();
  next_sweep_ = now_ + sweep_interval;
  lateness_.note(now_, next_sweep_);
  for (session& s : sessions_)
    if (s.overdue(now_)) s.expire();
  pool_.give_up_overdue(now_);
}

std::size_t loop::busy_sessions() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(sessions_, &session::busy));
}

void loop::react_to_stop() noexcept {
  const bool at_once = stops_.load(std::memory_order_relaxed) > 1;
  if (!draining_) {
    draining_ = true;
    accepting_ = false;
    shared_.draining.store(true, std::memory_order_relaxed);    // before anybody can see that it stops
    poller_.remove(listener_.socket());   // closing does not, while others have the same socket
    listener_.close();
    shared_.host->drain();
    grace_ends_ = now_ + shared_.deadlines.grace;
    for (session& s : sessions_) s.drain();
    shared_.stopping.begins(*shared_.observer, at_once ? 0 : busy_sessions(), shared_.deadlines.grace);
  }
  if (!cancelled_ && (at_once || now_ >= grace_ends_)) {
    cancelled_ = true;
    shared_.stopping.grace_is_over(*shared_.observer, at_once ? 0 : busy_sessions());
    grace_ends_ = clock::time_point::max();
    pool_.cancel();
    for (session& s : sessions_) s.cancel();
  }
}

}  // namespace csgi::evented
