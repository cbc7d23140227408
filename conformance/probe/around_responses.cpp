// around_responses.cpp - behaviours of the probe: what is said before a response and behind it, and what waits to be sent.
#include "probe.hpp"
#include "watched.hpp"
#include <csgi/informational.hpp>
#include <csgi/request_info.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/tls_info.hpp>
#include <csgi/trailers.hpp>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

// --- before -------------------------------------------------------------------------------------------------------

/// Two hints, the second when the client has sent the body; then the response.
task<> hinting(visit v) {
  const field links[] = {{"Link", "</a.css>"}, {"link", "</b.js>"}};
  co_await inform(v.ex, 103, links);
  for (auto chunk = co_await v.ex.read(); !chunk.empty();) chunk = co_await v.ex.read();
  v.note("still " + name_of(v.ex.phase()));
  const field progress[] = {{"X-Progress", "2"}};
  co_await inform(v.ex, 199, progress);
  co_await v.ex.respond(200, "text/plain", "hinted");
}

/// A head that was started outlives the hint.
task<> hinting_late(visit v) {
  v.ex.start(201, {{"x-started", "before"}});
  co_await inform(v.ex, 102, {});
  co_await v.ex.finish("late");
}

struct hint {
  std::string what;
  int status = 103;
  std::vector<field> fields = {};
};

task<> note_outcome(visit v, const hint& tried) {
  std::string outcome = "done";
  try {
    co_await inform(v.ex, tried.status, tried.fields);
  } catch (const error& refused) {
    outcome = name_of(refused.code());
  }
  v.note(tried.what + ": " + outcome);
}

task<> bad_hints(visit v) {
  std::vector<hint> bad;
  for (const int status : {0, 99, 100, 101, 200, 600}) bad.push_back({"status " + std::to_string(status), status});
  bad.push_back({"a length", 103, {{"Content-Length", "1"}}});
  bad.push_back({"a field of the connection", 103, {{"Connection", "close"}}});
  bad.push_back({"a line end", 103, {{"Link", "a\r\nX: b"}}});
  bad.push_back({"no name", 103, {{"", "a"}}});
  for (const hint& each : bad) co_await note_outcome(v, each);
  v.ex.start(200);
  co_await v.ex.write("committed", ending::flush);
  const hint late{"too late"};
  co_await note_outcome(v, late);
  co_await v.ex.finish();
}

// --- behind -------------------------------------------------------------------------------------------------------

std::string lines_of(std::span<const field> fields) {
  std::string lines;
  for (const field& f : fields) lines.append(f.name).append("=").append(f.value).append("\n");
  return lines;
}

task<> tell_trailers(visit v) {
  const auto& trailers = *v.ex.find<request_trailers>();
  std::string told = "before:\n" + lines_of(trailers.fields());
  for (auto chunk = co_await v.ex.read(); !chunk.empty(); chunk = co_await v.ex.read()) told += "body\n";
  told += "behind:\n" + lines_of(trailers.fields());
  if (v.ex.head().field("x-sum")) told += "among the fields\n";
  co_await v.ex.respond(200, "text/plain", told);
}

task<> trailing(visit v) {
  const auto& trailers = *v.ex.find<response_trailers>();
  announce_trailers(v.ex, {"X-Sum", "X-Unset"});
  v.ex.start(200);
  const bool pieces = v.ex.head().query == "pieces";
  if (pieces) co_await v.ex.write("part");
  set_trailers(v.ex, {{"X-Sum", "1"}, {"x-sum", trailers.wanted() ? "wanted" : "not asked for"}});
  co_await v.ex.finish("whole");
}

/// In an order in which each refusal leaves what comes next as it was.
task<> bad_trailers(visit v) {
  auto& trailers = *v.ex.find<response_trailers>();
  const auto announce = [&](std::string_view name) { v.note("announcing " + std::string(name) + ": " + name_of(trailers.announce({&name, 1}))); };
  const auto set = [&](const std::string& what, field f) { v.note(what + ": " + name_of(trailers.set({&f, 1}))); };
  for (const char* name : {"Content-Length", "transfer-encoding", "Host", "Authorization", "Set-Cookie", "Content-Type", "a b", ""}) announce(name);
  v.ex.start(200, {{"content-length", "3"}});
  announce("X-A");
  v.ex.start(200);
  announce("X-A");
  const field length[] = {{"content-length", "3"}};
  v.note("starting with a length: " + name_of(v.ex.raw().start({.status = 200, .fields = length})));
  set("setting what was not announced", {"X-B", "1"});
  set("setting a line end", {"X-A", "1\r\nX-B: 2"});
  set("setting what was announced", {"x-a", "1"});
  co_await v.ex.write("committed", ending::flush);
  announce("X-Late");
  co_await v.ex.finish();
  set("setting too late", {"x-a", "2"});
}

// --- meanwhile ----------------------------------------------------------------------------------------------------

/// Writes until some of it is buffered, as the client takes nothing, and more than the mark allows.
task<> fill(visit v) {
  auto& buffer = *v.ex.find<response_buffer>();
  constexpr std::size_t part = 1000;
  const std::string bytes = pattern(part);
  buffer.set_high_water(number_in(v.ex.head().query));
  v.note("the mark is " + std::to_string(buffer.high_water()));
  v.ex.start(200);
  std::size_t most = 0, parts_left = 100;
  while (parts_left > 0) {
    co_await v.ex.write(bytes);
    if (most == 0 && buffer.buffered() > 0) v.note("some was buffered");
    most = std::max(most, buffer.buffered());
    if (most > 0 || buffer.high_water() == 0) --parts_left;
  }
  if (most == 0) v.note("nothing was buffered");
  v.note(most > buffer.high_water() ? "beyond the mark" : "within the mark");
  co_await drained(v.ex);
  v.note("left: " + std::to_string(buffer.buffered()));
  co_await v.ex.finish();
}

task<> note_mark(visit v) {
  v.note(v.ex.find<response_buffer>()->high_water() == 5000 ? "the mark of another exchange" : "another mark");
  co_await v.ex.respond(200, "text/plain", "noted");
}

/// Two waits for the same, while the client takes nothing. A kernel goes on making room for a while where a client
/// reads nothing, by some megabytes, which must not be what ends them: what waits to be written is more than that.
task<> drained_twice(visit v) {
  auto& buffer = *v.ex.find<response_buffer>();
  const std::string bytes = pattern(32'000'000);
  watched<write_op> write;
  watched<drain_op> first, second;
  v.ex.start(200);
  write.data = bytes;
  v.note("write: " + write.begun_as(v.ex.raw().begin_write(write)));
  v.note("first: " + first.begun_as(buffer.begin_drained(first)));
  v.note("second: " + second.begun_as(buffer.begin_drained(second)));
  while (!first.over || !write.over) co_await v.ex.sleep_for(1ms);
  v.note("ended: " + name_of(first.error));
  co_await v.ex.finish();
}

task<> numbered(visit v) {
  const auto& info = *v.ex.find<request_info>();
  const auto age = clock::now() - info.received();
  v.note(age >= -1s && age < 2s ? "recent" : "of another time");
  const std::string before = v.book.lines(v.key);
  const auto last = before.rfind("number ");
  if (last != before.npos) v.note(info.number() > number_in(std::string_view(before).substr(last + 7)) ? "greater" : "not greater");
  v.note("number " + std::to_string(info.number()));
  co_await v.ex.respond(200, "text/plain", std::to_string(info.number()));
}


task<> tell_tls(visit v) { co_await v.ex.respond(200, "text/plain", v.ex.find<tls_info>() ? "present" : "absent"); }

task<> tell_informational(visit v) { co_await v.ex.respond(200, "text/plain", v.ex.find<informational>() ? "present" : "absent"); }

task<> tell_response_trailers(visit v) {
  v.note(v.ex.find<response_trailers>() ? "present" : "absent");
  co_await v.ex.respond(200, "text/plain", "noted");
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/hinting", hinting}, {"/hinting-late", hinting_late}, {"/bad-hints", bad_hints}, {"/informational", tell_informational},
    {"/trailers", tell_trailers}, {"/trailing", trailing}, {"/bad-trailers", bad_trailers}, {"/trailers-for", tell_response_trailers},
    {"/fill", fill}, {"/mark", note_mark}, {"/drained-twice", drained_twice},
    {"/numbered", numbered}, {"/tls", tell_tls},
};

}  // namespace

behaviour find_around_response_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
