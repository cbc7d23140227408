// database_argument.hpp - which database an app's arguments ask for.
#pragma once
#include "sql/database.hpp"
#include <csgi/plugin.hpp>
#include <span>

namespace blog {

/// Reads "--database WHERE", "--data DIRECTORY" and "--connections NUMBER", or the same with "=".
///
/// WHERE is the file of an SQLite database, ":memory:", which is also what there is without arguments, or the URL of a PostgreSQL
/// database, "postgres://…". With --data it is the file posts.db in that directory. NUMBER, 8 if it is not given, is how many
/// connections there may be to PostgreSQL, or that read from SQLite.
/// Errors:    std::invalid_argument for anything else.
sql::opener opener_of(csgi::arguments given);

}  // namespace blog
