// strangers_test.cpp - the bundled apps on the servers that are made of other people's HTTP libraries.
#include <csgi/beast/server.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/mount_table.hpp>
#include <csgi/server_observer.hpp>
#include <doctest/doctest.h>
#include <latch>
#include <echo/echo.hpp>
#include <hello/hello_async.hpp>
#include <hello/hello_blocking.hpp>
#include <stream/stream.hpp>
#include <thread>
#include "running_server.hpp"
#ifdef CSGI_HAS_HTTPLIB
#include <csgi/httplib/server.hpp>
#endif

using csgi::tests::get;
using csgi::tests::request;
using csgi::tests::wire_client;

namespace {

class listening final : public csgi::server_observer {
 public:
  void ready(const csgi::endpoint&) noexcept override { accepts_.count_down(); }
  void log(csgi::log_level, std::string_view) noexcept override {}
  void wait() const { accepts_.wait(); }

 private:
  std::latch accepts_{1};
};

template <class Server>
class serving {
 public:
  explicit serving(csgi::application app) : server_(options()), thread_([this, app] { run(app); }) {}
  serving(const serving&) = delete;
  serving& operator=(const serving&) = delete;
  ~serving() { end(); }

  /// Once it accepts connections.
  std::uint16_t port() const {
    observer_.wait();
    return server_.port();
  }
  void stop() noexcept { server_.stop(); }

  /// Waits for run(), and gives what it threw, in words.
  std::string join() {
    if (thread_.joinable()) thread_.join();
    return failure_;
  }
  std::string end() {
    server_.stop();
    return join();
  }

 private:
  csgi::server_options options() {
    csgi::server_options o;
    o.port = 0;
    o.observer = &observer_;
    return o;
  }
  void run(csgi::application app) {
    try {
      server_.run(app);
    } catch (const std::exception& e) {
      failure_ = e.what();
    }
  }

  listening observer_;
  Server server_;
  std::string failure_;
  std::thread thread_;
};

struct patient final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(200);
    ex.write("serving");
    ex.flush();
    while (!csgi::draining(ex)) ex.sleep_for(std::chrono::milliseconds(1));
    ex.finish("draining");
  }
};

struct unwilling final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange) override { co_return; }
  csgi::task<> startup(csgi::server_context&) override {
    throw std::runtime_error("no database");
    co_return;
  }
};

}  // namespace

#ifdef CSGI_HAS_HTTPLIB
#define CSGI_STRANGERS csgi::beast::server, csgi::httplib::server
#else
#define CSGI_STRANGERS csgi::beast::server
#endif

TEST_SUITE("strangers") {

TEST_CASE_TEMPLATE("both kinds of hello are answered, again and again on one connection", Server, CSGI_STRANGERS) {
  hello_async async;
  hello_blocking blocking;
  csgi::mount_table both{async};
  both.mount("/blocking", blocking);
  const serving<Server> server(both);
  wire_client client(server.port());
  for (const char* target : {"/", "/blocking", "/", "/blocking/again"}) {
    const auto reply = client.exchange(get(target));
    CHECK(reply.status == 200);
    CHECK(reply.body == "Hello\n");
    CHECK(reply.field("content-length") == "6");
  }
  client.send(get("/") + get("/blocking"));
  CHECK(client.read().body == "Hello\n");
  CHECK(client.read().body == "Hello\n");
}

TEST_CASE_TEMPLATE("bodies come back, with a length and in chunks", Server, CSGI_STRANGERS) {
  echo app;
  const serving<Server> server(app);
  wire_client client(server.port());
  const std::string body(100'000, 'x');
  CHECK(client.exchange(request("POST", "/", "Content-Type: text/plain\r\n", body), "POST").body == body);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n");
  CHECK(client.read("POST").body == "hello world");
}

TEST_CASE_TEMPLATE("a stream comes piece by piece, and ends with its client", Server, CSGI_STRANGERS) {
  stream app;
  serving<Server> server(app);
  {
    wire_client client(server.port());
    client.send(get("/?count=3&interval=1"));
    CHECK(client.read().whole);
  }
  wire_client endless(server.port());
  endless.send(get("/?count=1000000&interval=1"));
  endless.read_through("2");
  endless.reset();
  CHECK(server.end() == "");
}

TEST_CASE_TEMPLATE("a stop closes idle connections, and a second one ends what runs", Server, CSGI_STRANGERS) {
  stream app;
  serving<Server> server(app);
  wire_client idle(server.port());
  wire_client busy(server.port());
  busy.send(get("/?count=1000000&interval=1000"));
  busy.read_through("1");
  server.stop();
  CHECK(idle.closed());
  CHECK(server.end() == "");
  CHECK(busy.read_to_end().find("\r\n0\r\n") == std::string::npos);
}

TEST_CASE_TEMPLATE("CSGI-EXT-041: a blocking app sees on its thread that the server drains", Server, CSGI_STRANGERS) {
  patient app;
  serving<Server> server(app);
  wire_client client(server.port());
  client.send(get("/"));
  client.read_through("serving");
  server.stop();
  CHECK(client.read_to_end().find("draining") != std::string::npos);
  CHECK(server.end() == "");
}

TEST_CASE_TEMPLATE("what keeps an app from starting is thrown by run()", Server, CSGI_STRANGERS) {
  unwilling app;
  serving<Server> server(app);
  CHECK(server.join() == "the app's startup failed: no database");
}

TEST_CASE_TEMPLATE("that it drains is told", Server, CSGI_STRANGERS) {
  csgi::server_options options;
  options.port = 0;
  Server server(options);
  CHECK_FALSE(server.load().draining);
  server.stop();
  CHECK(server.load().draining);
}

TEST_CASE_TEMPLATE("an address that is taken, and options that make no sense, are refused by the constructor", Server, CSGI_STRANGERS) {
  csgi::server_options options;
  options.port = 0;
  const Server first(options);
  options.port = first.port();
  try {
    const Server second(options);
    FAIL("it was had twice");
  } catch (const std::system_error& e) {
    CHECK(e.code() == std::errc::address_in_use);
  }
  options.threads = 0;
  CHECK_THROWS_WITH_AS(Server{options}, "threads is at least 1", std::invalid_argument);
}

}
