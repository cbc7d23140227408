// A plug-in whose app never comes into being.
#include <csgi/app.hpp>

namespace {

struct refusing final : csgi::blocking_app {
  explicit refusing(csgi::arguments given) {
    if (given.empty()) throw std::invalid_argument("wants --root DIR");
    throw 42;
  }
  void http(csgi::blocking_exchange) override {}
};

}  // namespace

CSGI_EXPORT_APP(refusing)
