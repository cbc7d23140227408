#include <csgi/async_event_stream.hpp>
#include <csgi/blocking_event_stream.hpp>
#include <csgi/app.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

std::string bytes_of(const stream_event& event) { return event_text().add(event).bytes(); }

/// Counts, a number every `interval`, until the server drains.
class counting final : public async_app {
 public:
  counting(std::chrono::milliseconds interval, event_stream_options options) : interval_(interval), options_(options) {}
  task<> http(async_exchange ex) override { return answer(ex, *this); }

 private:
  static task<> answer(async_exchange ex, const counting& self) {
    async_event_stream events(ex, self.options_);
    const field mine[] = {{"x-mine", "1"}};
    co_await events.open(mine);
    int n = 0;
    for (bool goes_on = co_await events.sleep_for(self.interval_); goes_on; goes_on = co_await events.sleep_for(self.interval_)) {
      const auto number = std::to_string(++n);
      const stream_event event{.data = number};
      co_await events.send(event);
    }
    co_await events.comment("farewell");
    co_await events.finish();
  }

  std::chrono::milliseconds interval_;
  event_stream_options options_;
};

class counting_blocking final : public blocking_app {
 public:
  counting_blocking(std::chrono::milliseconds interval, event_stream_options options) : interval_(interval), options_(options) {}
  void http(blocking_exchange ex) override {
    blocking_event_stream events(ex, options_);
    const field mine[] = {{"x-mine", "1"}};
    events.open(mine);
    for (int n = 1; events.sleep_for(interval_); ++n) events.send({.data = std::to_string(n)});
    events.comment("farewell");
    events.finish();
  }

 private:
  std::chrono::milliseconds interval_;
  event_stream_options options_;
};

/// The next bytes that are no empty chunk.
template <class App>
void on_stream(std::chrono::milliseconds interval, std::chrono::milliseconds heartbeat, const auto& check) {
  App app(interval, {.heartbeat = heartbeat});
  testing::client c(app, {.time = testing::time_flow::skipped});
  auto live = c.begin("GET", "/");
  check(c, live);
}

void on_both(std::chrono::milliseconds interval, std::chrono::milliseconds heartbeat, const auto& check) {
  SUBCASE("async") { on_stream<counting>(interval, heartbeat, check); }
  SUBCASE("blocking") { on_stream<counting_blocking>(interval, heartbeat, check); }
}

}  // namespace

TEST_SUITE("event_stream") {
TEST_CASE("an event has its fields, each in a line") {
  CHECK(bytes_of({.data = "hello"}) == "data: hello\n\n");
  CHECK(bytes_of({.data = "hello", .name = "greeting", .id = "7", .retry = 1500ms}) ==
        "retry: 1500\nid: 7\nevent: greeting\ndata: hello\n\n");
}

TEST_CASE("data of several lines are several fields, however the lines end") {
  CHECK(bytes_of({.data = "a\nb\r\nc\rd"}) == "data: a\ndata: b\ndata: c\ndata: d\n\n");
  CHECK(bytes_of({.data = "\n"}) == "data: \ndata: \n\n");
  CHECK(bytes_of({.data = "a\n\r\nb"}) == "data: a\ndata: \ndata: b\n\n");
}

TEST_CASE("a space at the beginning stays, as one is added that clients take away") {
  CHECK(bytes_of({.data = " a"}) == "data:  a\n\n");
}

TEST_CASE("empty data are an event, none are not") {
  CHECK(bytes_of({.data = ""}) == "data: \n\n");
  CHECK(bytes_of({.id = ""}) == "id: \n\n");
  CHECK(bytes_of({.name = "unheard", .retry = 0ms}) == "retry: 0\n\n");
}

TEST_CASE("what could pass for another field is refused, and nothing is added") {
  event_text text;
  for (const std::string_view bad : {std::string_view("a\nb"), std::string_view("a\rb"), std::string_view("a\0b", 3)}) {
    CHECK_THROWS_AS(text.add({.data = "x", .id = bad}), misuse);
    CHECK_THROWS_AS(text.add({.data = "x", .name = bad}), misuse);
  }
  CHECK_THROWS_AS(text.add({.retry = -1ms}), misuse);
  CHECK(text.bytes().empty());
}

TEST_CASE("comments are lines that begin with a colon") {
  CHECK(event_text().comment("a\nb").bytes() == ": a\n: b\n\n");
}

TEST_CASE("who comes back says which event was the last") {
  request head;
  CHECK(!last_event_id(head));
  const field fields[] = {{"Last-Event-ID", "7"}};
  head.fields = fields;
  CHECK(last_event_id(head) == "7");
  const field empty[] = {{"last-event-id", ""}};
  head.fields = empty;
  CHECK(!last_event_id(head));
}

TEST_CASE("a stream begins with its head, and events leave one by one") {
  on_both(1000ms, 0ms, [](testing::client&, testing::conversation& live) {
    const auto head = live.head();
    CHECK(head.status == 200);
    CHECK(head.field("content-type") == "text/event-stream");
    CHECK(head.field("cache-control") == "no-store");
    CHECK(head.field("x-accel-buffering") == "no");
    CHECK(head.field("x-mine") == "1");
    CHECK(live.read() == "data: 1\n\n");
    CHECK(live.read() == "data: 2\n\n");
  });
}

TEST_CASE("heartbeats come where nothing else does") {
  on_both(3'000'000ms, 1'000'000ms, [](testing::client&, testing::conversation& live) {
    CHECK(live.read() == ":\n\n");
    CHECK(live.read() == ":\n\n");
    auto next = live.read();
    if (next == ":\n\n") next = live.read();          // at the same time as the event
    CHECK(next == "data: 1\n\n");
  });
}

TEST_CASE("none come where none are wanted") {
  on_both(3'000'000ms, 0ms, [](testing::client&, testing::conversation& live) { CHECK(live.read() == "data: 1\n\n"); });
}

TEST_CASE("the client's going ends it, also while it waits") {
  on_both(1000ms, 0ms, [](testing::client&, testing::conversation& live) {
    CHECK(live.read() == "data: 1\n\n");
    live.disconnect();
    CHECK(live.outcome().aborted == std::errc::connection_reset);
  });
}

TEST_CASE("a server that drains has it say farewell") {
  on_both(1000ms, 0ms, [](testing::client& c, testing::conversation& live) {
    CHECK(live.read() == "data: 1\n\n");
    c.drain();
    const auto rest = live.finish().body;
    CHECK(rest.ends_with(": farewell\n\n"));
  });
}

TEST_CASE("HEAD is answered by the head") {
  counting app(1000ms, {});
  CHECK(testing::client(app).head("/").field("content-type") == "text/event-stream");
  counting_blocking blocking(1000ms, {});
  CHECK(testing::client(blocking).head("/").field("content-type") == "text/event-stream");
}

/// Gives numbers that were counted meanwhile; stopping it loses none.
class waiting_app final : public async_app {
 public:
  task<> http(async_exchange ex) override { return answer(ex); }

 private:
  static task<int> number_at(clock::time_point then, int number) {
    co_await sleep_until(then);
    co_return number;
  }

  static task<> answer(async_exchange ex) {
    async_event_stream events(ex, {.heartbeat = 1000s});
    co_await events.open();
    const auto then = from_now(2500s);
    const auto wait = [&] { return number_at(then, 7); };
    const auto got = co_await events.next(wait);
    const auto text = std::to_string(got.value_or(0));
    const stream_event event{.data = text};
    co_await events.send(event);
    co_await events.finish();
  }
};

TEST_CASE("what is waited for is begun anew after each heartbeat") {
  waiting_app app;
  testing::client c(app, {.time = testing::time_flow::skipped});
  CHECK(c.get("/").body == ":\n\n:\n\ndata: 7\n\n");
}
}
