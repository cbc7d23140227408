// sql/sqlite_connection.hpp - one connection to an SQLite database: calls block.
#pragma once
#include "failure.hpp"
#include "row.hpp"
#include "statement.hpp"
#include <csgi/to_thread.hpp>
#include <map>
#include <memory>
#include <sqlite3.h>

namespace sql {

/// Threads:   any, one at a time.
/// Errors:    conflict; unavailable; failure.
class sqlite_connection {
 public:
  enum class access : unsigned char { reads, writes };

  /// Opens a file, which is made where it is missing; or what a name that begins with "file:" means to SQLite.
  ///
  /// Here and later it waits for locks of others as long as `patience`.
  /// Blocks:    for files and locks.
  sqlite_connection(const std::string& file, access how, std::chrono::milliseconds patience);

  /// Compiles the statement at its first use, binds the values, and runs it.
  ///
  /// Blocks:    until it has its rows.
  /// Errors:    csgi::cancelled, where the flag is found raised meanwhile.
  rows query(statement what, const values& with, csgi::stop_flag stop);

  /// Undoes a transaction, if there is one. With a write-ahead log, or in memory, that is no I/O to speak of.
  void roll_back() noexcept;

  /// Whether the next one finds no transaction here.
  bool usable() const noexcept { return sqlite3_get_autocommit(database_.get()) != 0; }

 private:
  struct closes {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
    void operator()(sqlite3_stmt* prepared) const noexcept { sqlite3_finalize(prepared); }
  };
  using prepared = std::unique_ptr<sqlite3_stmt, closes>;

  sqlite3_stmt& prepare(statement what);
  void set(const char* pragma);
  [[noreturn]] void fail(int code) const;

  std::unique_ptr<sqlite3, closes> database_;
  std::map<std::string_view, prepared> statements_;     // by their texts, which are constants
};

}  // namespace sql
