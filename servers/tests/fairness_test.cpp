// fairness_test.cpp - clients that never stop asking: the others get their turn.
#include "served_function.hpp"
#include <csgi/sleep.hpp>
#include <atomic>
#include <csgi/async_websocket.hpp>
#include <condition_variable>
#include <list>
#include <mutex>
#include <semaphore>

using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

/// Sends the same again and again on a connection of its own, as fast as the server takes it, and reads what comes.
class flood {
 public:
  flood(std::uint16_t port, const std::string& once, std::string begin = {}) : client_(port) {
    std::string block;
    while (block.size() < 64 * 1024) block += once;
    client_.send(begin);
    if (!begin.empty()) client_.read_through("\r\n\r\n");
    sender_ = std::jthread([this, block] { send(block); });
    receiver_ = std::jthread([this] { receive(); });
  }
  ~flood() {
    over_ = true;
    client_.end();
  }

  /// Waits until so much was answered.
  void has_received(std::size_t bytes) {
    const auto patience = std::chrono::steady_clock::now() + 10s;
    while (received_ < bytes) {
      if (std::chrono::steady_clock::now() > patience) throw std::runtime_error("the server does not answer");
      std::this_thread::yield();
    }
  }

 private:
  void send(const std::string& block) {
    try {
      while (!over_) client_.send(block);
    } catch (const std::exception&) {   // closed
    }
  }
  void receive() {
    try {
      for (std::size_t got; (got = client_.read_some()) > 0;) received_ += got;
    } catch (const std::exception&) {
    }
  }

  wire_client client_;
  std::atomic<bool> over_{false};
  std::atomic<std::size_t> received_{0};
  std::jthread sender_, receiver_;
};

/// What a handler does that takes its time: it ends when it may, or after a while.
class slow_handler {
 public:
  void run() {
    begun_.release();
    static_cast<void>(may_end_.try_acquire_for(10s));
  }

  /// Asks for it at /slow, lets `others` be served meanwhile, and lets it end.
  void keep_busy(wire_client& by, const std::function<void()>& others) {
    by.send(get("/slow"));
    REQUIRE(begun_.try_acquire_for(10s));
    others();
    CHECK_FALSE(by.readable());
    may_end_.release();
    REQUIRE(by.read().body == "ok");
  }

 private:
  std::counting_semaphore<> begun_{0}, may_end_{0};
};

/// While two clients do that, a third one is answered, again and again; then the server stops.
void check_fair(bool evented, const std::string& once, const std::string& begin = {}, csgi::server_options options = {}) {
  served server(evented, [](csgi::async_exchange ex) -> csgi::task<> {
    csgi::async_websocket socket(ex);
    if (!socket) co_return co_await say(ex, "ok");
    co_await socket.accept();
    for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
  }, options);
  flood first(server.port(), once, begin), second(server.port(), once, begin);
  first.has_received(1'000'000);
  second.has_received(1'000'000);
  wire_client client(server.port());
  for (int i = 0; i < 100; ++i) REQUIRE(client.exchange(get(options.root_path + '/')).body == "ok");
}

}  // namespace

TEST_SUITE("fairness") {

TEST_CASE("who pipelines requests without end does not keep others from being served") {
  on_both([](bool evented) { check_fair(evented, get("/")); });
}

TEST_CASE("nor who pipelines what is answered without the app") {
  csgi::server_options options;
  options.root_path = "/app";
  on_both([&](bool evented) { check_fair(evented, get("/elsewhere"), {}, options); });
}

TEST_CASE("nor who sends bodies that nobody wants") {
  on_both([](bool evented) { check_fair(evented, request("POST", "/", {}, std::string(20'000, 'x'))); });
}

TEST_CASE("nor who sends messages, or pings, without end") {
  const std::string handshake = get("/", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  for (const char* opcode : {"\x81", "\x89"}) {
    const std::string frame = std::string(opcode) + "\x85" + std::string(4, '\0') + "hello";
    on_both([&](bool evented) { check_fair(evented, frame, handshake); });
  }
}

TEST_CASE("nor an app that does not look whether its conversation is over: receiving ends it") {
  const std::string handshake = get("/", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  on_both([&](bool evented) {
    std::atomic<int> over{0}, refused{0};
    {
      served server(evented, [&](csgi::async_exchange ex) -> csgi::task<> {
        csgi::async_websocket socket(ex);
        if (!socket) co_return co_await say(ex, "ok");
        co_await socket.accept();
        while (over < 1000) {       // for ever, but that a test has to end
          try {
            const auto got = co_await socket.receive();
            if (!got) ++over;
          } catch (const csgi::misuse&) {
            ++refused;
            throw;
          }
        }
      });
      wire_client forgotten(server.port());
      forgotten.send(handshake);
      forgotten.read_through("\r\n\r\n");
      forgotten.send("\x88\x80" + std::string(4, '\0'));
      forgotten.read_to_end();
      wire_client client(server.port());
      CHECK(client.exchange(get("/")).body == "ok");
    }
    CHECK(over == 1);
    CHECK(refused == 1);
  });
}

TEST_CASE("nor a handler that takes its time, among many that do not") {
  slow_handler handler;
  served server(false, [&](csgi::async_exchange ex) -> csgi::task<> {     // on the evented server such a handler holds its loop
    if (ex.head().path == "/slow") handler.run();
    co_await say(ex, "ok");
  });
  wire_client quick(server.port()), slow(server.port());
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 50; ++i) REQUIRE(quick.exchange(get("/")).body == "ok");
    handler.keep_busy(slow, [&] {
      for (int i = 0; i < round; ++i) REQUIRE(quick.exchange(get("/")).body == "ok");
    });
  }
}

TEST_CASE("nor one among many that take a while, whose connections leave more than one thing to do") {
  slow_handler handler;
  csgi::server_options options;
  options.threads = 2;
  served server(false, [&](csgi::async_exchange ex) -> csgi::task<> {
    if (ex.head().path == "/slow") handler.run();
    else std::this_thread::sleep_for(200us);
    ex.on_finish([](const csgi::outcome&) {});
    co_await say(ex, "ok");
  }, options);
  wire_client first(server.port()), second(server.port()), slow(server.port());
  for (int round = 0; round < 10; ++round) {
    std::string batch;
    for (int i = 0; i < 20; ++i) batch += get("/");
    first.send(batch);
    second.send(batch);
    for (int i = 0; i < 20; ++i) {
      REQUIRE(first.read().body == "ok");
      REQUIRE(second.read().body == "ok");
    }
    handler.keep_busy(slow, [&] { REQUIRE(first.exchange(get("/")).body == "ok"); });
  }
}

TEST_CASE("nor many handlers that take their time: as many go on as there are threads") {
  constexpr int threads = 8;
  std::mutex mutex;
  std::condition_variable all_here;
  int here = 0;
  csgi::server_options options;
  options.threads = threads;
  served server(false, [&](csgi::async_exchange ex) -> csgi::task<> {
    bool together = true;
    if (ex.head().path == "/slow") {
      std::unique_lock lock(mutex);
      if (++here == threads) all_here.notify_all();
      together = all_here.wait_for(lock, 10s, [&] { return here == threads; });
    }
    co_await say(ex, together ? "ok" : "alone");
  }, options);
  std::list<wire_client> clients;
  for (int i = 0; i < threads; ++i) clients.emplace_back(server.port());
  for (int i = 0; i < 50; ++i)
    for (auto& each : clients) REQUIRE(each.exchange(get("/")).body == "ok");
  for (auto& each : clients) each.send(get("/slow"));
  for (auto& each : clients) REQUIRE(each.read().body == "ok");
}

TEST_CASE("a wait until any time in the past is over at once") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](csgi::async_exchange ex) -> csgi::task<> {
            for (const auto then : {csgi::clock::now() - 1s, csgi::clock::time_point(), csgi::clock::time_point::min()}) {
              co_await csgi::sleep_until(then);
              co_await csgi::sleep_until(then);      // begun where the first one has ended
            }
            co_await say(ex, "awake");
          }) == "200 awake");
  });
}
}
