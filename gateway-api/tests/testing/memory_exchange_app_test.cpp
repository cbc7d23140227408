#include "scene.hpp"
#include <doctest/doctest.h>
#include <unistd.h>

using namespace csgi;
using testing::client_behaviour;
using testing::request_body;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};

}  // namespace

TEST_SUITE("memory_exchange: apps on it") {
TEST_CASE("an app that ends while an operation is pending is at fault") {
  scene s({.body = request_body::by_hand()});
  read_op left_behind;
  s.serve(app_kind::async, [&](async_exchange ex) -> task<> {
    CHECK(ex.raw().begin_read(left_behind) == begun::pending);
    co_return;
  });
  CHECK(s.x.result().status == 500);
  CHECK(s.x.fault() == "the app ended while an operation of its was pending");
}

TEST_CASE("what is posted runs in order, on the handler's thread at its next operation or after its return") {
  scene s;
  static std::string order;
  order.clear();
  struct piece final : work {
    char name = 0;
  } a, b, c;
  const auto arm = [](piece& p, char name) {
    p.name = name;
    p.run = [](work& w) noexcept { order += static_cast<piece&>(w).name; };
  };
  arm(a, 'a');
  arm(b, 'b');
  arm(c, 'c');
  s.serve(app_kind::blocking, [&](async_exchange ex) -> task<> {
    auto& executor = ex.raw().executor();
    CHECK(executor.here());
    executor.post(a);
    executor.post(b);
    CHECK(order.empty());
    co_await ex.read();
    CHECK(order == "ab");
    co_await ex.respond(200, "text/plain", "");
    executor.post(c);
    CHECK(order == "ab");
  });
  CHECK(order == "abc");
}

TEST_CASE("files go as writes of the same bytes; one that is too short breaks the response off") {
  char name[] = "/tmp/csgi_memory_exchange_XXXXXX";
  const int file = ::mkstemp(name);
  REQUIRE(file >= 0);
  REQUIRE(::write(file, "0123456789", 10) == 10);
  for (const auto kind : kinds)
    for (const bool sends : {true, false}) {
      CAPTURE(to_string(kind));
      client_behaviour client;
      client.sends_files = sends;
      scene s({}, client, "GET");
      s.serve(kind, [file](async_exchange ex) -> task<> {
        ex.start(200);
        co_await ex.write("<");
        co_await ex.send_file(file, 2, 5);
        co_await ex.finish(">");
      });
      CHECK(s.x.take() == "<23456>");

      scene small({}, client, "GET");
      small.serve(kind, [file](async_exchange ex) -> task<> {
        ex.start(200);
        co_await ex.send_file(file, 5, 50, ending::finish);
      });
      CHECK(small.x.result().how.aborted == std::errc::bad_message);
    }
  ::close(file);
  ::unlink(name);
}

TEST_CASE("extensions that do not fit the kind are absent, others may be offered or hidden") {
  for (const auto kind : kinds) {
    scene s;
    s.x.act_for(kind);
    CHECK(s.x.find(lane::id) == nullptr);             // no threads given
    CHECK(s.x.find(background::id) == nullptr);
    CHECK(s.x.find(finish_hooks::id) != nullptr);
    CHECK(static_cast<server_info*>(s.x.find(server_info::id))->name == "testing");
    s.x.offer(log_sink::id, nullptr);
    CHECK(s.x.find(log_sink::id) == nullptr);
  }
}
}
