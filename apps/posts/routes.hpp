// routes.hpp - which request does what to the blog, and how that is answered.
#pragma once
#include "sql/database.hpp"
#include <csgi/async_exchange.hpp>

namespace blog {

/// Answers one request in JSON. What cannot be served is, too: 400, 404, 405, 409 and 413, and 503 while the database is away.
///
/// Errors:    those of the exchange, and faults: sql::failure for one.
csgi::task<> serve(csgi::async_exchange ex, sql::database& db);

}  // namespace blog
