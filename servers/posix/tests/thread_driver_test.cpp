#include <csgi/posix/thread_driver.hpp>
#include <csgi/blocking_websocket.hpp>
#include <csgi/posix/signal_mask.hpp>
#include <doctest/doctest.h>
#include <ostream>
#include <functional>
#include <semaphore>
#include <string>
#include <sys/socket.h>

using namespace csgi;
using namespace csgi::posix;
using namespace std::chrono_literals;

namespace {

struct quiet_observer final : server_observer {
  std::vector<std::string> lines;
  void log(log_level, std::string_view text) noexcept override { lines.emplace_back(text); }
};

struct test_driver final : thread_driver {
  int finished_responses = 0;
  void finished(http1::finished_response response) noexcept override {
    ++finished_responses;
    response.run_hooks();
  }
};

struct one_call final : blocking_app {
  std::function<void(blocking_exchange)> act;
  void http(blocking_exchange ex) override { act(ex); }
};

struct async_call final : async_app {
  std::function<task<>(async_exchange)> act;   // a plain function that gives a coroutine
  task<> http(async_exchange ex) override { return act(ex); }
};

/// One connection over a socket pair, driven by this thread.
class driven_connection {
 public:
  driven_connection() { shared.observer = &observer; }

  void send(std::string_view bytes) const { CHECK(::send(peer.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size())); }

  /// Serves one request and gives what the peer received.
  std::string serve(application app, std::string_view request) {
    send(request);
    conn.drive_with(driver, driver.dates());
    conn.ready({.readable = true, .writable = true});
    while (conn.advance() == http1::step::dispatch) driver.run(conn, socket, app);
    std::string got(1 << 20, '\0');
    const auto size = ::recv(peer.get(), got.data(), got.size(), MSG_DONTWAIT);
    got.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return got;
  }

  quiet_observer observer;
  http1::settings shared;
  test_driver driver;
  http1::recycling_workspace_pool<http1::owner_only> pool{shared.limits};
  descriptor peer;
  socket_transport socket{connected(peer)};
  http1::connection conn{socket, shared, pool, {}, {}};

 private:
  static descriptor connected(descriptor& other) {
    int both[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) == 0);
    other = descriptor(both[1]);
    return descriptor(both[0]);
  }
};

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view upload = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";

struct errand : work {
  std::function<void()> what;
  explicit errand(std::function<void()> f) : what(std::move(f)) {
    run = [](work& w) noexcept { static_cast<errand&>(w).what(); };
  }
};

bool is_ok(const std::string& response) { return response.starts_with("HTTP/1.1 200 "); }
bool is_unavailable(const std::string& response) { return response.starts_with("HTTP/1.1 503 "); }

/// Completed by post_done() from elsewhere.
auto wait_for(operation*& place, std::binary_semaphore& placed) {
  return await_operation<"wait_for">(
      operation{},
      [&place, &placed](operation& op) noexcept {
        place = &op;
        placed.release();
        return begun::pending;
      });
}

task<> resumed_from_elsewhere(async_exchange ex, operation*& place, std::binary_semaphore& placed, std::thread::id& resumed_on) {
  co_await wait_for(place, placed);
  resumed_on = std::this_thread::get_id();
  co_await ex.sleep_for(1ms);
  co_await ex.respond(200, "text/plain", "ok");
}

task<> read_then_answer(async_exchange ex, std::string& body) {
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) body += chunk;
  co_await ex.respond(200, "text/plain", "ok");
}

task<> sleep_and_clean_up(async_exchange ex, std::binary_semaphore& asleep, bool& cleaned_up) {
  std::exception_ptr failure;
  try {
    asleep.release();
    co_await ex.sleep_for(1h);
  } catch (const cancelled&) {
    failure = std::current_exception();
  }
  cleaned_up = failure != nullptr;
  if (failure) std::rethrow_exception(failure);
}

task<> wait_until_gone(async_exchange ex, std::function<void()> meanwhile, std::error_code& why) {
  meanwhile();
  try {
    co_await ex.gone();
  } catch (const error& e) {
    why = e.code();
  }
  co_await ex.respond(200, "text/plain", "still heard");
}

}  // namespace

TEST_SUITE("thread_driver") {
TEST_CASE("a blocking app and an async app are served alike") {
  driven_connection both;
  one_call blocking;
  blocking.act = [](blocking_exchange ex) { ex.respond(200, "text/plain", "ok"); };
  CHECK(is_ok(both.serve(blocking, get)));
  async_call async;
  std::string body;
  async.act = [&](async_exchange ex) { return read_then_answer(ex, body); };
  CHECK(is_ok(both.serve(async, get)));
}

TEST_CASE("a blocking app's sleep lasts as long as it should, and runs what is posted meanwhile") {
  driven_connection one;
  one_call app;
  clock::duration slept{};
  std::thread::id ran_on;
  app.act = [&](blocking_exchange ex) {
    errand e([&] { ran_on = std::this_thread::get_id(); });
    std::jthread other([&, executor = &ex.raw().executor()] { executor->post(e); });
    const auto before = clock::now();
    ex.sleep_for(3ms);
    slept = clock::now() - before;
    other.join();
    ex.respond(200, "text/plain", "ok");
  };
  CHECK(is_ok(one.serve(app, get)));
  CHECK(slept >= 3ms);
  CHECK(ran_on == std::this_thread::get_id());
}

TEST_CASE("a blocking app's sleep is cancelled from another thread") {
  driven_connection one;
  one_call app;
  std::binary_semaphore asleep{0};
  std::jthread other([&] {
    asleep.acquire();
    one.driver.cancel();
  });
  app.act = [&](blocking_exchange ex) {
    asleep.release();
    ex.sleep_for(1h);
  };
  CHECK(is_unavailable(one.serve(app, get)));
  CHECK(one.observer.lines.empty());
}

TEST_CASE("a blocking read is cancelled from another thread") {
  driven_connection one;
  one_call app;
  std::binary_semaphore reading{0};
  std::jthread other([&] {
    reading.acquire();
    one.driver.cancel();
  });
  app.act = [&](blocking_exchange ex) {
    reading.release();
    ex.read();
  };
  CHECK(is_unavailable(one.serve(app, upload)));
  CHECK(one.observer.lines.empty());
}

TEST_CASE("every request after cancel() is cancelled too") {
  driven_connection one;
  one.driver.cancel();
  one_call blocking;
  blocking.act = [](blocking_exchange ex) { ex.sleep_for(1h); };
  CHECK(is_unavailable(one.serve(blocking, get)));
  driven_connection other;
  other.driver.cancel();
  async_call async;
  std::binary_semaphore asleep{0};
  bool cleaned_up = false;
  async.act = [&](async_exchange ex) { return sleep_and_clean_up(ex, asleep, cleaned_up); };
  CHECK(is_unavailable(other.serve(async, get)));
  CHECK(cleaned_up);
}

TEST_CASE("CSGI-WS-036: a drain gives the peer of a blocking app, which waits for a message, the time to close and no more") {
  driven_connection one;
  one.shared.blocking_websockets = true;
  one.shared.websocket.ping = 3s;
  one.shared.websocket.close = 1ms;
  errand drain([&one] {
    one.shared.draining = true;
    one.driver.drain();
  });
  std::uint16_t code = 0;
  clock::duration waited{};
  one_call app;
  app.act = [&](blocking_exchange ex) {
    const blocking_websocket socket(ex);
    socket.accept();
    one.driver.post(drain);
    const auto before = clock::now();
    const bool got = static_cast<bool>(socket.receive());
    waited = clock::now() - before;
    CHECK_FALSE(got);
    code = socket.end().code;
  };
  one.serve(app,
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK(waited < one.shared.websocket.ping);
  CHECK(code == 1001);
}

TEST_CASE("CSGI-WS-043: a receive with a limit ends with it, also where the server begins to drain meanwhile") {
  driven_connection one;
  one.shared.blocking_websockets = true;
  one.shared.websocket.close = 10s;
  errand drain([&one] {
    one.shared.draining = true;
    one.driver.drain();
  });
  bool drains = false, came = true;
  clock::duration waited{};
  one_call app;
  app.act = [&](blocking_exchange ex) {
    const blocking_websocket socket(ex);
    socket.accept();
    if (drains) one.driver.post(drain);
    const auto before = clock::now();
    came = socket.receive_for(50ms).has_value();
    waited = clock::now() - before;
  };
  SUBCASE("not draining") {}
  SUBCASE("draining") { drains = true; }
  one.serve(app,
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK_FALSE(came);
  CHECK(waited >= 50ms);
  CHECK(waited < one.shared.websocket.close);
}

TEST_CASE("work that is posted to a blocking app runs on its thread while it waits") {
  driven_connection one;
  one_call app;
  std::string body;
  std::thread::id ran_on;
  app.act = [&](blocking_exchange ex) {
    // Without the errand the body would never come.
    errand e([&] {
      ran_on = std::this_thread::get_id();
      one.send("hello");
    });
    std::jthread other([&, executor = &ex.raw().executor()] {
      CHECK_FALSE(executor->here());
      executor->post(e);
    });
    body = ex.read();
    other.join();
    ex.respond(200, "text/plain", "ok");
  };
  CHECK(is_ok(one.serve(app, upload)));
  CHECK(body == "hello");
  CHECK(ran_on == std::this_thread::get_id());
}

TEST_CASE("work that is posted and not waited for runs at the next operation, or after the handler") {
  driven_connection one;
  one_call app;
  std::vector<int> ran;
  errand first([&] { ran.push_back(1); }), second([&] { ran.push_back(2); });
  app.act = [&](blocking_exchange ex) {
    ex.raw().executor().post(first);
    CHECK(ran.empty());
    ex.start(200);
    CHECK(ran == std::vector{1});
    ex.finish("ok");
    ex.raw().executor().post(second);
  };
  CHECK(is_ok(one.serve(app, get)));
  CHECK(ran == std::vector{1, 2});
}

TEST_CASE("a coroutine is resumed on its thread by what another one posts, and by its timers") {
  driven_connection one;
  async_call app;
  operation* place = nullptr;
  std::binary_semaphore placed{0};
  std::thread::id resumed_on;
  app.act = [&](async_exchange ex) { return resumed_from_elsewhere(ex, place, placed, resumed_on); };
  std::jthread other([&] {
    placed.acquire();
    post_done(one.driver, *place);
  });
  CHECK(is_ok(one.serve(app, get)));
  CHECK(resumed_on == std::this_thread::get_id());
}

TEST_CASE("a pending read is completed by what arrives") {
  driven_connection one;
  async_call app;
  std::string body;
  std::binary_semaphore started{0};
  app.act = [&](async_exchange ex) {
    started.release();
    return read_then_answer(ex, body);
  };
  std::jthread other([&] {
    started.acquire();
    one.send("hel");
    one.send("lo");
  });
  CHECK(is_ok(one.serve(app, upload)));
  CHECK(body == "hello");
}

TEST_CASE("cancel() ends a pending coroutine, which may clean up") {
  driven_connection one;
  async_call app;
  std::binary_semaphore asleep{0};
  bool cleaned_up = false;
  app.act = [&](async_exchange ex) { return sleep_and_clean_up(ex, asleep, cleaned_up); };
  std::jthread other([&] {
    asleep.acquire();
    one.driver.cancel();
  });
  CHECK(is_unavailable(one.serve(app, get)));
  CHECK(cleaned_up);
  CHECK(one.observer.lines.empty());
}

TEST_CASE("gone() sees the peer close its sending side, which still gets the response") {
  driven_connection one;
  async_call app;
  std::error_code why;
  app.act = [&](async_exchange ex) {
    return wait_until_gone(ex, [&] { ::shutdown(one.peer.get(), SHUT_WR); }, why);
  };
  CHECK(is_ok(one.serve(app, get)));
  CHECK(why == std::errc::connection_reset);
}

TEST_CASE("gone() completes where a read has met the end already") {
  driven_connection one;
  async_call app;
  std::error_code why;
  read_op read;
  std::binary_semaphore done{0};
  app.act = [&](async_exchange ex) {
    return wait_until_gone(ex, [&, ex] {
      ::shutdown(one.peer.get(), SHUT_WR);
      read.done = [](operation&) noexcept {};
      ex.raw().begin_read(read);
    }, why);
  };
  CHECK(is_ok(one.serve(app, upload)));
  CHECK(why == std::errc::connection_reset);
}

TEST_CASE("a peer that takes nothing runs into its deadline, in both kinds of app") {
  const without_sigpipe quiet;
  const std::string much(4 << 20, 'x');
  one_call blocking;
  blocking.act = [&](blocking_exchange ex) { ex.respond(200, "text/plain", much); };
  async_call async;
  async.act = [&](async_exchange ex) { return [](async_exchange x, const std::string& all) -> task<> {
    co_await x.respond(200, "text/plain", all);
  }(ex, much); };
  for (const application app : {application(blocking), application(async)}) {
    driven_connection one;
    one.shared.deadlines.write = 1ms;
    one.serve(app, get);
    CHECK(one.conn.advance() == http1::step::closed);
    CHECK(one.observer.lines.empty());
  }
}

TEST_CASE("a pool of one thread keeps what that returns, and is left alone by others") {
  const csgi::server_limits limits;
  http1::recycling_workspace_pool<http1::owner_only> pool(limits);
  pool.settle();
  auto block = pool.acquire_block();
  const char* const place = block.get();
  pool.release_block(std::move(block));
  const char* elsewhere = nullptr;
  std::thread other([&] {
    auto theirs = pool.acquire_block();
    elsewhere = theirs.get();
    pool.release_block(std::move(theirs));
  });
  other.join();
  CHECK(elsewhere != place);
  CHECK(pool.acquire_block().get() == place);
}
}
