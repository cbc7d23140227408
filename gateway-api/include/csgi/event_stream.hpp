// csgi/event_stream.hpp - server-sent events as bytes: text/event-stream (WHATWG HTML, 9.2).
#pragma once
#include <csgi/error.hpp>
#include <csgi/header_list.hpp>
#include <csgi/request.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace csgi { inline namespace v1 {

/// One event, or what a client is to know without one.
struct stream_event {
  std::optional<std::string_view> data{};             ///< UTF-8, of several lines too; nothing: no event, only what follows
  std::string_view name{};                            ///< what listeners know it by; empty: "message"
  std::optional<std::string_view> id{};               ///< from which the client goes on when it comes back; empty: it forgets
  std::optional<std::chrono::milliseconds> retry{};   ///< how long the client waits before it comes back
};

/// A stream of events says nothing of its length, is not stored, and not held back by proxies that would collect it first.
inline constexpr field event_stream_fields[] = {
    {"content-type", "text/event-stream"}, {"cache-control", "no-store"}, {"x-accel-buffering", "no"}};

/// The id of the last event that a client has seen which comes back; nothing where it has seen none.
///
/// Lifetime:  the request's.
inline std::optional<std::string_view> last_event_id(const request& head) noexcept {
  const auto id = head.field("last-event-id");
  return id && !id->empty() ? id : std::nullopt;
}

/// Puts events into bytes. Ends of lines are CR, LF or both.
class event_text {
 public:
  /// Errors:    misuse, and nothing is added: a name or an id with an end of line in it, which could pass for other fields, or
  ///            with a NUL, which has clients ignore an id; a retry less than 0.
  event_text& add(const stream_event& event) {
    if (unfit(event.name) || unfit(event.id.value_or("")) || (event.retry && event.retry->count() < 0))
      raise(std::make_error_code(std::errc::invalid_argument), "an event with a line end or NUL in its name or id, or a retry below 0");
    if (event.retry) line("retry", std::to_string(event.retry->count()));
    if (event.id) line("id", *event.id);
    if (event.data && !event.name.empty()) line("event", event.name);
    if (event.data) lines("data", *event.data);
    bytes_ += '\n';
    return *this;
  }

  /// What clients skip: a sign of life.
  event_text& comment(std::string_view text) {
    lines("", text);
    bytes_ += '\n';
    return *this;
  }

  const std::string& bytes() const& noexcept { return bytes_; }
  std::string bytes() && noexcept { return std::move(bytes_); }

 private:
  static bool unfit(std::string_view text) noexcept {
    constexpr std::string_view forbidden("\r\n\0", 3);
    return text.find_first_of(forbidden) != std::string_view::npos;
  }

  /// Clients take one space away: so one that the value begins with stays.
  void line(std::string_view field_name, std::string_view value) { bytes_.append(field_name).append(": ").append(value) += '\n'; }

  void lines(std::string_view field_name, std::string_view text) {
    for (;;) {
      const auto end = text.find_first_of("\r\n");
      line(field_name, text.substr(0, end));
      if (end == std::string_view::npos) return;
      const bool both = text.substr(end, 2) == "\r\n";
      text.remove_prefix(end + (both ? 2 : 1));
    }
  }

  std::string bytes_;
};

/// How a stream of events is kept.
struct event_stream_options {
  std::chrono::milliseconds heartbeat{15'000};        ///< a comment after so long without anything, which proxies and clients that
                                                      ///< have vanished are found by; 0: none
};

}}  // namespace csgi::v1
