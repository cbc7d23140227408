// sql/sqlite_database.hpp - SQLite for coroutines: its calls block, so they go to threads.
#pragma once
#include "database.hpp"
#include <chrono>

namespace sql {

/// Where an SQLite database is, and how many connections read it at the same time.
struct sqlite_settings {
  std::string file;                 ///< or what begins with "file:" and means something to SQLite
  std::size_t connections = 8;
  std::chrono::milliseconds patience{2000};         ///< for locks of other processes
};

/// The name of a database in memory, another one at each call. It is there as long as one connection to it is.
std::string in_memory();

/// One that writes, since SQLite has no use for more, and several that read.
std::unique_ptr<database> make_sqlite_database(sqlite_settings settings);

}  // namespace sql
