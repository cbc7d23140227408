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
/// Lifetime:  the exchange's; it owns nothing.
/// Errors:    as the exchange's: disconnected, when the client has gone; cancelled; timed_out.
/// Compiler:  with g++ 12, give events a name first: no braces inside of a co_await.
class async_event_stream {
 public:
  explicit async_event_stream(async_exchange ex, event_stream_options options = {}) noexcept : ex_(ex), options_(options) {}

  /// Sends the head, with fields of one's own. HEAD is answered with it, and then all else does nothing but next(), which gives
  /// nothing.
  ///
  /// Errors:    misuse: fields that may not be sent, a response that is committed.
  task<> open(std::span<const field> more = {}) const {
    header_list fields{std::span<const field>(event_stream_fields)};
    for (const auto& [name, value] : more) fields.add(name, value);
    ex_.start(200, fields.fields());
    return send_text(ex_, {});
  }

  /// Sends one at once. What it views is consumed before this returns.
  ///
  /// Errors:    misuse: see event_text.
  task<> send(const stream_event& event) const { return send_text(ex_, std::move(event_text().add(event)).bytes()); }
  task<> comment(std::string_view text) const { return send_text(ex_, std::move(event_text().comment(text)).bytes()); }

  /// Sends several, which leave together.
  task<> send(event_text events) const { return send_text(ex_, std::move(events).bytes()); }

  /// Gives what `wait()` gives, a csgi::task or another awaitable of a value, and sends heartbeats meanwhile; nothing, once the
  /// server drains: time for a farewell. An awaitable is stopped for each heartbeat, and another one made, so that stopping it must
  /// not lose anything.
  ///
  /// Lifetime:  `wait` is borrowed until it resumes.
  /// Errors:    also what the awaitable fails with.
  template <class Wait>
  auto next(Wait& wait) const {
    using value = std::remove_cvref_t<decltype(std::declval<std::invoke_result_t<Wait&>&>().result())>;
    return next_of<value>(ex_, options_, wait);
  }

  /// Resumes after `duration`, with true; or false, once the server drains. Sends heartbeats meanwhile.
  template <class Rep, class Period>
  task<bool> sleep_for(std::chrono::duration<Rep, Period> duration) const {
    return sleep_until(ex_, options_, from_now(duration));
  }

  /// Ends the response. A client comes back where it is not told otherwise by its page: 204 instead of a stream keeps it away.
  auto finish() const noexcept { return ex_.finish(); }

 private:
  // Coroutines keep their parameters, but not the object they are members of.

  static bool to_head(async_exchange ex) noexcept { return ex.head().method == "HEAD"; }

  static task<> send_text(async_exchange ex, std::string bytes) {
    if (to_head(ex)) co_return;
    co_await ex.write(bytes, ending::flush);
  }

  static clock::duration patience(event_stream_options options) noexcept {
    return options.heartbeat.count() > 0 ? clock::duration(options.heartbeat) : clock::duration::max();
  }

  template <class Value, class Wait>
  static task<std::optional<Value>> next_of(async_exchange ex, event_stream_options options, Wait& wait) {
    if (to_head(ex)) co_return std::nullopt;
    for (;;) {
      if (draining(ex)) co_return std::nullopt;
      auto either = when_any(wait(), server_drains(ex), csgi::sleep_for(patience(options)), ex.gone());
      auto first = co_await std::move(either);
      if (first.index() == 0) co_return std::get<0>(std::move(first));
      if (first.index() == 1) co_return std::nullopt;
      co_await ex.write(":\n\n", ending::flush);
    }
  }

  static task<bool> sleep_until(async_exchange ex, event_stream_options options, clock::time_point end) {
    auto wait = [end]() -> task<bool> { return sleep_and_say_so(end); };
    const auto slept = co_await next_of<bool>(ex, options, wait);
    co_return slept.has_value();
  }

  static task<bool> sleep_and_say_so(clock::time_point end) {
    co_await csgi::sleep_until(end);
    co_return true;
  }

  async_exchange ex_;
  event_stream_options options_;
};

}}  // namespace csgi::v1
