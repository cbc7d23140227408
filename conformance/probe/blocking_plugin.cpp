// blocking_plugin.cpp - the probe as a blocking app.
#include "probe.hpp"

namespace {

class probe_blocking final : public csgi::blocking_app {
 public:
  void http(csgi::blocking_exchange ex) override { probe_.http(ex); }

 private:
  csgi::conformance::notes book_;
  csgi::conformance::blocking_probe probe_{book_};
};

}  // namespace

CSGI_EXPORT_APP(probe_blocking)
