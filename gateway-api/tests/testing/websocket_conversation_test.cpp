// What a WebSocket in memory does for apps of either kind: what servers do.
#include "sample_app.hpp"
#include <csgi/async_websocket.hpp>
#include <csgi/blocking_websocket.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/when_any.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;
using testing::client;
using testing::client_options;
using testing::time_flow;
using testing::websocket_farewell;
using testing::websocket_over;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};

task<> echo(async_exchange ex) {
  async_websocket socket(ex);
  co_await socket.accept();
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
}

task<> waiting(async_exchange ex) {
  async_websocket socket(ex);
  co_await socket.accept();
  co_await socket.receive();
}

/// What an upgrade fails with at once.
std::error_code refused_upgrade(async_exchange ex, std::string_view protocol, std::span<const field> fields = {}) {
  upgrade_op op;
  op.protocol = protocol;
  op.fields = fields;
  return ex.find<upgrade>()->begin_upgrade(op) == begun::completed ? op.error : std::error_code();
}

/// Calls `check(client&)` with that app in both kinds.
template <class Behaviour, class Check>
void in_both_kinds(Behaviour behaviour, Check check, const client_options& options = {.time = time_flow::skipped}) {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, behaviour);
    client c(app, options);
    check(c);
  }
}

}  // namespace

TEST_SUITE("testing websocket") {
TEST_CASE("messages go both ways, with their kind, also in parts and empty ones") {
  in_both_kinds(echo, [](client& c) {
    auto socket = c.websocket("/");
    CHECK(socket.answer().status == 101);
    CHECK(socket.answer().field("upgrade") == "websocket");
    CHECK(socket.answer().field("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    socket.send("one");
    socket.send_binary("two");
    socket.send("");
    socket.send("thr", false);
    socket.ping("between");
    socket.send("ee");
    CHECK(socket.receive() == "one");
    const auto two = socket.receive();
    CHECK(two.kind == message_kind::binary);
    CHECK(two.data == "two");
    CHECK_FALSE(two == "two");
    CHECK(socket.receive() == "");
    CHECK(socket.receive() == "three");
    socket.close(3000, "enough");
    CHECK(socket.end().code == 3000);
    CHECK(socket.outcome().status == 101);
    CHECK(!socket.outcome().aborted);
    CHECK(socket.outcome().body_bytes == 11);
    CHECK_THROWS_WITH_AS(socket.receive(), "no message: the conversation is over, closed with 3000", websocket_over);
  });
}

TEST_CASE("a message larger than a window waits for the client") {
  client_options narrow{.time = time_flow::skipped};
  narrow.behaviour.window = 1000;
  narrow.behaviour.most_per_read = 700;
  in_both_kinds(echo, [](client& c) {
    auto socket = c.websocket("/");
    const std::string large(200'000, 'x');
    socket.send(large);
    CHECK(socket.receive() == large);
    socket.close();
    CHECK(socket.end().code == 1000);
  }, narrow);
}

TEST_CASE("an app that ends has its conversation closed with 1000, and one that throws with 1011") {
  in_both_kinds([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    co_await socket.send("only this");
    if (ex.head().path == "/throws") throw std::runtime_error("lost my mind");
  }, [](client& c) {
    auto socket = c.websocket("/");
    CHECK(socket.end().code == 1000);
    CHECK(socket.receive() == "only this");
    CHECK(!socket.outcome().aborted);
    auto failing = c.websocket("/throws");
    CHECK(failing.receive() == "only this");
    CHECK_THROWS_WITH(failing.end(), "lost my mind");
    CHECK_THROWS_WITH(failing.receive(), "lost my mind");
  });
  in_both_kinds([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    throw std::runtime_error("lost my mind");
  }, [](client& c) { CHECK(c.websocket("/").end() == websocket_farewell{1011, ""}); },
                {.failure = testing::failures::answered, .time = time_flow::skipped});
}

TEST_CASE("an exception before accepting is the answer's") {
  in_both_kinds([](async_exchange) -> task<> { throw std::runtime_error("no"); co_return; }, [](client& c) {
    auto socket = c.websocket("/");
    CHECK(!socket.accepted());
    CHECK(socket.answer().status == 500);
    CHECK_THROWS_WITH(socket.send("x"), "the app has not accepted, but answered 500: 500 Internal Server Error\n");
  }, {.failure = testing::failures::answered, .time = time_flow::skipped});
}

TEST_CASE("a client that disappears ends it: for who receives without an error, for who sends with one") {
  in_both_kinds([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    const auto nothing = co_await socket.receive();
    CHECK(!nothing);
    CHECK(socket.end().code == 1006);
    CHECK(!socket.end().clean);
    co_await socket.send("too late");
  }, [](client& c) {
    auto socket = c.websocket("/");
    REQUIRE(socket.accepted());
    socket.disconnect();
    CHECK(socket.end() == websocket_farewell{1006, ""});
    CHECK(socket.outcome().aborted == std::errc::connection_reset);
    CHECK_THROWS_WITH_AS(socket.receive(), "no message: the conversation is over, it was lost", websocket_over);
  });
}

TEST_CASE("a client that answers nothing is waited for as long as servers do, in time that is skipped") {
  in_both_kinds([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    if (ex.head().path == "/close") {
      co_await socket.close(4001);
    } else if (ex.head().path == "/receive") {
      const auto nothing = co_await socket.receive();
      CHECK(!nothing);
    }
    CHECK(!socket.end().clean);
  }, [](client& c) {
    for (const char* path : {"/close", "/end", "/receive"}) {
      CAPTURE(path);
      auto socket = c.websocket(path, {.responsive = false});
      const auto code = socket.end().code;
      CHECK(code == (path == std::string_view("/close") ? 4001 : path == std::string_view("/end") ? 1000 : 1006));
      CHECK(socket.outcome().aborted == std::errc::timed_out);
    }
  }, {.time = time_flow::skipped, .behaviour = {.websocket_ping = 20s}});
}

TEST_CASE("a client that answers pings is not given up") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    auto either = when_any(socket.receive(), ex.sleep_for(2min));
    co_await std::move(either);
    co_await socket.send("still there");
  });
  client c(app, {.time = time_flow::skipped, .behaviour = {.websocket_ping = 20s}});
  auto socket = c.websocket("/");
  CHECK(socket.receive() == "still there");
  CHECK(socket.end().code == 1000);
}

TEST_CASE("a server that drains says that it goes away, unless the app waits for the notice of that") {
  in_both_kinds(waiting, [](client& c) {
    auto socket = c.websocket("/");
    REQUIRE(socket.accepted());
    socket.drain();
    CHECK(socket.end().code == 1001);
  });
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    co_await server_drains(ex);
    co_await socket.send("last words");
    co_await socket.close(4002);
  });
  client c(app, {.time = time_flow::skipped});
  auto socket = c.websocket("/");
  REQUIRE(socket.accepted());
  c.loop().turn_until([&, n = 0]() mutable { return ++n > 20; });
  c.drain();
  CHECK(socket.receive() == "last words");
  CHECK(socket.end().code == 4002);
}

TEST_CASE("a stop ends it as a stopping server does") {
  in_both_kinds([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    CHECK_THROWS_AS(co_await socket.receive(), cancelled);
  }, [](client& c) {
    auto socket = c.websocket("/");
    REQUIRE(socket.accepted());
    socket.stop();
    CHECK(socket.end().code == 1001);
  });
}

TEST_CASE("a conversation that is dropped leaves no app behind") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    std::atomic<int> ended{0};
    sample_app app(kind, [&ended](async_exchange ex) -> task<> {
      ex.on_finish([&ended](const outcome& how) { ended = how.status; });
      co_await waiting(ex);
    });
    client c(app);
    { CHECK(c.websocket("/").accepted()); }
    CHECK(ended == 101);
  }
}

TEST_CASE("what a client may not send is answered for by the server") {
  in_both_kinds(waiting, [](client& c) {
    auto garbled = c.websocket("/");
    garbled.send("\xff");
    CHECK(garbled.end().code == 1007);
    auto odd = c.websocket("/");
    odd.send_frame({.opcode = websocket_opcode::continuation, .ends = true, .compressed = false}, "of nothing");
    CHECK(odd.end().code == 1002);
    auto large = c.websocket("/");
    large.send(std::string(101, 'x'));
    CHECK(large.end().code == 1009);
    const auto old = c.get("/", {.fields = {{"connection", "upgrade"}, {"upgrade", "websocket"}, {"sec-websocket-version", "8"}}});
    CHECK(old.status == 426);
    CHECK(old.field("sec-websocket-version") == "13");
    CHECK(old.field("upgrade") == "websocket");
  }, {.time = time_flow::skipped, .behaviour = {.websocket_message = 100}});
}

TEST_CASE("what an app that declines never ends to say is not waited for") {
  in_both_kinds([](async_exchange ex) -> task<> {
    ex.start(200, {{"content-type", "text/event-stream"}});
    for (;;) {
      co_await ex.write("data\n\n", ending::flush);
      co_await ex.sleep_for(1h);
    }
  }, [](client& c) {
    auto socket = c.websocket("/");
    CHECK_FALSE(socket.accepted());
    try {
      socket.receive();
      FAIL("there is a message");
    } catch (const std::logic_error& no) {
      CHECK(std::string_view(no.what()).starts_with("the app has not accepted, but answered 200: "));
    }
    CHECK_THROWS_AS(socket.send("text"), std::logic_error);
    CHECK_THROWS_AS(socket.end(), std::logic_error);
    CHECK_THROWS_AS(socket.subprotocol(), std::logic_error);
  });
}

TEST_CASE("CSGI-WS-043: a blocking app receives within a time, and loses nothing when that is over") {
  struct patient final : blocking_app {
    void http(blocking_exchange ex) override {
      blocking_websocket socket(ex);
      socket.accept();
      for (;;) {
        const auto got = socket.receive_for(1h);
        if (!got) socket.send("nothing for an hour");
        else if (*got) socket.send(got->data);
        else break;
      }
      ended_with = socket.end().code;
    }
    int ended_with = 0;
  } app;
  client c(app, {.time = time_flow::skipped});
  auto socket = c.websocket("/");
  CHECK(socket.receive() == "nothing for an hour");
  socket.send("half", false);
  for (int i = 0; i < 100; ++i) CHECK(socket.receive() == "nothing for an hour");
  socket.send(" and half");
  auto got = socket.receive();
  while (got == "nothing for an hour") got = socket.receive();
  CHECK(got == "half and half");
  socket.close(4000);
  CHECK(socket.outcome().status == 101);
  CHECK(app.ended_with == 4000);
}

TEST_CASE("receives with a limit do not keep a server from pinging, nor from missing the answer") {
  struct impatient final : blocking_app {
    void http(blocking_exchange ex) override {
      blocking_websocket socket(ex);
      socket.accept();
      auto got = socket.receive_for(3s);
      for (; !got; got = socket.receive_for(3s)) ++timeouts;
      CHECK_FALSE(*got);
      CHECK(socket.end().code == 1006);
    }
    int timeouts = 0;
  } app;
  client c(app, {.time = time_flow::skipped, .behaviour = {.websocket_ping = 10s}});
  auto socket = c.websocket("/", {.responsive = false});
  CHECK_THROWS_AS(socket.receive(), websocket_over);
  CHECK(app.timeouts == 6);     // within 10 seconds to the ping, and as many after it
}

TEST_CASE("what an app says when it has closed its WebSocket is held against it") {
  for (const auto kind : kinds) {
    sample_app app(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      co_await socket.accept();
      co_await socket.close();
      CHECK_THROWS_AS(co_await socket.send("late"), disconnected);
    });
    client c(app, {.time = time_flow::skipped});
    auto socket = c.websocket("/");
    CHECK(socket.end().code == 1000);
    const std::vector<testing::misdeed> late = {{testing::misuse::out_of_turn, "begin_send() of a WebSocket was called when the app had closed it"}};
    CHECK(socket.exchange().misdeeds() == late);
  }
}

TEST_CASE("what a client's close has ended is not held against an app that goes on") {
  in_both_kinds([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {}
    CHECK_THROWS_AS(co_await socket.send("late"), disconnected);
  }, [](client& c) {
    auto socket = c.websocket("/");
    socket.close();
    socket.end();
    CHECK(socket.exchange().misdeeds().empty());
  });
}

TEST_CASE("waiting in vain is an error of the test") {
  sample_app app(app_kind::async, waiting);
  client c(app, {.time = time_flow::skipped});
  auto socket = c.websocket("/");
  CHECK_THROWS_WITH_AS(socket.receive(), "this waits for something that never comes", std::logic_error);
}

TEST_CASE("the exchange is refused once a WebSocket is accepted, and so is what is out of turn") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      CHECK_FALSE(socket.accepted());
      CHECK_THROWS_AS(co_await socket.send("early"), misuse);
      co_await socket.accept();
      CHECK(socket.accepted());
      CHECK(ex.committed());
      CHECK_THROWS_AS(ex.start(200), misuse);
      CHECK_THROWS_AS(co_await ex.read(), misuse);
      CHECK_THROWS_AS(co_await ex.write("x"), misuse);
    });
    client c(app, {.time = time_flow::skipped});
    auto socket = c.websocket("/");
    CHECK(socket.end().code == 1000);
    CHECK(socket.exchange().misdeeds().size() >= 3);
  }
}

TEST_CASE("every operation failing in turn ends it") {
  for (const auto kind : kinds)
    for (const auto why : {std::errc::connection_reset, std::errc::operation_canceled}) {
      bool failed = true;
      for (std::size_t k = 1; failed; ++k) {
        CAPTURE(k);
        sample_app app(kind, echo);
        testing::client_behaviour behaviour;
        behaviour.fails_at = k;
        behaviour.fails_with = why;
        client c(app, {.time = time_flow::skipped, .behaviour = behaviour});
        auto socket = c.websocket("/");
        try {
          socket.send("once");
          const auto once = socket.receive();
          CHECK(once == "once");
          socket.close();
          failed = socket.end().code != 1000;
        } catch (const websocket_over&) {
        } catch (const testing::broken_response&) {
        }
        CHECK_NOTHROW(socket.outcome());
        CHECK(k < 50);
      }
    }
}

TEST_CASE("received data stay as they are though pings come, until the next receive") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    const auto got = co_await socket.receive();
    co_await ex.sleep_for(1s);
    co_await socket.send(got);
  });
  client c(app, {.time = time_flow::skipped});
  auto socket = c.websocket("/");
  socket.send("precious");
  for (int i = 0; i < 3; ++i) socket.ping("a ping");
  CHECK(socket.receive() == "precious");
  CHECK(socket.end().code == 1000);
}

TEST_CASE("csgi.upgrade makes a stream of bytes of the exchange") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      auto* const offer = ex.find<upgrade>();
      REQUIRE(offer);
      CHECK(!offer->upgraded());
      co_await switch_protocols(ex, "Shouting");
      CHECK(offer->upgraded());
      for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
        std::string loud(chunk);
        loud += '!';
        co_await ex.write(loud, ending::flush);
      }
      co_await ex.finish("?");
    });
    client c(app, {.time = time_flow::skipped});
    CHECK(c.loop().here());
    auto live = c.begin("GET", "/", {.fields = {{"connection", "upgrade"}, {"upgrade", "shouting"}}});
    CHECK(live.head().status == 101);
    CHECK(live.head().field("upgrade") == "shouting");
    live.send("ho");
    CHECK(live.read() == "ho!");
    live.close_sending();
    CHECK(live.finish().body == "?");
    CHECK(live.outcome().status == 101);
  }
}

TEST_CASE("a blocking app switches protocols, too, and nobody does where none is offered") {
  struct shouting final : blocking_app {
    void http(blocking_exchange ex) override {
      switch_protocols(ex, "shouting");
      for (auto chunk = ex.read(); !chunk.empty(); chunk = ex.read()) ex.write(chunk, ending::flush);
      ex.finish("!");
    }
  } app;
  client c(app);
  auto live = c.begin("GET", "/", {.fields = {{"connection", "upgrade"}, {"upgrade", "shouting"}}});
  CHECK(live.head().status == 101);
  live.send("ho");
  CHECK(live.read() == "ho");
  live.close_sending();
  CHECK(live.finish().body == "!");
  CHECK_THROWS_AS(c.get("/"), misuse);
  sample_app async(app_kind::async, [](async_exchange ex) -> task<> { co_await switch_protocols(ex, "shouting"); });
  client other(async);
  CHECK_THROWS_AS(other.get("/"), misuse);
}

TEST_CASE("CSGI-EXT-063: an upgrade that may not be is refused, and held against the app") {
  const field length[] = {{"content-length", "1"}};
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [&](async_exchange ex) -> task<> {
      CHECK(refused_upgrade(ex, "whispering") == std::errc::invalid_argument);
      CHECK(refused_upgrade(ex, "shouting", length) == std::errc::invalid_argument);
      CHECK(ex.phase() == phase::open);
      co_await ex.respond(200, "text/plain", "quiet\n");
    });
    client c(app);
    auto live = c.begin("GET", "/", {.fields = {{"connection", "upgrade"}, {"upgrade", "shouting"}}});
    CHECK(live.finish().body == "quiet\n");
    CHECK(live.exchange().misdeeds() ==
          std::vector<testing::misdeed>{{testing::misuse::bad_upgrade, "an upgrade to \"whispering\" was refused"},
                                        {testing::misuse::bad_upgrade, "an upgrade to \"shouting\" was refused"}});
  }
}
}
