// tour.hpp - the bundled apps side by side, and a page that leads to them.
#pragma once
#include "doorkeeper.hpp"
#include "landing.hpp"
#include <csgi/chain.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/middleware/timing.hpp>
#include <csgi/mount_table.hpp>
#include <echo/echo.hpp>
#include <files/files.hpp>
#include <hello/hello_async.hpp>
#include <hello/hello_blocking.hpp>
#include <optional>
#include <stream/stream.hpp>

/// Mounts each app under a prefix of its own: blocking and async ones in one plug-in. /files only with --root DIR, for
/// a plug-in has no directory that it could show to everybody without being told. /members shows a blocking stage around an
/// async app.
class tour final : public csgi::composite_app, public csgi::described {
 public:
  /// Errors:    std::invalid_argument for other arguments than those of files, or where DIR is no directory.
  explicit tour(csgi::arguments given);

  csgi::application choose(const csgi::request& head) noexcept override { return table_.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return table_.parts(); }
  void describe(csgi::description& to) const override { table_.describe(to); }

 private:
  hello_blocking hello_blocking_;
  hello_async hello_async_;
  echo echo_;
  csgi::chain<csgi::errors, doorkeeper, csgi::timing, hello_async&> members_{hello_async_};
  std::optional<files> files_;
  stream stream_;
  landing landing_;
  csgi::mount_table table_;
};
