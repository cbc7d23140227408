// async_there_and_back_plugin.cpp - the async probe behind a bridge to the other kind, and one back.
#include "probe.hpp"
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>

namespace {

class probe_async_there_and_back final : public csgi::composite_app {
 public:
  csgi::application choose(const csgi::request&) noexcept override { return back_; }
  std::span<const csgi::application> parts() const noexcept override { return {&part_, 1}; }

 private:
  csgi::conformance::notes book_;
  csgi::conformance::async_probe probe_{book_};
  csgi::as_blocking there_{probe_};
  csgi::as_async back_{there_};
  csgi::application part_{back_};
};

}  // namespace

CSGI_EXPORT_APP(probe_async_there_and_back)
