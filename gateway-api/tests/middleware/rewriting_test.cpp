#include <csgi/middleware/rewriting_exchange.hpp>
#include "around.hpp"
#include "driven_task.hpp"
#include <csgi/middleware/hooks.hpp>
#include <cstdio>
#include <unistd.h>

using namespace csgi;

namespace {

// Doubles each byte, holds the last one back until it is asked for it, and ends with "!".
class doubling final : public hooks {
 public:
  using hooks::hooks;
  void on_start(head_edit& head) override {
    if (head.fields.find("x-as-it-is")) return;
    if (head.fields.find("x-bad")) throw std::runtime_error("no such head please");
    if (head.rewrite_body()) head.fields.set("x-doubled", "yes");
  }
  void on_body(std::string_view bytes, std::string& out) override {
    for (const char c : bytes) {
      if (c == '#') throw std::runtime_error("no # please");
      give(out);
      held_ = c;
    }
  }
  void on_flush(std::string& out) override { give(out); }
  void on_finish(std::string& out) override {
    give(out);
    out += '!';
  }

 private:
  void give(std::string& out) {
    if (held_) out.append(2, *held_);
    held_.reset();
  }
  std::optional<char> held_;
};

using doubled = hooked<doubling>;

task<> two_writes(async_exchange ex) {
  ex.start(200, {{"content-length", "4"}, {"etag", "\"v1\""}, {"accept-ranges", "bytes"}, {"content-type", "text/plain"}});
  co_await ex.write("ab");
  co_await ex.finish("cd");
}

task<> replacing(async_exchange ex) {
  ex.start(200, {{"content-length", "99"}});
  ex.start(201, {{"x-as-it-is", "1"}, {"content-length", "2"}});
  co_await ex.finish("ab");
}

task<> phases(async_exchange ex) {
  CHECK(ex.phase() == phase::open);
  ex.start(200);
  CHECK(ex.phase() == phase::started);
  co_await ex.write("");
  CHECK(ex.phase() == phase::started);
  co_await ex.write("x");
  CHECK(ex.phase() == phase::committed);
  CHECK_THROWS_AS(ex.start(500), misuse);
  co_await ex.finish();
  CHECK(ex.phase() == phase::finished);
}

task<> too_many(async_exchange ex) {
  ex.start(200, {{"content-length", "3"}});
  bool refused = false;
  try {
    co_await ex.write("abcd");
  } catch (const too_large&) {
    refused = true;
  }
  CHECK(refused);
  CHECK(ex.phase() == phase::started);
  co_await ex.finish("abc");
}

task<> too_few(async_exchange ex) {
  ex.start(200, {{"content-length", "3"}});
  co_await ex.write("ab");
  co_await ex.finish();
}

task<> bad_length(async_exchange ex) {
  CHECK_THROWS_AS(ex.start(200, {{"content-length", "3 "}}), misuse);
  CHECK_THROWS_AS(ex.start(200, {{"content-length", "3"}, {"content-length", "4"}}), misuse);
  CHECK(ex.phase() == phase::open);
  ex.start(204);
  co_await ex.finish();
}

task<> flushing(async_exchange ex) {
  ex.start(200);
  co_await ex.write("ab");
  co_await ex.flush();
  co_await ex.finish("c");
}

task<> large(async_exchange ex) {
  const std::string body(200'000, 'x');
  ex.start(200, {{"content-length", "200000"}});
  co_await ex.finish(body);
}

task<> two_at_once(async_exchange ex) {
  ex.start(200);
  write_op first, second;
  bool ended = false;
  first.data = second.data = "a";
  first.owner = &ended;
  first.done = [](operation& op) noexcept { *static_cast<bool*>(op.owner) = true; };
  CHECK(ex.raw().begin_write(first) == begun::pending);
  CHECK(ex.raw().begin_write(second) == begun::completed);
  CHECK(second.error == std::errc::operation_in_progress);
  CHECK_FALSE(ended);
  co_await ex.sleep_for(std::chrono::milliseconds(1));
  CHECK(ended);
  CHECK_FALSE(first.error);
  co_await ex.finish("b");
}

task<> sharp(async_exchange ex) {
  ex.start(200);
  if (ex.head().query == "late") {
    co_await ex.write("abc");
    co_await ex.flush();
  }
  co_await ex.finish("a#");
}

task<> bad_head(async_exchange ex) {
  if (ex.head().query.empty()) CHECK_THROWS_AS(ex.start(200, {{"x-bad", "1"}}), error);
  else ex.start(200, {{"x-bad", "1"}});
  CHECK(ex.phase() == phase::open);
  co_await ex.respond(200, "text/plain", "a");
}

task<> a_file(async_exchange ex) {
  std::FILE* const file = std::tmpfile();
  std::fputs("0123456789", file);
  std::fflush(file);
  ex.start(200);
  co_await ex.write("<");
  co_await ex.send_file(::fileno(file), 2, 3);
  co_await ex.send_file(::fileno(file), 9, ex.head().query.empty() ? 1 : 2, ending::finish);
  std::fclose(file);
}

task<> stalled_write(async_exchange ex) {
  ex.start(200);
  const std::string body(200'000, 'x');
  co_await ex.write(body);
}

task<> giving_up(async_exchange ex) {
  ex.start(200);
  co_await ex.write("ab");
  ex.abort(std::errc::io_error);
  CHECK(ex.phase() == phase::aborted);
}

}  // namespace

TEST_SUITE("rewriting") {
TEST_CASE("a body is transformed, its length and validators corrected") {
  in_both_kinds(doubled(), two_writes, {}, [](const recorded_response& r) {
    CHECK(r.body == "aabbccdd!");
    CHECK(r.field("x-doubled") == "yes");
    CHECK_FALSE(r.field("content-length"));
    CHECK_FALSE(r.field("accept-ranges"));
    CHECK(r.field("etag") == "W/\"v1\"");
    CHECK(r.field("content-type") == "text/plain");
  });
}

TEST_CASE("CSGI-CORE-063: a head started again is edited anew") {
  in_both_kinds(doubled(), replacing, {}, [](const recorded_response& r) {
    CHECK(r.status == 201);
    CHECK(r.body == "ab");
    CHECK(r.field("content-length") == "2");
    CHECK_FALSE(r.field("x-doubled"));
  });
}

TEST_CASE("CSGI-CORE-061: the inner app sees phases of its own") {
  in_both_kinds(doubled(), phases, {}, [](const recorded_response& r) { CHECK(r.body == "xx!"); });
}

TEST_CASE("CSGI-CORE-057: the inner app is held to the length it declared") {
  in_both_kinds(doubled(), too_many, {}, [](const recorded_response& r) { CHECK(r.body == "aabbcc!"); });
  in_both_kinds(doubled(), bad_length, {}, [](const recorded_response& r) { CHECK(r.status == 204); });
  CHECK_THROWS_AS(in_both_kinds(doubled(), too_few, {}, [](const recorded_response&) {}), malformed_body);
  recording_exchange x(completion::later);
  CHECK_THROWS_AS(serve_around(x, completion::later, doubled(), too_few), malformed_body);
  CHECK(x.response().aborted == std::errc::bad_message);
}

TEST_CASE("CSGI-CORE-065: a flush gives what is held back") {
  in_both_kinds(doubled(), flushing, {}, [](const recorded_response& r) {
    CHECK(r.trace == std::vector<std::string>{"start 200", "write 2", "write 2", "flush", "write 3", "finish"});
  });
}

TEST_CASE("a large write is taken in blocks") {
  in_both_kinds(doubled(), large, {}, [](const recorded_response& r) {
    CHECK(r.body.size() == 400'001);
    CHECK(r.trace.size() == 6);
  });
}

TEST_CASE("where no body is sent, none is transformed") {
  for (const auto h : {two_writes, flushing, large, a_file})
    in_both_kinds(doubled(), h, {.method = "HEAD"}, [](const recorded_response& r) {
      CHECK(r.body.empty());
      CHECK(r.field("x-doubled") == "yes");
      CHECK(r.trace.back() == "finish");
    });
}

TEST_CASE("one write at a time") {
  recording_exchange x(completion::later);
  serve_around(x, completion::later, doubled(), two_at_once);
  CHECK(x.response().body == "aabb!");
}

TEST_CASE("a file is read and transformed") {
  for (const bool sends : {true, false})
    for (const auto how : {completion::inside, completion::later}) {
      recording_exchange x(how);
      x.sends_files = sends;
      serve_around(x, how, doubled(), a_file);
      CHECK(x.response().body == "<<22334499!");
      recording_exchange cut(how, {.target = "/?long"});
      cut.sends_files = sends;
      CHECK_THROWS_AS(serve_around(cut, how, doubled(), a_file), malformed_body);
      CHECK(cut.response().aborted == std::errc::bad_message);
    }
}

TEST_CASE("what a hook throws ends the response, and is what is thrown on") {
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange early(how);
    CHECK_THROWS_WITH_AS(serve_around(early, how, doubled(), sharp), "no # please", std::runtime_error);
    CHECK(early.phase() == phase::started);
    recording_exchange late(how, {.target = "/?late"});
    CHECK_THROWS_WITH_AS(serve_around(late, how, doubled(), sharp), "no # please", std::runtime_error);
    CHECK(late.response().aborted == std::errc::io_error);
  }
}

TEST_CASE("a head that a hook throws at may be followed by another") {
  in_both_kinds(doubled(), bad_head, {}, [](const recorded_response& r) { CHECK(r.body == "aa!"); });
  CHECK_THROWS_WITH(in_both_kinds(doubled(), bad_head, {.target = "/?lets-it-pass"}, [](const recorded_response&) {}), "no such head please");
}

TEST_CASE("CSGI-CORE-033: cancelling a write cancels the outer one, whichever block it is at") {
  recording_exchange x(completion::later);
  x.writes_stall = true;
  async_handler app(stalled_write);
  chain wrapped{doubled(), app};
  driven_task running(x, wrapped.choose(x.head()).async().http(async_exchange(x)));
  x.executor().run();
  CHECK_FALSE(running.over);
  running.coroutine.stop();
  x.executor().run();
  CHECK(running.over);
  CHECK_THROWS_AS(running.coroutine.result(), cancelled);
  CHECK(x.phase() == phase::aborted);
}

TEST_CASE("CSGI-CORE-066: an aborted response stays aborted") {
  in_both_kinds(doubled(), giving_up, {}, [](const recorded_response& r) { CHECK(r.aborted == std::errc::io_error); });
}

TEST_CASE("every operation failing in turn ends it") {
  for (const auto h : {two_writes, flushing, large, a_file}) with_each_failing(doubled(), h, {});
}
}
