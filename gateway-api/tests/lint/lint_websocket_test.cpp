// What a lint says of WebSockets and upgrades: of apps, of servers, and nothing of the innocent.
#include "faulty_server.hpp"
#include <csgi/async_websocket.hpp>
#include <csgi/testing/client.hpp>
#include <csgi/upgrade.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::time_flow;
using testing::websocket_conversation;

namespace {

const testing::client_options quick{.failure = testing::failures::answered, .time = time_flow::skipped};

task<> echo(async_exchange ex) {
  async_websocket socket(ex);
  if (!socket) co_return co_await want_websocket(ex);
  co_await socket.accept();
  for (auto got = co_await socket.receive_part(); got; got = co_await socket.receive_part()) co_await socket.send(got);
}

/// What the lint says when a client says "hi" and closes.
struct speaks {
  void operator()(client& c) const {
    auto socket = c.websocket("/");
    if (socket.accepted()) {
      socket.send("hi");
      socket.close();
    }
    socket.outcome();
  }
};

/// What a lint around `behaviour` reports while `test(client&)` runs.
template <class Behaviour, class Test = speaks>
std::string said_of(app_kind kind, Behaviour behaviour, Test test = {}) {
  reports told;
  sample_app app(kind, std::move(behaviour));
  lint checked(app, told.settings());
  {
    client c(checked, quick);
    test(c);
  }
  return told.text();
}

/// A right server's socket, for one that does something wrong to derive from.
class forwarding_socket : public websocket {
 public:
  explicit forwarding_socket(websocket& next) noexcept : next_(next) {}
  begun begin_accept(accept_op& op) noexcept override { return next_.begin_accept(op); }
  begun begin_receive(receive_op& op) noexcept override { return next_.begin_receive(op); }
  begun begin_send(send_op& op) noexcept override { return next_.begin_send(op); }
  begun begin_close(close_op& op) noexcept override { return next_.begin_close(op); }
  bool accepted() const noexcept override { return next_.accepted(); }
  websocket_end end() const noexcept override { return next_.end(); }

 protected:
  ~forwarding_socket() = default;
  websocket& next_;
};

/// Offers such a socket in the place of the right one.
template <class Socket>
struct offering final : fault_view {
  using fault_view::fault_view;
  void* find(const extension_id& id) noexcept override {
    void* const found = next().find(id);
    if (id != websocket::id || !found) return found;
    if (!socket) socket.emplace(*static_cast<websocket*>(found));
    return static_cast<websocket*>(&*socket);
  }
  std::optional<Socket> socket;
};

/// What is said when a blocking app's server has that socket.
template <class Socket, class Behaviour>
std::string said_with(Behaviour behaviour) {
  reports told;
  sample_app app(app_kind::blocking, std::move(behaviour));
  lint checked(app, told.settings());
  chain faulty(behind<offering<Socket>>(), checked);
  client c(faulty, quick);
  speaks()(c);
  return told.text();
}

std::string app_line(const char* clause, const char* what, const char* call) {
  return std::string("lint: ") + clause + " (app): " + what + ", in " + call + "\n";
}

template <class Operation, class Begin>
std::error_code attempt(Begin begin, Operation op = {}) {
  op.done = [](operation&) noexcept {};
  return begin(op) == begun::completed ? op.error : std::error_code();
}

}  // namespace

TEST_SUITE("lint: websockets") {
TEST_CASE("nothing is said of a right app on a right server, whatever its client does") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    CHECK(said_of(kind, echo) == "");
    CHECK(said_of(kind, echo, [](client& c) {
      auto in_parts = c.websocket("/");
      in_parts.send("\xc3", false);
      in_parts.send("\xa9");
      CHECK(in_parts.receive() == "\xc3\xa9");
      in_parts.close(4000, "why not");
      CHECK(in_parts.end().code == 4000);
      auto lost = c.websocket("/");
      lost.send("x");
      lost.disconnect();
      lost.outcome();
      auto garbled = c.websocket("/");
      garbled.send("\xff");
      garbled.outcome();
      auto stopped = c.websocket("/");
      CHECK(stopped.accepted());
      stopped.stop();
      stopped.outcome();
      auto drained = c.websocket("/");
      CHECK(drained.accepted());
      drained.drain();
      CHECK(drained.end().code == 1001);
      CHECK(c.get("/").status == 426);
    }) == "");
    CHECK(said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      co_await socket.accept();
      co_await socket.close(4000, "done");
      const auto end = socket.end();
      CHECK(end.code == 4000);
    }, [](client& c) { CHECK(c.websocket("/").end().code == 4000); }) == "");
  }
}

TEST_CASE("CSGI-CORE-083: calls out of turn") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    const auto text = said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      CHECK(attempt<send_op>([&](send_op& op) { return socket.raw().begin_send(op); }) == std::errc::operation_not_permitted);
      co_await socket.accept();
      CHECK(attempt<accept_op>([&](accept_op& op) { return socket.raw().begin_accept(op); }) == std::errc::operation_not_permitted);
      CHECK(attempt<read_op>([&](read_op& op) { return ex.raw().begin_read(op); }) == std::errc::operation_not_permitted);
      CHECK(ex.raw().start({200}) == std::errc::operation_not_permitted);
      co_await socket.close();
      attempt<send_op>([&](send_op& op) { return socket.raw().begin_send(op); });
    });
    CHECK(text == app_line("CSGI-CORE-083", "an operation of a WebSocket that is not accepted", "websocket::begin_send()") +
                      app_line("CSGI-CORE-083", "an accept, or an upgrade, where the response was committed", "websocket::begin_accept()") +
                      app_line("CSGI-CORE-083", "an operation of the exchange when a WebSocket was accepted", "begin_read()") +
                      app_line("CSGI-CORE-083", "a send or close after the app has closed its WebSocket", "websocket::begin_send()"));
  }
}

TEST_CASE("CSGI-CORE-083: a receive after one has told that it is over") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    CHECK(said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      co_await socket.accept();
      for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {
      }
      CHECK(attempt<receive_op>([&](receive_op& op) { return socket.raw().begin_receive(op); }) == std::errc::operation_not_permitted);
    }) == app_line("CSGI-CORE-083", "a receive after one has told that the conversation is over", "websocket::begin_receive()"));
  }
}

TEST_CASE("CSGI-CORE-083, CSGI-CORE-006: second operations of a kind, and one that pends at the end") {
  receive_op first;
  first.done = [](operation&) noexcept {};
  const auto text = said_of(app_kind::async, [&first](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    CHECK(socket.raw().begin_receive(first) == begun::pending);
    CHECK(attempt<receive_op>([&](receive_op& op) { return socket.raw().begin_receive(op); }) == std::errc::operation_in_progress);
  }, [](client& c) { c.websocket("/").outcome(); });
  CHECK(text == app_line("CSGI-CORE-083", "a second receive while one is pending", "websocket::begin_receive()") +
                    app_line("CSGI-CORE-006", "done while an operation is pending", "http()"));
}

TEST_CASE("CSGI-WS-042: what may not be sent") {
  for (const auto kind : both_kinds) {
    const auto unsendable = [](const std::string& value, const char* call) { return app_line("CSGI-WS-042", ("a WebSocket's words that may not be sent (" + value + ')').c_str(), call); };
    CHECK(said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      co_await socket.accept("not offered");
    }) == unsendable("subprotocol not offered", "websocket::begin_accept()"));
    CHECK(said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      co_await socket.accept();
      co_await socket.send("\xff");
    }) == unsendable("text that is not UTF-8, or in a binary message", "websocket::begin_send()"));
    CHECK(said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      co_await socket.accept();
      co_await socket.send("a text", false);
      co_await socket.send_binary("that is none");
    }) == unsendable("bytes in a text message", "websocket::begin_send()"));
    CHECK(said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      co_await socket.accept();
      co_await socket.close(1006);
    }) == unsendable("code 1006", "websocket::begin_close()"));
  }
}

TEST_CASE("CSGI-WS-041: who wants a WebSocket answers where there is none") {
  for (const auto kind : both_kinds)
    CHECK(said_of(kind, [](async_exchange ex) -> task<> {
      async_websocket socket(ex);
      if (socket) co_await socket.accept();
    }, [](client& c) { c.get("/"); }) == app_line("CSGI-WS-041", "no answer where there was no WebSocket to be had", "http()"));
}

TEST_CASE("CSGI-WS-008, CSGI-WS-022, CSGI-WS-027, CSGI-WS-031: a server that takes what it has to refuse") {
  struct taking final : forwarding_socket {
    using forwarding_socket::forwarding_socket;
    begun begin_send(send_op& op) noexcept override { return op.error = {}, begun::completed; }
    begun begin_close(close_op& op) noexcept override { return op.error = {}, begun::completed; }
  };
  const auto text = said_with<taking>([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.send("early");
    co_await socket.accept();
    co_await socket.send("\xff");
    co_await socket.send("right");
    for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {
    }
    co_await socket.send("late");
    co_await socket.close(1005);
  });
  CHECK(text.find(line("CSGI-WS-008", "an operation of a WebSocket that is not accepted was taken", "websocket::begin_send()")) != text.npos);
  CHECK(text.find(line("CSGI-WS-022", "a message that may not be sent was taken", "websocket::begin_send()")) != text.npos);
  CHECK(text.find(line("CSGI-WS-027", "a close that may not be sent was taken", "websocket::begin_close()")) != text.npos);
  CHECK(text.find(line("CSGI-WS-031", "a send was taken when the conversation was over", "websocket::begin_send()")) != text.npos);
}

TEST_CASE("CSGI-WS-007, CSGI-WS-009: an accept that should be refused, and one that commits nothing") {
  struct saying final : forwarding_socket {
    using forwarding_socket::forwarding_socket;
    begun begin_accept(accept_op& op) noexcept override { return op.error = {}, begun::completed; }
  };
  const auto text = said_with<saying>([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept("not offered");
    ex.start(200);
    co_await ex.finish();
  });
  CHECK(text.find(line("CSGI-WS-009", "a WebSocket was accepted, and the phase is not committed", "websocket::begin_accept()")) != text.npos);
  CHECK(text.find(line("CSGI-WS-007", "an accept was taken with what may not be sent", "websocket::begin_accept()")) != text.npos);
  CHECK(text.find(line("CSGI-WS-009", "an operation of the exchange was taken when a WebSocket was accepted", "start()")) != text.npos);
}

TEST_CASE("CSGI-WS-012 to CSGI-WS-030: messages and ends that cannot be") {
  struct babbling final : forwarding_socket {
    using forwarding_socket::forwarding_socket;
    begun begin_receive(receive_op& op) noexcept override {
      op.error = {};
      ++calls;
      op.got = {};
      if (calls == 1) op.got = {.data = "te", .kind = message_kind::text, .last = false};
      if (calls == 2) op.got = {.data = "\xff", .kind = message_kind::binary, .last = true};
      if (calls == 3) op.got = {.data = "", .kind = message_kind::text, .last = false};
      if (calls == 4) op.got = {.data = "\xff", .kind = message_kind::text, .last = true};
      if (calls == 5) op.got.open = false;
      if (calls == 7) op.error = std::make_error_code(std::errc::connection_reset);
      return begun::completed;
    }
    websocket_end end() const noexcept override { return {.code = static_cast<std::uint16_t>(1004 + ++ends), .reason = "", .clean = true}; }
    int calls = 0;
    mutable int ends = -1;
  };
  const auto text = said_with<babbling>([](async_exchange ex) -> task<> {
    async_websocket socket(ex);
    co_await socket.accept();
    co_await socket.receive();
    for (int i = 0; i < 5; ++i) co_await socket.receive_part();
    socket.end();
    socket.end();
    co_await socket.receive();
  });
  for (const char* what : {"CSGI-WS-012 (server): a message wanted whole came in parts", "CSGI-WS-012 (server): a message changed its kind",
                           "CSGI-WS-013 (server): a part without bytes that does not end its message", "CSGI-WS-017 (server): a text that is not UTF-8",
                           "CSGI-WS-029 (server): a receive was taken after one has told that the conversation is over", "CSGI-WS-030 (server): another end of the conversation than before",
                           "CSGI-WS-030 (server): an end with a code or reason that nobody may send",
                           "CSGI-CORE-037 (server): an error that is not among those of the operation, in websocket::begin_receive()"}) {
    CAPTURE(what);
    CHECK(text.find(what) != text.npos);
  }
}

TEST_CASE("CSGI-CORE-022: a WebSocket's operations are done once, and not inside begin") {
  struct hasty final : forwarding_socket {
    using forwarding_socket::forwarding_socket;
    begun begin_receive(receive_op& op) noexcept override {
      op.error = {};
      op.got.open = false;
      op.done(op);
      return begun::pending;
    }
  };
  reports told;
  sample_app app(app_kind::async, echo);
  lint checked(app, told.settings());
  chain faulty(behind<offering<hasty>>(), checked);
  client c(faulty, quick);
  c.websocket("/").outcome();
  CHECK(told.text() == line("CSGI-CORE-022", "done called inside begin", "done"));
}

TEST_CASE("an upgrade is judged as what it is: its bytes are no body") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    const auto streaming = [](async_exchange ex) -> task<> {
      auto* const offer = ex.find<upgrade>();
      co_await switch_protocols(ex, "raw");
      if (ex.head().path == "/again") attempt<upgrade_op>([&](upgrade_op& o) { return offer->begin_upgrade(o); });
      for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk, ending::flush);
      co_await ex.finish();
    };
    const auto talk = [](const char* path) {
      return [path](client& c) {
        auto live = c.begin("GET", path, {.fields = {{"connection", "upgrade"}, {"upgrade", "raw"}}});
        live.head();
        live.send("bytes");
        CHECK(live.read() == "bytes");
        live.close_sending();
        live.outcome();
      };
    };
    CHECK(said_of(kind, streaming, talk("/")) == "");
    CHECK(said_of(kind, streaming, talk("/again")) ==
          app_line("CSGI-CORE-083", "an accept, or an upgrade, where the response was committed", "upgrade::begin_upgrade()"));
  }
}

TEST_CASE("CSGI-EXT-063: an upgrade to what the client does not offer, or with what may not be sent") {
  static constexpr field length[] = {{"content-length", "1"}};
  const auto offering_raw = [](client& c) { c.get("/", {.fields = {{"connection", "upgrade"}, {"upgrade", "raw"}}}); };
  const auto upgrading = [](std::string_view protocol, std::span<const field> fields) {
    return [protocol, fields](async_exchange ex) -> task<> {
      upgrade_op op;
      op.protocol = protocol;
      op.fields = fields;
      CHECK(attempt([&](upgrade_op& o) { return ex.find<upgrade>()->begin_upgrade(o); }, op) == std::errc::invalid_argument);
      co_await ex.respond(200, "text/plain", "raw it is not\n");
    };
  };
  const auto told = [](const std::string& part) {
    return app_line("CSGI-EXT-063", ("an upgrade that is not offered, or with fields that may not be sent (" + part + ")").c_str(), "upgrade::begin_upgrade()");
  };
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    CHECK(said_of(kind, upgrading("cooked", {}), offering_raw) == told("protocol cooked"));
    CHECK(said_of(kind, upgrading("raw", length), offering_raw) == told("field content-length"));
  }
}
}
