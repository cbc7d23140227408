// Every middleware with a WebSocket behind it: it passes, and is taken for no response.
#include <csgi/async_websocket.hpp>
#include <csgi/as_blocking.hpp>
#include <csgi/as_async.hpp>
#include <csgi/chain.hpp>
#include <csgi/middleware/access_log.hpp>
#include <csgi/middleware/body_limit.hpp>
#include <csgi/middleware/cors.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/middleware/gzip.hpp>
#include <csgi/middleware/request_ids.hpp>
#include <csgi/middleware/timeout.hpp>
#include <csgi/middleware/timing.hpp>
#include <csgi/middleware/trusted_proxy.hpp>
#include <csgi/mount_table.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;
using testing::client;
using testing::client_options;
using testing::time_flow;

namespace {

/// As an app of either kind: it awaits nothing but its exchange.
task<> echo(async_exchange ex) {
  async_websocket socket(ex);
  if (!socket) co_return co_await want_websocket(ex);
  if (ex.head().query == "changed-mind") ex.start(200, {{"content-type", "text/plain"}});
  if (ex.head().query != "refused") {
    co_await socket.accept("", {});
    CHECK(ex.phase() == phase::committed);
  }
  if (ex.head().query == "throws" || ex.head().query == "refused") throw std::runtime_error("no more");
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {
    if (got.data == "wait") co_await ex.sleep_for(1h);
    co_await socket.send(got);
  }
}

struct async_echo final : async_app {
  task<> http(async_exchange ex) override { return echo(ex); }
};

struct blocking_echo final : blocking_app {
  void http(blocking_exchange ex) override { drive(echo(async_exchange(ex.raw()))); }
};

const client_options quick{.failure = testing::failures::answered, .time = time_flow::skipped};

std::string said_in(const client&, testing::websocket_conversation& socket) {
  std::string all;
  for (const auto& line : socket.exchange().result().log) all += line.text + '\n';
  return all;
}

/// Calls `check(client&)` with the echo behind that middleware, in both kinds.
template <class Middleware, class Check>
void behind_it(const Middleware& middleware, Check check) {
  async_echo async;
  blocking_echo blocking;
  for (const application app : {application(async), application(blocking)}) {
    CAPTURE(app.kind() == app_kind::async);
    chain wrapped{middleware, app};
    client c(wrapped, quick);
    check(c);
  }
}

/// A conversation is had as without it, and what the app throws ends it as without it.
template <class Middleware>
void lets_through(const Middleware& middleware) {
  behind_it(middleware, [](client& c) {
    for (const char* target : {"/", "/?changed-mind"}) {
      CAPTURE(target);
      auto socket = c.websocket(target, {.fields = {{"accept-encoding", "gzip"}, {"origin", "https://a.example"}}});
      REQUIRE(socket.accepted());
      socket.send(std::string(3000, 'x'));
      CHECK(socket.receive() == std::string(3000, 'x'));
      socket.close(4000);
      CHECK(socket.end().code == 4000);
      CHECK(socket.outcome().status == 101);
      CHECK(!socket.outcome().aborted);
      CHECK(said_in(c, socket).find("never") == std::string::npos);
    }
    auto failing = c.websocket("/?throws");
    CHECK(failing.end().code == 1011);
    CHECK(failing.answer().status == 101);
    CHECK(failing.exchange().misdeeds().empty());
    CHECK(c.websocket("/?refused").answer().status == 500);
    CHECK(c.get("/").status == 426);
  });
}

class shouting final : public hooks {
 public:
  using hooks::hooks;
  std::optional<ready_response> on_failure(const std::exception_ptr&) override { return ready_response{.status = 500, .body = "failed"}; }

 private:
  void on_start(head_edit& head) override { head.rewrite_body(); }
  void on_body(std::string_view bytes, std::string& out) override { out.append(bytes).append("!"); }
};

}  // namespace

TEST_SUITE("websocket behind middleware") {
TEST_CASE("each of ours lets it through, and adds nothing to its end") {
  lets_through(hooked<shouting>());
  lets_through(errors());
  lets_through(gzip());
  lets_through(timing());
  lets_through(request_ids());
  lets_through(cors(cors_settings{.origins = {"*"}}));
  lets_through(body_limit(100));
  lets_through(trusted_proxy({.peers = {"192.0.2.0/24"}}));
  lets_through(timeout(1s));
  lets_through(access_log());
}

TEST_CASE("all of them at once, behind a mount table") {
  async_echo app;
  chain inner{gzip(), body_limit(100), hooked<shouting>(), timing(), app};
  mount_table table(app);
  table.mount("/chat", inner);
  chain outer{access_log(), request_ids(), errors(), timeout(1s), cors(cors_settings{.origins = {"*"}}), table};
  client c(outer, quick);
  auto socket = c.websocket("/chat/room");
  socket.send("through all of this");
  CHECK(socket.receive() == "through all of this");
  socket.close();
  CHECK(socket.end().code == 1000);
}

TEST_CASE("a limit of time ends with the answer: a conversation may go on beyond it") {
  async_echo app;
  chain wrapped{timeout(1s), app};
  client c(wrapped, quick);
  auto socket = c.websocket("/");
  socket.send("wait");
  CHECK(socket.receive() == "wait");
  socket.stop();
  CHECK(socket.end().code == 1001);
}

TEST_CASE("the access log has one entry for a conversation, when it is over") {
  std::vector<std::string> entries;
  const access_log log({.write = [&](const access_entry& e) {
    entries.push_back(std::to_string(e.how.status) + ' ' + e.target + ' ' + std::to_string(e.how.body_bytes));
  }});
  behind_it(log, [&](client& c) {
    auto socket = c.websocket("/?x");
    socket.send("four");
    CHECK(socket.receive() == "four");
    CHECK(entries.empty());
    socket.close();
    socket.end();
    CHECK(entries == std::vector<std::string>{"101 /?x 4"});
    entries.clear();
  });
  behind_it(access_log(), [&](client& c) {
    auto socket = c.websocket("/");
    socket.send("four");
    socket.close();
    socket.end();
    CHECK(said_in(c, socket).starts_with("101 after "));
  });
}

TEST_CASE("what one forwards by hand, and hides, stays hidden") {
  class hiding final : public forwarding_exchange {
   public:
    using forwarding_exchange::forwarding_exchange;
    void* find(const extension_id& id) noexcept override { return id.what == touches::response ? nullptr : next().find(id); }
  };
  async_echo app;
  chain wrapped{[](async_exchange ex, next_app next) -> task<> {
    hiding view(ex.raw());
    co_await next(async_exchange(view));
  }, app};
  client c(wrapped, quick);
  CHECK(c.websocket("/").answer().status == 501);
}

TEST_CASE("a stream of bytes is no body: it is neither limited nor rewritten") {
  struct raw final : async_app {
    task<> http(async_exchange ex) override {
      ex.start(200, {{"content-type", "text/plain"}});
      co_await switch_protocols(ex, "raw");
      CHECK(ex.committed());
      for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk, ending::flush);
      co_await ex.finish();
      CHECK(ex.phase() == phase::finished);
    }
  } app;
  chain wrapped{timeout(1s), hooked<shouting>(), gzip(), body_limit(10), app};
  client c(wrapped, quick);
  auto live = c.begin("GET", "/", {.fields = {{"connection", "upgrade"}, {"upgrade", "raw"}, {"accept-encoding", "gzip"}}});
  CHECK(live.head().status == 101);
  for (int i = 0; i < 4; ++i) {
    live.send("12345678");
    CHECK(live.read() == "12345678");
  }
  live.close_sending();
  CHECK(live.finish().body.empty());
  CHECK(!live.outcome().aborted);
}

TEST_CASE("of the bridges, as_blocking lets it through and as_async hides it") {
  async_echo async;
  blocking_echo blocking;
  as_blocking there(async);
  client c(there, quick);
  auto socket = c.websocket("/");
  socket.send("over the bridge");
  CHECK(socket.receive() == "over the bridge");
  socket.close();
  CHECK(socket.end().code == 1000);
  as_async back(blocking);
  client d(back, quick);
  CHECK(d.websocket("/").answer().status == 501);
}
}
