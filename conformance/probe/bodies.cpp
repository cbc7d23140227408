// bodies.cpp - behaviours of the probe: what it makes of a request's head and body.
#include "probe.hpp"

namespace csgi::conformance {

namespace {

std::string end_point(const endpoint& e) {
  if (e.type == endpoint::kind::unknown) return "unknown";
  return std::string(e.address) + (e.type == endpoint::kind::ip ? ':' + std::to_string(e.port) : std::string());
}

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '%') text += c;
    else text.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }
  return text;
}

/// Everything of the request, a line each; odd bytes as %xx, so that they can be compared.
std::string description(const request& r) {
  std::string text = "request\n";
  const auto line = [&](std::string_view name, std::string_view value) { text.append(name).append("=").append(hex(value)).append("\n"); };
  line("method", r.method);
  line("target", r.target);
  line("raw_path", r.raw_path);
  line("path", r.path);
  line("root_path", r.root_path);
  line("tail", r.tail());
  line("query", r.has_query ? r.query : "(none)");
  line("version", to_string(r.version));
  line("scheme", r.scheme);
  line("authority", r.authority);
  line("body", r.body == body_kind::none ? "none" : r.body == body_kind::known ? "known " + std::to_string(r.content_length) : "unknown");
  line("peer", end_point(r.peer));
  line("local", end_point(r.local));
  line("fields", std::to_string(r.fields.size()));
  for (const auto& f : r.fields) text.append("field ").append(hex(f.name)).append("=").append(hex(f.value)).append("\n");
  return text;
}

task<> describe(visit v) {
  const std::string text = description(v.ex.head());
  co_await v.ex.respond(200, "text/plain", text);
}

task<std::string> outcome_of_read(async_exchange ex) {
  std::string outcome;
  try {
    const auto chunk = co_await ex.read();
    outcome = chunk.empty() ? "the end" : "bytes";
  } catch (const error& e) {
    outcome = name_of(e.code());
  }
  co_return outcome;
}

task<> echo(visit v) {
  v.ex.start(200);
  for (auto chunk = co_await v.ex.read(); !chunk.empty(); chunk = co_await v.ex.read()) co_await v.ex.write(chunk);
  co_await v.ex.finish();
}

task<> collect(visit v) {
  const std::string body = co_await v.ex.read_all(16u << 20);
  co_await v.ex.respond(200, "text/plain", body);
}

/// Reads on after the end: it stays the end.
task<> read_on(visit v) {
  std::string body = co_await v.ex.read_all(1 << 20);
  for (int i = 0; i < 3; ++i) {
    const auto more = co_await v.ex.read();
    body += more.empty() ? "." : "!";
  }
  co_await v.ex.respond(200, "text/plain", body);
}

/// Counts the body's bytes; what ends it early is noted and thrown on.
task<> count(visit v) {
  v.note("reading");
  v.note_end();
  std::uint64_t total = 0;
  std::exception_ptr failure;
  std::error_code code;
  try {
    for (auto chunk = co_await v.ex.read(); !chunk.empty(); chunk = co_await v.ex.read()) total += chunk.size();
  } catch (const error& e) {
    failure = std::current_exception();
    code = e.code();
  }
  if (failure) {
    v.note("read failed: " + name_of(code));
    if (code == std::errc::bad_message || code == std::errc::connection_reset) {
      const std::string again = co_await outcome_of_read(v.ex);
      v.note("read again: " + again);
    }
    std::rethrow_exception(failure);
  }
  const std::string text = std::to_string(total);
  co_await v.ex.respond(200, "text/plain", text);
}

/// Reads to the end, or to a failure, of which it makes nothing: it ends without a word, or answers all the same.
task<> careless(visit v) {
  std::string failure = "none";
  for (std::size_t got = 1; got > 0 && failure == "none";) {
    try {
      const auto chunk = co_await v.ex.read();
      got = chunk.size();
    } catch (const error& e) {
      failure = name_of(e.code());
    }
  }
  v.note("read failed: " + failure);
  if (v.ex.head().query == "throw") throw std::runtime_error("careless");
  if (v.ex.head().query == "answer") co_await v.ex.respond(200, "text/plain", "never mind");
}

task<> ignore_body(visit v) { co_await v.ex.respond(200, "text/plain", "ignored"); }

task<> first_bytes(visit v) {
  const auto chunk = co_await v.ex.read();
  const std::string kept(chunk);
  co_await v.ex.respond(200, "text/plain", kept);
}

/// Answers first, then reads what came, and notes how much.
task<> answer_then_read(visit v) {
  v.ex.start(200);
  co_await v.ex.write("early");
  std::uint64_t total = 0;
  for (auto chunk = co_await v.ex.read(); !chunk.empty(); chunk = co_await v.ex.read()) total += chunk.size();
  const std::string text = " " + std::to_string(total);
  co_await v.ex.finish(text);
}

/// The views of the head are still what they were when the whole body has passed, and when the response is finished.
task<> views_stay(visit v) {
  const std::string before = description(v.ex.head());
  for (auto chunk = co_await v.ex.read(); !chunk.empty(); chunk = co_await v.ex.read()) {
  }
  const bool same = before == description(v.ex.head());
  co_await v.ex.respond(200, "text/plain", same ? "same" : "changed");
  co_await v.ex.sleep_for(std::chrono::milliseconds(1));
  v.note(before == description(v.ex.head()) ? "still the same" : "changed behind the end");
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/echo", echo}, {"/collect", collect}, {"/read-on", read_on}, {"/count", count}, {"/ignore-body", ignore_body},
    {"/first-bytes", first_bytes}, {"/answer-then-read", answer_then_read}, {"/views-stay", views_stay},
    {"/careless", careless},
};

}  // namespace

behaviour find_body_behaviour(std::string_view path) noexcept {
  if (path.starts_with("/request") || path.empty() || path == "/" || path == "*") return describe;
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
