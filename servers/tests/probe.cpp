// probe.cpp - see probe.hpp.
#include "probe.hpp"
#include <charconv>
#include <csgi/async_websocket.hpp>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace csgi::tests {

using namespace std::chrono_literals;

void witness::note(std::string what) {
  const std::lock_guard lock(mutex_);
  seen_.push_back(std::move(what));
  changed_.notify_all();
}

bool witness::saw(const std::string& what) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, 10s, [&] { return std::find(seen_.begin(), seen_.end(), what) != seen_.end(); });
}

std::size_t witness::count(const std::string& what) {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count(seen_.begin(), seen_.end(), what));
}

std::vector<std::string> witness::all() {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void gate::open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

void gate::pass() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, 10s, [&] { return open_; });
}

namespace {

std::uint64_t number_in(std::string_view query) {
  std::uint64_t n = 0;
  std::from_chars(query.data(), query.data() + query.size(), n);
  return n;
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i % 23);
  return bytes;
}

task<> hello(async_exchange ex, probe&) { co_await ex.respond(200, "text/plain", "Hello\n"); }

task<> status(async_exchange ex, probe&) {
  ex.start(static_cast<int>(number_in(ex.head().query)), {{"x-probe", "1"}});
  co_await ex.finish("body\n");
}

task<> echo(async_exchange ex, probe&) {
  ex.start(200);
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

task<> collect(async_exchange ex, probe&) {
  const std::string body = co_await ex.read_all(1 << 20);
  co_await ex.respond(200, "text/plain", body);
}

task<> count(async_exchange ex, probe& p) {
  std::uint64_t total = 0;
  bool failed = false;
  try {
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) total += chunk.size();
  } catch (const error& e) {
    failed = true;
    p.seen.note("read failed: " + e.code().message());
  }
  if (failed) throw std::runtime_error("no body");
  const std::string text = std::to_string(total);
  co_await ex.respond(200, "text/plain", text);
}

task<> ignore_body(async_exchange ex, probe&) { co_await ex.respond(200, "text/plain", "ignored"); }

task<> stream(async_exchange ex, probe& p) {
  const std::string block = pattern(64 * 1024);
  ex.start(200);
  bool failed = false;
  try {
    for (auto left = number_in(ex.head().query); left > 0;) {
      const auto part = std::string_view(block).substr(0, left);
      co_await ex.write(part);
      left -= part.size();
    }
    co_await ex.finish();
  } catch (const error& e) {
    failed = true;
    p.seen.note("write failed: " + e.code().message());
  }
  if (!failed) p.seen.note("streamed");
}

task<> whole(async_exchange ex, probe& p) {
  const std::string body = pattern(number_in(ex.head().query));
  co_await ex.respond(200, "text/plain", body);
  p.seen.note("finished");
}

/// As many bytes, of a file that is nowhere but in memory.
class pattern_file {
 public:
  explicit pattern_file(std::size_t size) : descriptor_(::memfd_create("pattern", MFD_CLOEXEC)) {
    if (::write(descriptor_, pattern(size).data(), size) != static_cast<ssize_t>(size)) throw std::runtime_error("no file");
  }
  pattern_file(const pattern_file&) = delete;
  pattern_file& operator=(const pattern_file&) = delete;
  ~pattern_file() { ::close(descriptor_); }
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

task<> file(async_exchange ex, probe&) {
  const auto size = number_in(ex.head().query);
  const pattern_file sent(size);
  const std::string length = std::to_string(size);
  ex.start(200, {{"content-length", length}});
  co_await ex.send_file(sent.descriptor(), 0, size, ending::finish);
}

task<> talk(async_exchange ex, probe&) {
  async_websocket socket(ex);
  if (!socket) co_return co_await want_websocket(ex);
  co_await socket.accept();
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
}

task<> flushed(async_exchange ex, probe& p) {
  ex.start(200);
  co_await ex.flush();
  p.seen.note("flushed");
  const auto chunk = co_await ex.read();
  co_await ex.finish(chunk);
}

task<> throw_before(async_exchange, probe&) {
  throw std::runtime_error("a secret\nof the app");
  co_return;
}

task<> throw_started(async_exchange ex, probe&) {
  ex.start(200, {{"x-lost", "1"}});
  throw std::runtime_error("a secret");
  co_return;
}

task<> throw_committed(async_exchange ex, probe&) {
  ex.start(200);
  co_await ex.write("part");
  throw std::runtime_error("a secret");
}

task<> throw_finished(async_exchange ex, probe&) {
  co_await ex.respond(200, "text/plain", "whole");
  throw std::runtime_error("too late");
}

task<> throw_42(async_exchange, probe&) {
  throw 42;
  co_return;
}

task<> silent(async_exchange, probe&) { co_return; }
task<> started(async_exchange ex, probe&) {
  ex.start(200);
  co_return;
}

task<> unfinished(async_exchange ex, probe&) {
  ex.start(200);
  co_await ex.write("part");
}

task<> too_much(async_exchange ex, probe& p) {
  ex.start(200, {{"content-length", "5"}});
  bool refused = false;
  try {
    co_await ex.write("sixsix");
  } catch (const too_large&) {
    refused = true;
  }
  if (refused) p.seen.note("refused");
  co_await ex.finish("five!");
}

task<> too_little(async_exchange ex, probe& p) {
  ex.start(200, {{"content-length", "9"}});
  bool refused = false;
  try {
    co_await ex.finish("short");
  } catch (const malformed_body&) {
    refused = true;
  }
  if (refused) p.seen.note("refused");
}

task<> aborted(async_exchange ex, probe&) {
  ex.start(200);
  co_await ex.write("part");
  ex.abort(std::errc::io_error);
}

task<> misused(async_exchange ex, probe& p) {
  const auto refused = [&](const char* what, auto&& f) {
    try {
      f();
    } catch (const misuse&) {
      p.seen.note(what);
    }
  };
  bool early = false;
  try {
    co_await ex.write("early");
  } catch (const misuse&) {
    early = true;
  }
  if (early) p.seen.note("write before start");
  refused("line break in a value", [&] { ex.start(200, {{"x", "a\r\nb"}}); });
  refused("no token", [&] { ex.start(200, {{"x y", "a"}}); });
  refused("own framing", [&] { ex.start(200, {{"transfer-encoding", "chunked"}}); });
  refused("status", [&] { ex.start(99); });
  ex.start(201);
  ex.start(200, {{"x-second", "1"}});
  co_await ex.write("x");
  refused("start after commit", [&] { ex.start(500); });
  co_await ex.finish("y");
  bool late = false;
  try {
    co_await ex.write("late");
  } catch (const misuse&) {
    late = true;
  }
  if (late) p.seen.note("write after finish");
}

task<> hooked(async_exchange ex, probe& p) {
  for (int i = 1; i <= 3; ++i)
    ex.on_finish([&p, i](const outcome& how) {
      p.seen.note("hook " + std::to_string(i) + ' ' + std::to_string(how.status) + ' ' + std::to_string(how.body_bytes) +
                  (how.aborted ? " aborted" : " whole"));
    });
  if (ex.head().query == "throw") throw std::runtime_error("hooked");
  ex.start(200);
  if (ex.head().query == "abort") {
    co_await ex.write("part");
    throw std::runtime_error("hooked");
  }
  co_await ex.finish("12345");
}

task<> until_gone(async_exchange ex, probe& p) {
  p.seen.note("waiting");
  while (ex.connected()) co_await ex.sleep_for(5ms);
  p.seen.note("gone");
}

task<> wait_for_gone(async_exchange ex, probe& p) {
  p.seen.note("waiting");
  std::string how = "nobody went";
  try {
    co_await ex.gone();
  } catch (const disconnected&) {
    how = "disconnected";
  } catch (const cancelled&) {
    how = "cancelled";
  }
  p.seen.note("gone: " + how);
  co_await ex.respond(200, "text/plain", how);
}

task<> read_forever(async_exchange ex, probe& p) {
  p.seen.note("reading");
  std::string failure;
  try {
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
    }
  } catch (const error& e) {
    failure = e.code() == std::errc::connection_reset ? "reset" : e.code() == std::errc::timed_out ? "timeout" : e.code().message();
  }
  p.seen.note("read ended: " + failure);
  if (!failure.empty()) throw timed_out(std::make_error_code(std::errc::timed_out), "read");
  co_await ex.respond(200, "text/plain", "all");
}

task<> hold(async_exchange ex, probe& p) {
  p.seen.note("held");
  p.door.pass();
  co_await ex.respond(200, "text/plain", "held");
}

task<> nap(async_exchange ex, probe& p) {
  p.seen.note("napping");
  bool stopped = false;
  try {
    co_await ex.sleep_for(std::chrono::milliseconds(number_in(ex.head().query)));
  } catch (const cancelled&) {
    stopped = true;
  }
  p.seen.note(stopped ? "stopped" : "slept");
  if (stopped) raise(std::make_error_code(std::errc::operation_canceled), "nap");
  co_await ex.respond(200, "text/plain", "rested");
}

}  // namespace

probe::probe()
    : behaviours_{{"/hello", hello}, {"/status", status}, {"/echo", echo}, {"/collect", collect}, {"/count", count},
                  {"/ignore-body", ignore_body}, {"/stream", stream}, {"/whole", whole}, {"/flushed", flushed}, {"/file", file}, {"/talk", talk},
                  {"/throw-before", throw_before}, {"/throw-started", throw_started}, {"/throw-committed", throw_committed},
                  {"/throw-finished", throw_finished}, {"/throw-42", throw_42}, {"/silent", silent}, {"/started", started},
                  {"/unfinished", unfinished}, {"/too-much", too_much}, {"/too-little", too_little}, {"/aborted", aborted},
                  {"/misused", misused}, {"/hooked", hooked}, {"/until-gone", until_gone}, {"/gone", wait_for_gone}, {"/read-forever", read_forever},
                  {"/hold", hold}, {"/nap", nap}} {}

task<> probe::answer(async_exchange ex) {
  ++calls;
  const auto found = behaviours_.find(ex.head().tail());
  return found == behaviours_.end() ? status(ex, *this) : found->second(ex, *this);
}

}  // namespace csgi::tests
