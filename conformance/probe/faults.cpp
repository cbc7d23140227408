// faults.cpp - behaviours of the probe: everything an app can do wrong.
#include "probe.hpp"

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

task<> too_much(visit v) {
  v.ex.start(200, {{"content-length", "5"}});
  bool refused = false;
  try {
    co_await v.ex.write("sixsix");
  } catch (const too_large&) {
    refused = true;
  }
  v.note(refused ? "refused" : "accepted");
  co_await v.ex.finish("five!");
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
}

/// Each head that may not be sent is tried; the refusals are noted, then a good one is sent.
task<> bad_heads(visit v) {
  const auto attempt = [&v](const char* what, const response_head& head) {
    const auto refused = v.ex.raw().start(head);
    v.note(std::string(what) + (refused == std::errc::invalid_argument ? ": refused" : ": taken"));
  };
  const auto with = [&](const char* what, field f) { attempt(what, {200, {&f, 1}}); };
  attempt("status 99", {99});
  attempt("status 100", {100});
  attempt("status 101", {101});
  attempt("status 600", {600});
  with("CR LF in a value", {"x", "a\r\nb"});
  with("LF in a value", {"x", "a\nb"});
  with("NUL in a value", {"x", std::string_view("a\0b", 3)});
  with("DEL in a value", {"x", "a\x7f" "b"});
  with("empty name", {"", "a"});
  with("space in a name", {"x y", "a"});
  with("colon in a name", {"x:", "a"});
  with("length of letters", {"content-length", "five"});
  with("negative length", {"content-length", "-1"});
  with("list of lengths", {"content-length", "5, 5"});
  for (const char* own : {"connection", "Keep-Alive", "proxy-connection", "TE", "trailer", "Transfer-Encoding", "upgrade"})
    with(own, {own, "x"});
  v.note(v.ex.phase() == phase::open ? "still open" : "not open any more");
  v.ex.start(200, {{"x-good", "tab\there"}});
  co_await v.ex.finish("good");
}

std::string outcome_of(const std::error_code& code) {
  return !code ? "done" : code == std::errc::operation_not_permitted ? "operation_not_permitted" : code.message();
}

/// Operations out of turn, begun on the exchange itself: each completes at once.
std::string try_write(const visit& v, std::string_view data, ending then) {
  write_op op;
  op.data = data;
  op.then = then;
  op.done = [](operation&) noexcept {};
  return v.ex.raw().begin_write(op) == begun::completed ? outcome_of(op.error) : "pending";
}

task<> out_of_turn(visit v) {
  v.note("write before start: " + try_write(v, "early", ending::more));
  v.note("finish before start: " + try_write(v, "", ending::finish));
  v.ex.start(200);
  co_await v.ex.write("x");
  v.note("start after commit: " + outcome_of(v.ex.raw().start({500})));
  co_await v.ex.finish("y");
  v.note("write after finish: " + try_write(v, "late", ending::more));
  v.note("finish after finish: " + try_write(v, "", ending::finish));
  v.note("start after finish: " + outcome_of(v.ex.raw().start({500})));
  v.ex.abort(std::errc::io_error);
  v.note(v.ex.phase() == phase::finished ? "still finished" : "not finished any more");
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/throw-before", throw_before}, {"/throw-started", throw_started}, {"/throw-committed", throw_committed},
    {"/throw-finished", throw_finished}, {"/throw-42", throw_42}, {"/silent", silent}, {"/started", started},
    {"/unfinished", unfinished}, {"/aborted", aborted}, {"/aborted-early", aborted_early}, {"/too-much", too_much}, {"/too-little", too_little},
    {"/bad-heads", bad_heads}, {"/out-of-turn", out_of_turn},
};

}  // namespace

behaviour find_fault_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
