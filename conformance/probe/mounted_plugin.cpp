// mounted_plugin.cpp - both probes side by side, under prefixes of their own.
#include "probe.hpp"
#include <csgi/mount_table.hpp>

namespace {

class probe_mounted final : public csgi::composite_app {
 public:
  probe_mounted() { table_.mount("/blocking", blocking_).mount("/async", async_); }

  /// What is outside of both, as "*" is, goes to the one that the client names: a server may run one kind only.
  csgi::application choose(const csgi::request& head) noexcept override {
    if (!head.path.starts_with("/blocking") && head.field("x-mount") == "/blocking") return blocking_;
    return table_.choose(head);
  }
  std::span<const csgi::application> parts() const noexcept override { return table_.parts(); }

 private:
  csgi::conformance::notes book_;
  csgi::conformance::blocking_probe blocking_{book_};
  csgi::conformance::async_probe async_{book_};
  csgi::mount_table table_{async_};
};

}  // namespace

CSGI_EXPORT_APP(probe_mounted)
