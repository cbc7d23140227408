// blocking_as_async_plugin.cpp - the blocking probe behind the bridge that makes it an app of the other kind.
#include "probe.hpp"
#include <csgi/as_async.hpp>

namespace {

class probe_blocking_as_async final : public csgi::composite_app {
 public:
  csgi::application choose(const csgi::request&) noexcept override { return bridge_; }
  std::span<const csgi::application> parts() const noexcept override { return {&part_, 1}; }

 private:
  csgi::conformance::notes book_;
  csgi::conformance::blocking_probe probe_{book_};
  csgi::as_async bridge_{probe_};
  csgi::application part_{bridge_};
};

}  // namespace

CSGI_EXPORT_APP(probe_blocking_as_async)
