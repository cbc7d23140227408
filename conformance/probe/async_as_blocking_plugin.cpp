// async_as_blocking_plugin.cpp - the async probe behind the bridge that makes it an app of the other kind.
#include "probe.hpp"
#include <csgi/as_blocking.hpp>

namespace {

class probe_async_as_blocking final : public csgi::composite_app {
 public:
  csgi::application choose(const csgi::request&) noexcept override { return bridge_; }
  std::span<const csgi::application> parts() const noexcept override { return {&part_, 1}; }

 private:
  csgi::conformance::notes book_;
  csgi::conformance::async_probe probe_{book_};
  csgi::as_blocking bridge_{probe_};
  csgi::application part_{bridge_};
};

}  // namespace

CSGI_EXPORT_APP(probe_async_as_blocking)
