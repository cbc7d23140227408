#include "connection_apps.hpp"
#include <csgi/async_websocket.hpp>
#include <csgi/serving/websocket_frame.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

constexpr std::string_view handshake =
    "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
constexpr std::string_view accepted =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

std::string frame(websocket_opcode opcode, std::string_view payload, bool ends = true) {
  std::string bytes;
  append_websocket_frame(bytes, {.opcode = opcode, .ends = ends}, payload, websocket_key{1, 2, 3, 4});
  return bytes;
}

std::string text(std::string_view payload, bool ends = true) { return frame(websocket_opcode::text, payload, ends); }

std::string closing(std::uint16_t code, std::string_view reason = {}) {
  return frame(websocket_opcode::close, websocket_close_payload(code, reason).bytes());
}

std::string sent(websocket_opcode opcode, std::string_view payload) {
  std::string bytes;
  append_websocket_frame(bytes, {.opcode = opcode}, payload);
  return bytes;
}

std::string sent_close(std::uint16_t code, std::string_view reason = {}) {
  return sent(websocket_opcode::close, websocket_close_payload(code, reason).bytes());
}

task<> echo_messages(async_exchange ex) {
  const async_websocket socket(ex);
  co_await socket.accept();
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
}

struct notes {
  std::vector<std::string> messages;
  websocket_end end;
  std::string reason;
};

task<> note_messages(async_exchange ex, notes& into, bool whole) {
  const async_websocket socket(ex);
  co_await socket.accept();
  for (;;) {
    message got;
    if (whole) got = co_await socket.receive();
    else got = co_await socket.receive_part();
    if (!got) break;
    into.messages.emplace_back(got.data);
    if (!got.last) into.messages.back() += "...";
  }
  into.end = socket.end();
  into.reason = into.end.reason;
}

struct websocket_host final : any_connection_host {
  explicit websocket_host(driven how, std::function<task<>(async_exchange)> handler) : any_connection_host(how) {
    shared.blocking_websockets = true;
    app = std::move(handler);
  }
};

}  // namespace

TEST_SUITE("connection: WebSocket") {
TEST_CASE("messages are echoed, however what is received is cut and however little a send moves") {
  const std::string frames = text("one") + frame(websocket_opcode::ping, "now") + text("tw", false) + frame(websocket_opcode::ping, "") +
                             frame(websocket_opcode::continuation, "o") + frame(websocket_opcode::binary, std::string(300, 'x')) + text("") + closing(1000, "bye");
  const std::string one = sent(websocket_opcode::text, "one"), pong = sent(websocket_opcode::pong, "now");
  const std::string rest = sent(websocket_opcode::pong, "") + sent(websocket_opcode::text, "two") +
                           sent(websocket_opcode::binary, std::string(300, 'x')) + sent(websocket_opcode::text, "") + sent_close(1000);
  const std::string all = std::string(handshake) + frames;
  for (const driven how : both_ways) {
    // A blocking app's first send looks whether there is a ping, and finds one.
    const std::string expected = std::string(accepted) + (how == driven::pending ? one + pong : pong + one) + rest;
    for (std::size_t at = 1; at < all.size(); ++at) {
      websocket_host host(how, echo_messages);
      host.peer.sends(std::string_view(all).substr(0, at));
      host.peer.sends(std::string_view(all).substr(at));
      host.peer.closes();
      const bool same = plain(host.response()) == expected;
      CHECK_MESSAGE(same, to_string(how), " cut at ", at);
      CHECK(host.closed);
    }
    for (const std::size_t most : {std::size_t{1}, std::size_t{7}, scripted_transport::endless}) {
      websocket_host host(how, echo_messages);
      host.peer.most_at_once = most;
      host.peer.sends_one_by_one(all);
      host.peer.closes();
      CHECK(plain(host.response()) == expected);
      CHECK(host.observer.lines.empty());
    }
  }
}

TEST_CASE("that blocking apps are offered none is told once") {
  connection_host host(driven::blocking);
  host.app = [](async_exchange ex) -> task<> {
    CHECK(ex.find<websocket>() == nullptr);
    CHECK(ex.find<websocket>() == nullptr);
    co_await ex.respond(501, "text/plain", "none");
  };
  host.peer.sends(handshake);
  host.peer.closes();
  CHECK(host.response().starts_with("HTTP/1.1 501 "));
  REQUIRE(host.observer.lines.size() == 1);
  CHECK(host.observer.lines.front().starts_with("a WebSocket of a blocking app is refused: "));
}

TEST_CASE("frames at hand together are answered in one send") {
  websocket_host host(driven::pending, echo_messages);
  host.peer.sends(handshake);
  host.run();
  const auto before = host.peer.sends_seen;
  host.peer.sends(text("a") + text("b") + text("c"));
  host.run();
  CHECK(host.peer.sends_seen == before + 1);
}

TEST_CASE("CSGI-WS-018: an app that does not receive is not received for") {
  parked_host host(handshake);
  auto& socket = *static_cast<websocket*>(host.conn.find(websocket::id));
  watched<accept_op> accept;
  REQUIRE(socket.begin_accept(accept) == begun::completed);
  host.run();
  for (int i = 0; i < 10; ++i) host.peer.sends(text(std::string(1000, 'x')));
  host.run();
  CHECK(host.peer.receives <= 3);
  host.let_go();
}

TEST_CASE("CSGI-WS-019: an app that only sends sees that its peer closes, and pings are answered") {
  parked_host host(handshake);
  auto& socket = *static_cast<websocket*>(host.conn.find(websocket::id));
  watched<accept_op> accept;
  REQUIRE(socket.begin_accept(accept) == begun::completed);
  host.run();
  host.peer.take_got();
  host.peer.sends(frame(websocket_opcode::ping, "p"));
  host.run();
  CHECK(host.peer.take_got() == sent(websocket_opcode::pong, "p"));
  host.peer.sends(closing(4000, "enough"));
  host.run();
  watched<send_op> send;
  CHECK(socket.begin_send(send) == begun::completed);
  CHECK(send.failed_as(std::errc::connection_reset));
  CHECK(socket.end().code == 4000);
  CHECK(socket.end().reason == "enough");
  CHECK(socket.end().clean);
  host.let_go();
}

TEST_CASE("CSGI-WS-015: a pong that waits for a send to end is not lost where the peer is silent meanwhile") {
  parked_host host(handshake);
  auto& socket = *static_cast<websocket*>(host.conn.find(websocket::id));
  watched<accept_op> accept;
  REQUIRE(socket.begin_accept(accept) == begun::completed);
  host.run();
  host.peer.room = 10;
  const std::string large(100'000, 'x');
  watched<send_op> send;
  send.data = large;
  REQUIRE(socket.begin_send(send) == begun::pending);
  host.peer.sends(frame(websocket_opcode::ping, "p"));
  host.run();
  host.pass(host.shared.websocket.ping);
  host.peer.takes(1'000'000);
  host.run();
  CHECK(send.times == 1);
  CHECK(host.peer.got.ends_with(sent(websocket_opcode::pong, "p")));
  host.let_go();
}

TEST_CASE("CSGI-WS-020, CSGI-WS-029: a receive that is stopped before it hears of the end leaves that to the next one") {
  parked_host host(handshake);
  auto& socket = *static_cast<websocket*>(host.conn.find(websocket::id));
  watched<accept_op> accept;
  REQUIRE(socket.begin_accept(accept) == begun::completed);
  host.run();
  watched<receive_op> stopped;
  REQUIRE(socket.begin_receive(stopped) == begun::pending);
  host.conn.abort(std::errc::connection_reset);
  REQUIRE(stopped.times == 0);
  cancel(stopped);
  host.run();
  CHECK(stopped.times == 1);
  CHECK(stopped.failed_as(std::errc::operation_canceled));
  watched<receive_op> next;
  CHECK(socket.begin_receive(next) == begun::completed);
  CHECK_FALSE(next.error);
  CHECK_FALSE(next.got.open);
  watched<receive_op> last;
  CHECK(socket.begin_receive(last) == begun::completed);
  CHECK(last.failed_as(std::errc::operation_not_permitted));
  host.let_go();
}

TEST_CASE("what an app has received stays as it was while its peer's pings are looked at") {
  parked_host host(handshake);
  auto& socket = *static_cast<websocket*>(host.conn.find(websocket::id));
  watched<accept_op> accept;
  REQUIRE(socket.begin_accept(accept) == begun::completed);
  host.peer.sends(text("first"));
  host.run();
  watched<receive_op> receive;
  REQUIRE(socket.begin_receive(receive) == begun::completed);
  const std::string_view first = receive.got.data;
  for (int i = 0; i < 5; ++i) {
    host.peer.sends(frame(websocket_opcode::ping, "0123456789"));
    host.run();
  }
  CHECK(first == "first");
  host.let_go();
}

TEST_CASE("who waits for a message holds no block of input, and the request's head is there all the same") {
  std::string_view target;
  websocket_host host(driven::pending, [&target](async_exchange ex) {
    target = ex.head().target;
    return echo_messages(ex);
  });
  host.run();
  const int gone = host.pool.blocks_lent;     // with workspaces that were not needed
  host.peer.sends(handshake);
  host.run();
  CHECK(host.pool.blocks_lent == gone);
  for (int i = 0; i < 3; ++i) {
    host.peer.sends(text("a message"));
    host.run();
    CHECK(host.pool.blocks_lent == gone);
  }
  CHECK(host.peer.got.ends_with(sent(websocket_opcode::text, "a message")));
  CHECK(target == "/chat");
  CHECK(host.conn.head().field("upgrade") == "websocket");
}

TEST_CASE("an app that has received holds one block of input at most, until it receives again") {
  parked_host host(handshake);
  auto& socket = *static_cast<websocket*>(host.conn.find(websocket::id));
  watched<accept_op> accept;
  REQUIRE(socket.begin_accept(accept) == begun::completed);
  host.run();
  const int gone = host.pool.blocks_lent;
  host.peer.sends(text("first"));
  host.run();
  watched<receive_op> receive;
  REQUIRE(socket.begin_receive(receive) == begun::completed);
  host.peer.sends(frame(websocket_opcode::ping, ""));
  host.run();
  CHECK(host.pool.blocks_lent == gone + 1);
  watched<receive_op> next;
  REQUIRE(socket.begin_receive(next) == begun::pending);
  CHECK(host.pool.blocks_lent == gone);
  cancel(next);
  host.run();
  host.let_go();
}

TEST_CASE("CSGI-WS-013, CSGI-WS-014: a message beyond the limit is refused where it is wanted whole, and comes in parts else") {
  const std::string large(5000, 'x');
  for (const driven how : both_ways) {
    notes whole;
    websocket_host refusing(how, [&](async_exchange ex) { return note_messages(ex, whole, true); });
    refusing.shared.websocket.message = 4999;
    refusing.peer.sends(handshake);
    refusing.peer.sends(text("small") + text(large));
    CHECK(plain(refusing.response()) == std::string(accepted) + sent_close(1009));
    CHECK(whole.messages == std::vector<std::string>{"small"});
    CHECK(whole.end.code == 1009);
    CHECK_FALSE(whole.end.clean);

    notes parts;
    websocket_host streaming(how, [&](async_exchange ex) { return note_messages(ex, parts, false); });
    streaming.shared.websocket.message = 10;
    streaming.peer.sends(handshake);
    streaming.peer.sends(text(large.substr(0, 2000), false));
    streaming.peer.sends(frame(websocket_opcode::continuation, large.substr(2000)) + closing(1000));
    streaming.response();
    CHECK(parts.messages == std::vector<std::string>{large.substr(0, 2000) + "...", large.substr(2000)});
  }
}

TEST_CASE("CSGI-WS-030: who disappears without closing is 1006") {
  for (const driven how : both_ways) {
    for (const bool dies : {true, false}) {
      notes seen;
      websocket_host host(how, [&](async_exchange ex) { return note_messages(ex, seen, true); });
      host.peer.sends(handshake);
      host.peer.sends(text("x"));
      if (dies) host.peer.dies();
      else host.peer.closes();
      host.run();
      CHECK(seen.end.code == 1006);
      CHECK_FALSE(seen.end.clean);
      CHECK(host.observer.lines.empty());
    }
  }
}

TEST_CASE("CSGI-WS-032: an app that ends is closed for with 1000, one that throws with 1011, and the peer is waited for") {
  for (const driven how : both_ways) {
    for (const bool throws : {false, true}) {
      websocket_host host(how, [&](async_exchange ex) {
        return [](async_exchange e, bool fails) -> task<> {
          co_await async_websocket(e).accept();
          if (fails) throw std::runtime_error("oh");
        }(ex, throws);
      });
      host.peer.sends(handshake);
      CHECK(plain(host.response()) == std::string(accepted) + sent_close(throws ? 1011 : 1000));
      CHECK_FALSE(host.closed);
      CHECK(host.observer.lines.size() == (throws ? 1 : 0));
      host.peer.sends(closing(throws ? 1011 : 1000));
      host.peer.closes();
      host.run();
      CHECK(host.closed);
    }
  }
}

TEST_CASE("who sends without end while the conversation is closed does not keep others waiting") {
  websocket_host host(driven::pending, [](async_exchange ex) {
    return [](async_exchange e) -> task<> { co_await async_websocket(e).accept(); }(ex);
  });
  host.peer.sends(handshake);
  host.run();
  REQUIRE_FALSE(host.closed);
  const std::string frame_of_a_block = text(std::string(input_buffer::block_size, 'x'));
  std::string flood;
  for (int i = 0; i < 100; ++i) flood += frame_of_a_block;
  host.peer.sends(flood + closing(1000));
  host.peer.closes();
  readiness event;
  REQUIRE(host.peer.step(event));
  const auto before = host.peer.receives;
  host.conn.ready(event);
  CHECK(host.peer.receives - before <= 20);
  host.run();
  CHECK(host.closed);
}

TEST_CASE("CSGI-WS-026, CSGI-WS-035: a silent peer is pinged, then lost; one that does not close is not waited for") {
  notes seen;
  websocket_host host(driven::pending, [&](async_exchange ex) { return note_messages(ex, seen, true); });
  host.peer.sends(handshake);
  host.run();
  host.peer.take_got();
  host.pass(host.shared.websocket.ping);
  CHECK(host.peer.take_got() == sent(websocket_opcode::ping, ""));
  host.peer.sends(frame(websocket_opcode::pong, ""));
  host.run();
  host.pass(host.shared.websocket.ping);
  CHECK(host.peer.take_got() == sent(websocket_opcode::ping, ""));
  host.pass(host.shared.websocket.ping);
  CHECK(host.closed);
  CHECK(seen.end.code == 1006);

  websocket_host ending(driven::pending, [](async_exchange ex) {
    return [](async_exchange e) -> task<> { co_await async_websocket(e).accept(); }(ex);
  });
  ending.peer.sends(handshake);
  ending.run();
  CHECK_FALSE(ending.closed);
  ending.pass(ending.shared.websocket.close);
  ending.pass(std::chrono::seconds(60));
  CHECK(ending.closed);
}

TEST_CASE("CSGI-WS-036, CSGI-WS-037: a server that drains closes with 1001; one that cancels does not wait for the peer") {
  notes seen;
  websocket_host host(driven::pending, [&](async_exchange ex) { return note_messages(ex, seen, true); });
  host.peer.sends(handshake);
  host.run();
  host.peer.take_got();
  host.drain();
  CHECK(host.peer.take_got() == sent_close(1001));
  host.cancel_all();
  host.run();
  CHECK(host.closed);
}

TEST_CASE("a fault of the transport at any call ends the conversation, and leaks nothing") {
  const std::string all = std::string(handshake) + text("one") + text(std::string(70'000, 'x')) + closing(1000);
  for (const driven how : both_ways) {
    for (const fault as : {fault::would_block, fault::short_by_one, fault::closed, fault::failed}) {
      for (std::size_t at = 1; at < 30; ++at) {
        websocket_host host(how, echo_messages);
        host.peer.fault_at = at;
        host.peer.fails_as = as;
        host.peer.sends(all);
        host.peer.closes();
        host.run();
        if (!host.peer.faulted) break;
        host.pass(std::chrono::minutes(2));
        CHECK_MESSAGE(host.closed, to_string(how), " ", static_cast<int>(as), " at ", at);
        CHECK(host.pool.lent <= 1);
      }
    }
  }
}

TEST_CASE("CSGI-WS-002, CSGI-WS-003: a handshake that is wrong is answered, and the app is not called") {
  for (const auto& [from, to, status] : {std::tuple{"Version: 13", "Version: 12", "HTTP/1.1 426"}, std::tuple{"ub25jZQ==", "ub25jZQ", "HTTP/1.1 400"}}) {
    websocket_host host(driven::pending, echo_messages);
    std::string wrong(handshake);
    wrong.replace(wrong.find(from), std::string_view(from).size(), to);
    host.peer.sends(wrong);
    CHECK(host.response().starts_with(status));
    CHECK(host.apps_run == 0);
  }
}
}
