// scene.hpp - for tests: an exchange in memory, in time that is skipped, and apps that run on it.
#pragma once
#include "sample_app.hpp"
#include <csgi/testing/memory_exchange.hpp>

namespace csgi {

/// An exchange that runs one behaviour on this thread.
struct scene {
  template <class Behaviour>
  void serve(app_kind kind, Behaviour behaviour) {
    sample_app app(kind, std::move(behaviour));
    x.serve(app);
  }

  testing::test_loop loop{testing::time_flow::skipped};
  testing::memory_exchange x;

  explicit scene(const testing::request_options& with = {}, const testing::client_behaviour& client = {}, std::string method = "POST")
      : x(loop, std::move(method), "/", with, {}, client) {}
};

}  // namespace csgi
