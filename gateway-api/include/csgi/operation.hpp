// csgi/operation.hpp - the one shape of everything that takes time: begin(op) -> completed | pending.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

namespace csgi { inline namespace v1 {

using clock = std::chrono::steady_clock;

/// `duration` from now; clock::time_point::max(), which never comes, where the clock does not count so far.
template <class Rep, class Period>
clock::time_point from_now(std::chrono::duration<Rep, Period> duration) noexcept {
  using seconds = std::chrono::duration<double>;
  const auto now = clock::now();
  if (seconds(duration) >= seconds(clock::time_point::max() - now)) return clock::time_point::max();
  if (duration < duration.zero()) return now;
  return now + std::chrono::duration_cast<clock::duration>(duration);
}

/// What a begin_* call answers.
///
/// completed: the outcome is in the operation now; `done` is not called.
/// pending:   `done` is called later, exactly once, on the exchange's executor, never from inside the
///            begin_* call. Until then the operation stays where it is and belongs to the callee.
enum class begun : bool { completed, pending };

/// No error. Constructed once, since std::error_code's default constructor is a call into the standard library.
inline const std::error_code no_error{};

/// Something an executor can run. Intrusive: posting never allocates, so it never fails.
struct work {
  void (*run)(work&) noexcept = nullptr;
  work* next = nullptr;             ///< the queue's, while queued
};

/// The part that all operations share. It lives in its caller's frame; nothing is allocated for it.
struct operation : work {
  void (*done)(operation&) noexcept = nullptr;  ///< the caller's; may destroy the operation
  void* owner = nullptr;                        ///< the caller's, for `done`
  void (*stop)(operation&) noexcept = nullptr;  ///< the callee's while pending; null: it cannot be hurried
  void* server = nullptr;                       ///< the callee's while pending, for `stop`
  std::error_code error = no_error;             ///< the outcome: a std::errc value, or none

  void result() const noexcept {}               ///< what awaiting it gives; other operations hide it with theirs
  bool failed() const noexcept { return static_cast<bool>(error); }  ///< whether that throws; hidden, where result() may
};

/// Asks a pending operation to end soon; does nothing for one that is about to end anyway.
///
/// `done` still runs exactly once, never inside cancel(); the error is then operation_canceled, or the
/// outcome that was already on its way. A cancelled read loses no bytes; a cancelled write aborts the exchange.
/// Threads:   the exchange's executor only.
inline void cancel(operation& op) noexcept {
  if (auto stop = std::exchange(op.stop, nullptr)) stop(op);
}

/// What a write is followed by.
enum class ending : unsigned char {
  more,     ///< other writes
  flush,    ///< other writes, but what there is goes out now: a head too, even without body bytes
  finish,   ///< nothing: the response is whole
};

/// Reads body bytes: some, at least one; an empty chunk is the end, again on each later read.
struct read_op : operation {
  std::string_view chunk{};         ///< the outcome, valid until the next read begins or the exchange ends

  std::string_view result() const noexcept { return chunk; }
};

/// Writes body bytes, which are borrowed until the operation is done.
struct write_op : operation {
  std::string_view data{};
  ending then = ending::more;
};

/// Waits until a point in time.
struct timer_op : operation {
  clock::time_point at{};
  std::size_t position = 0;         ///< the executor's while pending
};

}}  // namespace csgi::v1
