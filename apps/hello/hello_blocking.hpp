// hello_blocking.hpp - the smallest app, as a plain function.
#pragma once
#include <csgi/app.hpp>

struct hello_blocking final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(200, {{"content-type", "text/plain"}});
    ex.finish("Hello\n");
  }
};
