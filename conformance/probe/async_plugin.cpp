// async_plugin.cpp - the probe as an async app.
#include "probe.hpp"

namespace {

class probe_async final : public csgi::async_app {
 public:
  csgi::task<> http(csgi::async_exchange ex) override { return probe_.http(ex); }

 private:
  csgi::conformance::notes book_;
  csgi::conformance::async_probe probe_{book_};
};

}  // namespace

CSGI_EXPORT_APP(probe_async)
