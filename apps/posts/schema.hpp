// schema.hpp - the tables of the blog.
#pragma once
#include "sql/database.hpp"

namespace blog {

/// Makes the tables that are missing.
///
/// Errors:    those of sql::session::query().
csgi::task<> make_tables(sql::database& in);

}  // namespace blog
