// sequential.hpp - a blocking handler that runs a coroutine.
#pragma once
#include <csgi/app.hpp>

class sequential final : public csgi::blocking_app {
 public:
  void http(csgi::blocking_exchange ex) override;
};
