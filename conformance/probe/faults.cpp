// faults.cpp - behaviours of the probe: everything an app can do wrong.
#include "probe.hpp"
#include <fcntl.h>
#include <unistd.h>

namespace csgi::conformance {

namespace {

struct secret final : std::exception {
  const char* what() const noexcept override { return "a secret of the app"; }
};

task<> throw_before(visit) {
  throw secret();
  co_return;
}

task<> throw_started(visit v) {
  v.ex.start(200, {{"x-lost", "1"}});
  throw secret();
  co_return;
}

task<> throw_committed(visit v) {
  v.ex.start(200);
  co_await v.ex.write("part");
  throw secret();
}

task<> throw_finished(visit v) {
  co_await v.ex.respond(200, "text/plain", "whole");
  throw secret();
}

task<> throw_42(visit) {
  throw 42;
  co_return;
}

/// Nobody has gone: it may be another connection's error that the app lets pass.
task<> claim_loss(visit) {
  raise(std::make_error_code(std::errc::connection_reset), "a secret of the app");
  co_return;
}

task<> silent(visit) { co_return; }

task<> started(visit v) {
  v.ex.start(200);
  co_return;
}

task<> unfinished(visit v) {
  v.ex.start(200);
  co_await v.ex.write("part");
}

task<> aborted(visit v) {
  v.ex.start(200);
  co_await v.ex.write("part");
  v.ex.abort(std::errc::io_error);
  v.note(v.ex.phase() == phase::aborted ? "aborted" : "not aborted");
}

task<> aborted_early(visit v) {
  v.ex.start(200);
  v.ex.abort(std::errc::io_error);
  co_return;
}

/// All the declared bytes, but no end.
task<> throw_at_length(visit v) {
  v.ex.start(200, {{"content-length", "4"}});
  co_await v.ex.write("part");
  throw secret();
}

/// Some of the declared bytes.
task<> throw_short_of_length(visit v) {
  v.ex.start(200, {{"content-length", "9"}});
  co_await v.ex.write("part");
  throw secret();
}

/// What is dropped for HEAD, 204 and 304 is taken although it is more than was declared.
task<> too_much(visit v) {
  const auto status = number_in(v.ex.head().query);
  v.ex.start(status == 0 ? 200 : static_cast<int>(status), {{"content-length", "5"}});
  bool refused = false;
  try {
    co_await v.ex.write("fi");
    co_await v.ex.write("sixsix");
  } catch (const too_large&) {
    refused = true;
  }
  v.note(refused ? "refused" : "accepted");
  co_await v.ex.finish("ve!");
}

task<> too_little(visit v) {
  v.ex.start(200, {{"content-length", "9"}});
  bool refused = false;
  try {
    co_await v.ex.finish("short");
  } catch (const malformed_body&) {
    refused = true;
  }
  v.note(refused ? "refused" : "accepted");
  v.note("phase " + name_of(v.ex.phase()));
}

/// Each head that may not be sent is tried; the refusals are noted, then a good one is sent.
task<> bad_heads(visit v) {
  const auto attempt = [&v](const char* what, const response_head& head) {
    const auto refused = v.ex.raw().start(head);
    v.note(std::string(what) + (refused == std::errc::invalid_argument ? ": refused" : ": taken"));
  };
  const auto with = [&](const char* what, field f) { attempt(what, {200, {&f, 1}}); };
  attempt("status 0", {0});
  attempt("status -200", {-200});
  attempt("status 99", {99});
  attempt("status 100", {100});
  attempt("status 101", {101});
  attempt("status 600", {600});
  with("CR LF in a value", {"x", "a\r\nb"});
  with("LF in a value", {"x", "a\nb"});
  with("NUL in a value", {"x", std::string_view("a\0b", 3)});
  with("DEL in a value", {"x", "a\x7f" "b"});
  with("escape in a value", {"x", "a\x1b[m"});
  with("CR in a value", {"x", "a\rb"});
  attempt("line end in a reason", {.status = 200, .reason = "OK\r\nx: y"});
  attempt("NUL in a reason", {.status = 200, .reason = std::string_view("O\0K", 3)});
  with("line end in a name", {"x\r\ny", "a"});
  with("byte above 0x7F in a name", {"x\xe4", "a"});
  with("empty name", {"", "a"});
  with("space in a name", {"x y", "a"});
  with("colon in a name", {"x:", "a"});
  with("length of letters", {"content-length", "five"});
  with("negative length", {"content-length", "-1"});
  with("list of lengths", {"content-length", "5, 5"});
  with("empty length", {"content-length", ""});
  with("hexadecimal length", {"content-length", "0x5"});
  const field differing[] = {{"content-length", "4"}, {"content-length", "5"}};
  attempt("differing lengths", {200, differing});
  for (const char* own : {"connection", "Keep-Alive", "proxy-connection", "TE", "trailer", "Transfer-Encoding", "upgrade"})
    with(own, {own, "x"});
  v.note(v.ex.phase() == phase::open ? "still open" : "not open any more");
  v.ex.start(200, {{"x-good", "tab\there"}});
  co_await v.ex.finish("good");
}

/// Operations out of turn, begun on the exchange itself: each completes at once.
std::string try_write(const visit& v, std::string_view data, ending then) {
  write_op op;
  op.data = data;
  op.then = then;
  op.done = [](operation&) noexcept {};
  return v.ex.raw().begin_write(op) == begun::completed ? name_of(op.error) : "pending";
}

std::string try_read(const visit& v) {
  read_op op;
  op.done = [](operation&) noexcept {};
  return v.ex.raw().begin_read(op) == begun::completed ? name_of(op.error) : "pending";
}

/// No bytes of a file that can be read, so that nothing else can be wrong with it.
std::string try_file(const visit& v) {
  auto* const sender = v.ex.find<file_sender>();
  if (sender == nullptr) return "operation_not_permitted";
  file_op op;
  op.descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  op.done = [](operation&) noexcept {};
  const std::string outcome = sender->begin_send_file(op) == begun::completed ? name_of(op.error) : "pending";
  ::close(op.descriptor);
  return outcome;
}

task<> out_of_turn(visit v) {
  v.note("write before start: " + try_write(v, "early", ending::more));
  v.note("finish before start: " + try_write(v, "", ending::finish));
  v.note("flush before start: " + try_write(v, "", ending::flush));
  v.note("file before start: " + try_file(v));
  v.ex.start(200);
  co_await v.ex.write("x");
  v.note("start after commit: " + name_of(v.ex.raw().start({500})));
  co_await v.ex.finish("y");
  v.note("read after finish: " + try_read(v));
  v.note("flush after finish: " + try_write(v, "", ending::flush));
  v.note("file after finish: " + try_file(v));
  v.note("write after finish: " + try_write(v, "late", ending::more));
  v.note("finish after finish: " + try_write(v, "", ending::finish));
  v.note("start after finish: " + name_of(v.ex.raw().start({500})));
  v.ex.abort(std::errc::io_error);
  v.note(v.ex.phase() == phase::finished ? "still finished" : "not finished any more");
}

/// The app's own abort is no loss of the connection: what follows is out of turn.
task<> after_abort(visit v) {
  v.ex.start(200);
  co_await v.ex.write("part");
  v.ex.abort(std::errc::io_error);
  v.note("write after abort: " + try_write(v, "late", ending::more));
  v.note("read after abort: " + try_read(v));
  v.note("file after abort: " + try_file(v));
  v.note("start after abort: " + name_of(v.ex.raw().start({500})));
  v.ex.abort(std::errc::timed_out);
  v.note("phase " + name_of(v.ex.phase()));
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/throw-before", throw_before}, {"/throw-started", throw_started}, {"/throw-committed", throw_committed},
    {"/throw-finished", throw_finished}, {"/throw-42", throw_42}, {"/claim-loss", claim_loss}, {"/silent", silent}, {"/started", started},
    {"/unfinished", unfinished}, {"/aborted", aborted}, {"/aborted-early", aborted_early}, {"/too-much", too_much}, {"/too-little", too_little},
    {"/bad-heads", bad_heads}, {"/out-of-turn", out_of_turn}, {"/after-abort", after_abort},
    {"/throw-at-length", throw_at_length}, {"/throw-short-of-length", throw_short_of_length},
};

}  // namespace

behaviour find_fault_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
