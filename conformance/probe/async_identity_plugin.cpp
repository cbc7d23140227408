// async_identity_plugin.cpp - the async probe behind the identity middleware.
#include "probe.hpp"
#include <csgi/chain.hpp>
#include <csgi/identity.hpp>

namespace {

class probe_async_identity final : public csgi::composite_app {
 public:
  csgi::application choose(const csgi::request& head) noexcept override { return wrapped_.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return wrapped_.parts(); }

 private:
  csgi::conformance::notes book_;
  csgi::conformance::async_probe probe_{book_};
  csgi::chain<csgi::identity, csgi::conformance::async_probe&> wrapped_{probe_};
};

}  // namespace

CSGI_EXPORT_APP(probe_async_identity)
