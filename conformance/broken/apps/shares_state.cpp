// Keeps what belongs to a request in the app.
#include <csgi/app.hpp>

struct shares_state final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    length = ex.head().target.size();
    ex.start(200);
    co_await ex.flush();
    co_await ex.finish(std::to_string(length) + '\n');
  }
  std::size_t length = 0;
};

CSGI_EXPORT_APP(shares_state)
