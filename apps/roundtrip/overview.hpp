// overview.hpp - says which ways there are.
#pragma once
#include <csgi/app.hpp>

class overview final : public csgi::blocking_app {
 public:
  void http(csgi::blocking_exchange ex) override;
};
