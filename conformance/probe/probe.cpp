// probe.cpp - see probe.hpp.
#include "probe.hpp"
#include <charconv>

namespace csgi::conformance {

std::uint64_t number_in(std::string_view query) noexcept {
  std::uint64_t n = 0;
  std::from_chars(query.data(), query.data() + query.size(), n);
  return n;
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i % 23);
  return bytes;
}

namespace {

task<> tell_notes(visit v) {
  const std::string lines = v.book.lines(v.key);
  co_await v.ex.respond(200, "text/plain", lines);
}

task<> tell_capabilities(visit v) {
  std::string lines = "csgi probe\n";
  for (const auto& id : {file_sender::id, finish_hooks::id, log_sink::id, server_info::id})
    if (v.ex.raw().find(id)) lines.append(id.name).append("\n");
  co_await v.ex.respond(200, "text/plain", lines);
}

task<> nothing_there(visit v) { co_await v.ex.respond(404, "text/plain", "the probe knows no such behaviour\n"); }

behaviour find_behaviour(std::string_view path) noexcept {
  if (path == "/notes") return tell_notes;
  if (path == "/capabilities") return tell_capabilities;
  for (const auto find : {find_response_behaviour, find_body_behaviour, find_fault_behaviour, find_observing_behaviour})
    if (const behaviour found = find(path)) return found;
  return nothing_there;
}

}  // namespace

task<> answer(async_exchange ex, notes& book, bool blocking) {
  const behaviour chosen = find_behaviour(ex.head().tail());
  return chosen({ex, book, std::string(ex.head().field("x-case").value_or("")), blocking});
}

}  // namespace csgi::conformance
