#include <csgi/finish_hooks.hpp>
#include "recording_exchange.hpp"
#include <csgi/forwarding_exchange.hpp>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

struct hooked final : blocking_app {
  void http(blocking_exchange ex) override {
    ex.on_finish([this](const outcome& how) { order += 'a', last = how; });
    ex.on_finish([](const outcome&) { throw std::runtime_error("nobody listens"); });
    ex.on_finish([this](const outcome&) { order += 'b'; });
    ex.start(201);
    if (fails) throw 42;
    ex.finish("body");
  }
  bool fails = false;
  std::string order;
  outcome last;
};

struct without_hooks final : forwarding_exchange {
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id&) noexcept override { return nullptr; }
};

}  // namespace

TEST_SUITE("finish_hooks") {
TEST_CASE("on_finish() runs in reverse order, whatever a hook throws, and tells a whole response") {
  recording_exchange x(completion::inside);
  hooked app;
  x.serve(app);
  CHECK(app.order == "ba");
  CHECK(app.last.status == 201);
  CHECK(app.last.body_bytes == 4);
  CHECK(!app.last.aborted);
}

TEST_CASE("on_finish() runs after an app that threw, too") {
  recording_exchange x(completion::inside);
  hooked app;
  app.fails = true;
  CHECK_THROWS_AS(x.serve(app), int);
  CHECK(app.order == "ba");
  CHECK(app.last.aborted);
}

TEST_CASE("on_finish() says where there are no hooks") {
  recording_exchange x(completion::inside);
  without_hooks view(x);
  CHECK_THROWS_AS(blocking_exchange(view).on_finish([](const outcome&) {}), error);
}
}
