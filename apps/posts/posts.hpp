// posts.hpp - an app that keeps a blog in a database, and shows it as JSON.
#pragma once
#include "sql/database.hpp"
#include <atomic>
#include <csgi/app.hpp>
#include <csgi/per_loop.hpp>

/// GET /posts, POST /posts, GET, PUT and DELETE /posts/ID, GET /profiles/NAME; see README.md.
///
/// All requests share a few connections, but for those to PostgreSQL where the loops of the server have an io_context that the
/// app can use: then each loop has its own.
class posts final : public csgi::async_app {
 public:
  /// Errors:    std::invalid_argument; see blog::opener_of().
  explicit posts(csgi::arguments given);
  explicit posts(sql::opener open) noexcept : open_(std::move(open)) {}

  /// Makes the tables that are missing, and throws where the database is away.
  csgi::task<> startup(csgi::server_context& server) override;
  csgi::task<> loop_startup(csgi::loop_context& loop) override;
  csgi::task<> http(csgi::async_exchange ex) override;
  csgi::task<> loop_shutdown(csgi::loop_context& loop) override;
  csgi::task<> shutdown() override;

 private:
  sql::database& database_for(csgi::async_exchange ex) const;

  const sql::opener open_;
  std::unique_ptr<sql::database> shared_;
  csgi::per_loop<std::unique_ptr<sql::database>> of_loops_;
  std::atomic<bool> of_loops_made_{false};
};
