// thread_driver.cpp - see csgi/posix/thread_driver.hpp.
#include <algorithm>
#include <cerrno>
#include <csgi/posix/poller.hpp>
#include <csgi/posix/thread_driver.hpp>
#include <poll.h>

namespace csgi::posix {

thread_driver::thread_driver() = default;

void thread_driver::run(http1::connection& connection, socket_transport& socket, application app) noexcept {
  socket_ = socket.socket();
  blocks_ = app.kind() == app_kind::blocking;
  blocking_ = blocks_ ? &connection : nullptr;
  running_ = &connection;
  connection.drive_with(*this, dates_);
  auto failure = blocks_ ? run_blocking(connection, app.blocking()) : run_async(connection, app.async());
  posted_.run_all();
  blocking_ = nullptr;
  connection.app_done(std::move(failure));
  running_ = nullptr;
  blocks_ = false;
}

void thread_driver::turn_until(const bool& over) noexcept {
  for (;;) {
    posted_.run_all();
    timers_.expire(clock::now());
    if (over) return;
    pollfd state{wake_.handle(), POLLIN, 0};
    if (::poll(&state, 1, posted_.empty() ? wait_limit(time_until(timers_.next())) : 0) > 0) wake_.clear();
  }
}

void thread_driver::cancel() noexcept {
  cancelled_.store(true, std::memory_order_relaxed);
  wake_.notify();
}

void thread_driver::post(work& w) noexcept {
  const posters::one me(posters_);
  if (posted_.push(w)) wake_.notify();
}

// --- a blocking app -----------------------------------------------------------------------------------------------

std::exception_ptr thread_driver::run_blocking(http1::connection& connection, blocking_app& app) noexcept {
  try {
    app.http(blocking_exchange(connection));
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

std::error_code thread_driver::wait(http1::interest direction, clock::duration limit) noexcept {
  bool ready = false;
  return wait_for(direction == http1::interest::readable ? POLLIN : POLLOUT, from_now(limit), ready);
}

begun thread_driver::begin_wait(timer_op& timer) noexcept {
  if (!blocks_) return timers_.begin_wait(timer);
  bool ready = false;
  const auto ended = wait_for(0, timer.at, ready);
  timer.error = ended == std::errc::timed_out ? std::error_code{} : ended;
  return begun::completed;
}

/// A blocking app's WebSocket is closed by its server, as the app may wait for the next message for ever. Whether it was told now.
bool thread_driver::tell_draining() noexcept {
  if (!blocking_ || !blocking_->draining()) return false;
  std::exchange(blocking_, nullptr)->drain();
  return true;
}

/// Waits for the socket, running what is posted meanwhile.
std::error_code thread_driver::wait_for(short events, clock::time_point until, bool& ready) noexcept {
  bool told = false;
  while (!ready) {
    if (cancelled()) return std::make_error_code(std::errc::operation_canceled);
    pollfd states[] = {{events ? socket_ : -1, events, 0}, {wake_.handle(), POLLIN, 0}};
    const int count = ::poll(states, 2, wait_limit(time_until(std::min(until, app_deadline()))));
    if (count < 0 && errno != EINTR) return {errno, std::generic_category()};
    if (count > 0 && states[1].revents) {
      wake_.clear();
      posted_.run_all();
      told = tell_draining();
    }
    // Who waits for the socket looks again then, as there may be less time.
    ready = (count > 0 && states[0].revents != 0) || (told && events != 0);
    if (!ready && clock::now() >= until) return std::make_error_code(std::errc::timed_out);
  }
  return {};
}

// --- an async app -------------------------------------------------------------------------------------------------

std::exception_ptr thread_driver::run_async(http1::connection& connection, async_app& app) noexcept {
  try {
    task<> coroutine = app.http(async_exchange(connection));
    coroutine.adopt(connection);
    bool over = false;
    operation end;
    end.owner = &over;
    end.done = [](operation& o) noexcept { *static_cast<bool*>(o.owner) = true; };
    if (coroutine.start(end) == begun::pending) {
      connection.app_waits();
      run_until(over, connection, coroutine);
    }
    return coroutine.failure();
  } catch (...) {
    return std::current_exception();
  }
}

void thread_driver::run_until(const bool& over, http1::connection& connection, task<>& coroutine) noexcept {
  bool drained = false, stopped = false;
  for (;;) {
    posted_.run_all();
    timers_.expire(clock::now());
    if (!over && !drained && connection.draining()) {
      drained = true;
      connection.drain();
      continue;
    }
    if (!over && !stopped && (cancelled_.load(std::memory_order_relaxed) || connection.cancelled())) {
      stopped = true;
      connection.cancel_all();
      coroutine.stop();
      continue;
    }
    if (over) return;
    poll_connection(connection);
  }
}

void thread_driver::poll_connection(http1::connection& connection) noexcept {
  short events = connection.connected() ? POLLRDHUP : 0;
  if (connection.wants(http1::interest::readable)) events |= POLLIN;
  if (connection.wants(http1::interest::writable)) events |= POLLOUT;
  pollfd states[] = {{events ? socket_ : -1, events, 0}, {wake_.handle(), POLLIN, 0}};
  const auto until = std::min(connection.deadline(), timers_.next());
  const int timeout = posted_.empty() ? wait_limit(time_until(until)) : 0;
  if (::poll(states, 2, timeout) > 0) {
    if (states[1].revents) wake_.clear();
    if (states[0].revents) connection.ready(to_readiness(static_cast<std::uint32_t>(states[0].revents)));
  }
  if (clock::now() >= connection.deadline()) connection.expire();
}

}  // namespace csgi::posix
