// ways.hpp - the three ways to ask, each under a path of its own.
#pragma once
#include <csgi/chain.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/mount_table.hpp>
#include "overview.hpp"
#include "row.hpp"
#include "row_blocking.hpp"
#include "together.hpp"

/// /row-blocking, /row and /together: each runs in the way of its kind.
///
/// Lifetime:  the services are borrowed.
class ways final : public csgi::composite_app, public csgi::described {
 public:
  ways(upstream::blocking_service& for_blocking, upstream::async_service& for_coroutines, std::chrono::milliseconds timeout);
  ways(const ways&) = delete;
  ways& operator=(const ways&) = delete;

  csgi::application choose(const csgi::request& head) noexcept override { return table_.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return table_.parts(); }
  void describe(csgi::description& to) const override { table_.describe(to); }

 private:
  row_blocking row_blocking_;
  row row_;
  together together_;
  overview overview_;
  csgi::chain<csgi::errors, row_blocking&> first_{row_blocking_};
  csgi::chain<csgi::errors, row&> second_{row_};
  csgi::chain<csgi::errors, together&> third_{together_};
  csgi::chain<csgi::errors, overview&> rest_{overview_};
  csgi::mount_table table_{rest_};
};
