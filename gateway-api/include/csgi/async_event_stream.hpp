// csgi/async_event_stream.hpp - the front of server-sent events for coroutines.
#pragma once
#include <csgi/drain_notice.hpp>
#include <csgi/event_stream.hpp>
#include <csgi/sleep.hpp>
#include <csgi/when_any.hpp>

namespace csgi { inline namespace v1 {

/// A response that goes on as long as there is something to tell.
///
///   csgi::async_event_stream events(ex);
///   co_await events.open();
///   for (auto news = co_await events.next(waiting_for_news); news; news = co_await events.next(waiting_for_news)) {
///     const csgi::stream_event event{.data = news->text, .id = news->id};
///     co_await events.send(event);
///   }
///   co_await events.finish();
///
/// Lifetime:  of one coroutine; what it gives to await is awaited before its end.
/// Errors:    as the exchange's: disconnected, when the client has gone; cancelled; timed_out.
/// Compiler:  with g++ 12, give events a name first: no braces inside of a co_await.
class async_event_stream {
 public:
  explicit async_event_stream(async_exchange ex, event_stream_options options = {}) noexcept
      : ex_(ex), heartbeat_(options.heartbeat), silent_until_(from_now(patience())) {}
  async_event_stream(const async_event_stream&) = delete;
  async_event_stream& operator=(const async_event_stream&) = delete;

  /// Sends the head, with fields of one's own. HEAD is answered with it, and then all else does nothing but next(), which gives
  /// nothing.
  ///
  /// Errors:    misuse: fields that may not be sent, a response that is committed.
  task<> open(std::span<const field> more = {}) {
    header_list fields{std::span<const field>(event_stream_fields)};
    for (const auto& [name, value] : more) fields.add(name, value);
    ex_.start(200, fields.fields());
    return send_text(ex_, *this, {});
  }

  /// Sends one at once. What it views is consumed before this returns.
  ///
  /// Errors:    misuse: see event_text.
  task<> send(const stream_event& event) { return send_text(ex_, *this, std::move(event_text().add(event)).bytes()); }
  task<> comment(std::string_view text) { return send_text(ex_, *this, std::move(event_text().comment(text)).bytes()); }

  /// Sends several, which leave together.
  task<> send(event_text events) { return send_text(ex_, *this, std::move(events).bytes()); }

  /// Gives what `wait()` gives, a csgi::task or another awaitable of a value, and sends heartbeats meanwhile; nothing, once the
  /// server drains: time for a farewell. An awaitable is stopped for each heartbeat, and another one made, so that stopping it must
  /// not lose anything.
  ///
  /// Lifetime:  `wait` is borrowed until it resumes.
  /// Errors:    also what the awaitable fails with.
  template <class Wait>
  auto next(Wait& wait) {
    using value = std::remove_cvref_t<decltype(std::declval<std::invoke_result_t<Wait&>&>().result())>;
    return next_of<value>(ex_, *this, wait);
  }

  /// Resumes after `duration`, with true; or false, once the server drains. Sends heartbeats meanwhile.
  template <class Rep, class Period>
  task<bool> sleep_for(std::chrono::duration<Rep, Period> duration) {
    return sleep_until(ex_, *this, from_now(duration));
  }

  /// Ends the response. A browser comes back unless its page has it not to; one that is answered 204 instead of a stream does not.
  auto finish() const noexcept { return ex_.finish(); }

 private:
  bool to_head() const noexcept { return ex_.head().method == "HEAD"; }

  clock::duration patience() const noexcept {
    return heartbeat_.count() > 0 ? clock::duration(heartbeat_) : clock::duration::max();
  }

  // Coroutines that know their exchange are made of its memory.

  static task<> send_text(async_exchange ex, async_event_stream& self, std::string bytes) {
    if (self.to_head()) co_return;
    co_await ex.write(bytes, ending::flush);
    self.silent_until_ = from_now(self.patience());
  }

  template <class Value, class Wait>
  static task<std::optional<Value>> next_of(async_exchange ex, async_event_stream& self, Wait& wait) {
    while (!self.to_head() && !draining(ex)) {
      auto either = when_any(wait(), server_drains(ex), csgi::sleep_until(self.silent_until_), ex.gone());
      auto first = co_await std::move(either);
      if (first.index() == 0) co_return std::get<0>(std::move(first));
      if (first.index() == 1) break;
      const auto due = self.silent_until_;
      co_await ex.write(":\n\n", ending::flush);
      self.silent_until_ = std::max(from_now(self.patience()), due + self.patience());      // also where time jumps, as in tests
    }
    co_return std::nullopt;
  }

  static task<bool> sleep_until(async_exchange ex, async_event_stream& self, clock::time_point end) {
    const auto wait = [end] { return sleep(end); };
    const auto slept = co_await next_of<bool>(ex, self, wait);
    co_return slept.has_value();
  }

  static task<bool> sleep(clock::time_point end) {
    co_await csgi::sleep_until(end);
    co_return true;
  }

  const async_exchange ex_;
  const std::chrono::milliseconds heartbeat_;
  clock::time_point silent_until_;
};

}}  // namespace csgi::v1
