// A plug-in for the tests of front-ends, which trusts those that are its arguments. It answers who asks, as it sees that; /size with
// how much was sent; /events begins what has no end; a WebSocket gets its messages back.
#include <csgi/app.hpp>
#include <csgi/async_event_stream.hpp>
#include <csgi/async_websocket.hpp>
#include <csgi/chain.hpp>
#include <csgi/middleware/changed_request.hpp>
#include <csgi/middleware/trusted_proxy.hpp>
#include <unistd.h>

namespace {

csgi::task<> tell_size(csgi::async_exchange ex) {
  std::size_t size = 0;
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) size += chunk.size();
  co_await ex.respond(200, "text/plain", std::to_string(size) + '\n');
}

csgi::task<> begin_events(csgi::async_exchange ex) {
  csgi::async_event_stream events(ex);
  co_await events.open();
  const csgi::stream_event first{.data = "first"};
  co_await events.send(first);
  co_await ex.sleep_for(std::chrono::hours(1));     // until the client goes
}

/// The same without what tells a front-end that it has to come at once.
csgi::task<> begin_stream(csgi::async_exchange ex) {
  ex.start(200, {{"content-type", "text/plain"}});
  co_await ex.write("first");
  co_await ex.flush();
  co_await ex.sleep_for(std::chrono::hours(1));
}

csgi::task<> send_back(csgi::async_websocket socket) {
  co_await socket.accept();
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
}

csgi::task<> tell_who(csgi::async_exchange ex) {
  const auto& head = ex.head();
  const auto* const original = ex.find<csgi::original_request>();
  std::string text = std::to_string(::getpid()) + '\n';
  text.append("peer ").append(head.peer.address).append("\nscheme ").append(head.scheme).append("\nauthority ").append(head.authority);
  text.append("\nconnection ").append(std::to_string(original ? original->head->peer.port : 0)).append("\n");
  co_await ex.respond(200, "text/plain", text);
}

struct asked final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    if (const csgi::async_websocket socket(ex); socket) return send_back(socket);
    if (ex.head().path == "/size") return tell_size(ex);
    if (ex.head().path == "/events") return begin_events(ex);
    if (ex.head().path == "/stream") return begin_stream(ex);
    return tell_who(ex);
  }
};

class fronted final : public csgi::composite_app {
 public:
  explicit fronted(csgi::arguments given) : chain_(csgi::trusted_proxy({.peers = {given.begin(), given.end()}}), asked()) {}

  csgi::application choose(const csgi::request& head) noexcept override { return chain_.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return chain_.parts(); }

 private:
  csgi::chain<csgi::trusted_proxy, asked> chain_;
};

}  // namespace

CSGI_EXPORT_APP(fronted)
