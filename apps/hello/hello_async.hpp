// hello_async.hpp - the smallest app, as a coroutine.
#pragma once
#include <csgi/app.hpp>

struct hello_async final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    ex.start(200, {{"content-type", "text/plain"}});
    co_await ex.finish("Hello\n");
  }
};
