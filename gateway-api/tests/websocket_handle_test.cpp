#include <csgi/async_websocket.hpp>
#include <csgi/blocking_websocket.hpp>
#include <csgi/forwarding_exchange.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

const fields handshake = {{"Connection", "keep-alive, Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"},
                          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};

/// What the message of the failure of `call` says.
template <class Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const misuse& wrong) {
    CHECK(wrong.code() == std::errc::operation_not_permitted);
    return wrong.what();
  }
  return "nothing is wrong";
}

task<> try_all(async_exchange ex, std::string& words) {
  const async_websocket socket(ex);
  const auto note = [&words](const misuse& wrong) { words.append(wrong.what()).append("\n"); };
  try {
    co_await socket.accept();
  } catch (const misuse& wrong) {
    note(wrong);
  }
  try {
    co_await socket.receive();
  } catch (const misuse& wrong) {
    note(wrong);
  }
  try {
    co_await socket.send("text");
  } catch (const misuse& wrong) {
    note(wrong);
  }
  try {
    co_await socket.close();
  } catch (const misuse& wrong) {
    note(wrong);
  }
}

/// On a server that is stopping.
struct stopping_exchange final : forwarding_exchange {
  explicit stopping_exchange(exchange& next) : forwarding_exchange(next) {}
  void* find(const extension_id& id) noexcept override { return id == drain_notice::id ? static_cast<drain_notice*>(&notice) : next().find(id); }

  struct stopping final : drain_notice {
    bool draining() const noexcept override { return true; }
    begun begin_draining(operation&) noexcept override { return begun::completed; }
  } notice;
};

recorded_response wanted(const scripted_request& script) {
  recording_exchange x(completion::inside, script);
  want_websocket(blocking_exchange(x));
  recording_exchange y(completion::later, script);
  y.run(want_websocket(async_exchange(y)));
  CHECK(x.response().status == y.response().status);
  CHECK(x.response().body == y.response().body);
  return x.response();
}

}  // namespace

TEST_SUITE("websocket_handle") {
TEST_CASE("an empty handle says so, and what is tried with it all the same fails in words") {
  recording_exchange x(completion::inside, {.fields = handshake});
  const blocking_websocket socket{blocking_exchange(x)};
  CHECK_FALSE(socket);
  CHECK_FALSE(socket.accepted());
  CHECK_FALSE(socket.raw().accepted());
  CHECK(socket.end().code == 1006);
  CHECK_FALSE(socket.end().clean);
  CHECK(refusal_of([&] { socket.accept(); }).starts_with("accept: no WebSocket is offered to this app: where !socket, answer with csgi::want_websocket(ex)"));
  CHECK(refusal_of([&] { socket.accept("", {{"x-kept", "a value"}}); }).starts_with("accept: no WebSocket is offered"));
  CHECK(refusal_of([&] { socket.receive(); }).starts_with("receive: no WebSocket is accepted"));
  CHECK(refusal_of([&] { socket.receive_part(); }).starts_with("receive: no WebSocket is accepted"));
  CHECK(refusal_of([&] { socket.receive_for(1h); }).starts_with("receive_for: no WebSocket is accepted"));
  CHECK(refusal_of([&] { socket.send("text"); }).starts_with("send: no WebSocket is accepted"));
  CHECK(refusal_of([&] { socket.close(); }).starts_with("close: no WebSocket is accepted"));
}

TEST_CASE("who accepts a request that is no handshake is told that, of both kinds") {
  const char* const words = "accept: the request is no WebSocket handshake: where !socket, answer with csgi::want_websocket(ex)";
  recording_exchange x(completion::inside, {});
  CHECK(refusal_of([&] { blocking_websocket(blocking_exchange(x)).accept(); }).starts_with(words));
  recording_exchange y(completion::later, {});
  std::string told;
  y.run(try_all(async_exchange(y), told));
  CHECK(told.starts_with(words));
}

TEST_CASE("so it does in a coroutine") {
  recording_exchange x(completion::later, {.fields = handshake});
  std::string words;
  x.run(try_all(async_exchange(x), words));
  for (const char* const each : {"accept: no WebSocket is offered", "receive: no WebSocket", "send: no WebSocket", "close: no WebSocket"})
    CHECK(words.find(each) != std::string::npos);
}

TEST_CASE("a request that is no handshake is told that one is wanted") {
  const auto plain = wanted({});
  CHECK(plain.status == 426);
  CHECK(plain.body.find("a handshake is wanted") != std::string::npos);
  fields other = handshake;
  other[1].second = "h2c";
  CHECK(wanted({.fields = other}).status == 426);
  CHECK(wanted({.method = "POST", .fields = handshake}).status == 426);
}

TEST_CASE("a handshake that nobody takes is told that no WebSocket is offered") {
  const auto right = wanted({.fields = handshake});
  CHECK(right.status == 501);
  CHECK(right.body.find("offers none to this app") != std::string::npos);
  CHECK(right.body.find("handshake is wanted") == std::string::npos);
}

TEST_CASE("a handshake that comes when the server is stopping is told so") {
  recording_exchange x(completion::inside, {.fields = handshake});
  stopping_exchange last(x);
  want_websocket(blocking_exchange(last));
  CHECK(x.response().status == 503);
  recording_exchange plain(completion::inside);
  stopping_exchange late(plain);
  want_websocket(blocking_exchange(late));
  CHECK(plain.response().status == 426);
}
}
