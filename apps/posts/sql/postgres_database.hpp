// sql/postgres_database.hpp - PostgreSQL for coroutines: nothing of it blocks.
#pragma once
#include "database.hpp"
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace sql {

struct postgres_settings {
  std::string url;                                      ///< "postgres://…", see libpq's documentation
  std::size_t connections = 8;
  std::chrono::milliseconds patience{5000};             ///< for one statement, the wait for a connection and a new one included
};

/// Connections are made when they are needed. One that turns out to be dead, because the database was restarted for instance,
/// is replaced without anybody's noticing, as far as nothing was begun on it.
///
/// Lifetime:  `on` is longer there.
std::unique_ptr<database> make_postgres_database(postgres_settings settings, boost::asio::io_context& on);

}  // namespace sql
