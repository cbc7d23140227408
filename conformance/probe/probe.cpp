// probe.cpp - see probe.hpp.
#include "probe.hpp"
#include <charconv>
#include <csgi/background.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/informational.hpp>
#include <csgi/request_info.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/trailers.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>

namespace csgi::conformance {

std::uint64_t number_in(std::string_view query) noexcept {
  std::uint64_t n = 0;
  std::from_chars(query.data(), query.data() + query.size(), n);
  return n;
}

std::string pattern(std::size_t size) {
  std::string bytes = "abcdefghijklmnopqrstuvw";
  while (bytes.size() < size) bytes.append(bytes, 0, size - bytes.size());
  bytes.resize(size);
  return bytes;
}

std::string name_of(std::error_code code) {
  struct entry {
    std::errc code;
    const char* name;
  };
  constexpr entry known[] = {
      {std::errc::bad_message, "bad_message"}, {std::errc::connection_reset, "connection_reset"},
      {std::errc::invalid_argument, "invalid_argument"}, {std::errc::io_error, "io_error"},
      {std::errc::message_size, "message_size"}, {std::errc::operation_canceled, "operation_canceled"},
      {std::errc::operation_in_progress, "operation_in_progress"}, {std::errc::operation_not_permitted, "operation_not_permitted"},
      {std::errc::operation_not_supported, "operation_not_supported"}, {std::errc::timed_out, "timed_out"},
  };
  if (!code) return "done";
  for (const entry& each : known)
    if (code == each.code) return each.name;
  return code.message();
}

std::string name_of(phase p) {
  constexpr const char* names[] = {"open", "started", "committed", "finished", "aborted"};
  return names[static_cast<unsigned char>(p)];
}

namespace {

task<> tell_notes(visit v) {
  const std::string lines = v.book.lines(v.key);
  co_await v.ex.respond(200, "text/plain", lines);
}

task<> tell_capabilities(visit v) {
  std::string lines = "csgi probe\n";
  for (const auto& id : {background::id, drain_notice::id, file_sender::id, finish_hooks::id, helping_lane::id, informational::id, lane::id, log_sink::id,
                         request_info::id, request_trailers::id, response_buffer::id, response_trailers::id, server_info::id, upgrade::id,
                         websocket::id})
    if (v.ex.raw().find(id)) lines.append(id.name).append("\n");
  co_await v.ex.respond(200, "text/plain", lines);
}

/// What the query says is noted: other behaviours wait for it.
task<> take_note(visit v) {
  v.note(std::string(v.ex.head().query));
  co_await v.ex.respond(200, "text/plain", "noted");
}

task<> nothing_there(visit v) { co_await v.ex.respond(404, "text/plain", "the probe knows no such behaviour\n"); }

behaviour find_behaviour(std::string_view path) noexcept {
  if (path == "/notes") return tell_notes;
  if (path == "/capabilities") return tell_capabilities;
  if (path == "/note") return take_note;
  for (const auto find : {find_response_behaviour, find_body_behaviour, find_fault_behaviour, find_observing_behaviour,
                          find_operation_behaviour, find_hook_behaviour, find_bridge_behaviour, find_draining_behaviour,
                          find_around_response_behaviour, find_playing_behaviour})
    if (const behaviour found = find(path)) return found;
  return nothing_there;
}

}  // namespace

task<> answer(async_exchange ex, notes& book, bool blocking) {
  const request& asked = ex.head();
  const std::string key(asked.field("x-case").value_or(""));
  if (!key.empty() && asked.tail() != "/notes" && asked.tail() != "/note") book.add(key, "called with " + std::string(asked.method));
  if (asked.tail() == "/throw-at-once") throw std::runtime_error("before there is a coroutine");
  return find_behaviour(asked.tail())({ex, book, key, blocking});
}

}  // namespace csgi::conformance
