// csgi/blocking_event_stream.hpp - the front of server-sent events for plain functions.
#pragma once
#include <csgi/blocking_exchange.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/event_stream.hpp>

namespace csgi { inline namespace v1 {

/// A response that goes on as long as there is something to tell. Each keeps a thread.
///
///   csgi::blocking_event_stream events(ex);
///   events.open();
///   while (events.sleep_for(1s)) events.send({.data = time_of_day()});
///   events.finish();
///
/// Lifetime:  of one handler.
/// Errors:    as the exchange's: disconnected, when the client has gone; cancelled; timed_out.
class blocking_event_stream {
 public:
  explicit blocking_event_stream(blocking_exchange ex, event_stream_options options = {}) noexcept
      : ex_(ex), heartbeat_(options.heartbeat), last_sent_(clock::now()) {}
  blocking_event_stream(const blocking_event_stream&) = delete;
  blocking_event_stream& operator=(const blocking_event_stream&) = delete;

  /// Sends the head, with fields of one's own. HEAD is answered with it, and then all else does nothing, and sleep_for() gives
  /// false.
  ///
  /// Errors:    misuse: fields that may not be sent, a response that is committed.
  void open(std::span<const field> more = {}) {
    header_list fields{std::span<const field>(event_stream_fields)};
    for (const auto& [name, value] : more) fields.add(name, value);
    ex_.start(200, fields.fields());
    send_text({});
  }

  /// Sends one at once.
  ///
  /// Errors:    misuse: see event_text.
  void send(const stream_event& event) { send_text(event_text().add(event).bytes()); }
  void comment(std::string_view text) { send_text(event_text().comment(text).bytes()); }

  /// Sends several, which leave together.
  void send(const event_text& events) { send_text(events.bytes()); }

  /// Blocks for `duration`, and gives true; or false, soon after the server has begun to drain. Sends heartbeats meanwhile, and
  /// notices soon that the client has gone.
  ///
  /// Errors:    disconnected.
  template <class Rep, class Period>
  bool sleep_for(std::chrono::duration<Rep, Period> duration) {
    return sleep_until(from_now(duration));
  }

  /// Ends the response. A browser comes back unless its page has it not to; one that is answered 204 instead of a stream does not.
  void finish() { ex_.finish(); }

 private:
  static constexpr auto between_looks = std::chrono::milliseconds(250);     // blocking exchanges are asked, they tell nothing

  bool to_head() const noexcept { return ex_.head().method == "HEAD"; }

  void send_text(std::string_view bytes) {
    if (to_head()) return;
    ex_.write(bytes, ending::flush);
    last_sent_ = clock::now();
  }

  bool sleep_until(clock::time_point end) {
    auto now = clock::now();
    while (!to_head() && !draining(ex_)) {
      if (!ex_.connected()) raise(std::make_error_code(std::errc::connection_reset), "sleep_for");
      if (now >= end) return true;
      if (heartbeat_.count() > 0 && now - last_sent_ >= heartbeat_) {
        ex_.write(":\n\n", ending::flush);
        last_sent_ = now;
      }
      const auto part = std::min<clock::duration>(end - now, between_looks);
      ex_.sleep_for(part);
      now = std::max(clock::now(), now + part);       // also where time jumps, as in tests
    }
    return false;
  }

  const blocking_exchange ex_;
  const std::chrono::milliseconds heartbeat_;
  clock::time_point last_sent_;
};

}}  // namespace csgi::v1
