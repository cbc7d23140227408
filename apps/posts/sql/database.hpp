// sql/database.hpp - a database as coroutines see it, whichever it is.
#pragma once
#include "failure.hpp"
#include "row.hpp"
#include "statement.hpp"
#include <csgi/loop_context.hpp>
#include <csgi/task.hpp>
#include <functional>
#include <memory>

namespace sql {

/// Where statements are run.
class session {
 public:
  /// `auto found = co_await db.query(select_user, name);`
  ///
  /// Runs a statement with these values for $1, $2, … and gives its rows.
  /// Errors:    conflict; unavailable; failure; csgi::cancelled, when the coroutine is stopped.
  template <class... Values>
  csgi::task<rows> query(statement what, const Values&... bound) {
    values with;
    with.reserve(sizeof...(bound));
    (with.push_back(value_of(bound)), ...);
    return perform(what, std::move(with));
  }

  virtual csgi::task<rows> perform(statement what, values with) = 0;

 protected:
  ~session() = default;

 private:
  static value value_of(std::int64_t number) noexcept { return number; }
  static value value_of(std::string_view text) { return std::string(text); }
};

/// Statements that take effect together or not at all. They run one after the other, on one connection.
///
/// Lifetime:  ends before its database is closed. One that ends without commit(), by an exception or a stop, is rolled back.
class transaction : public session {
 public:
  virtual ~transaction() = default;

  /// Errors:    those of query().
  virtual csgi::task<> commit() = 0;
};

/// What the dialects differ in.
enum class dialect : unsigned char { sqlite, postgres };

/// A bounded number of connections, opened when they are needed. Used directly, each query is a transaction of its own that
/// only reads, and has a connection to itself: so several that are awaited together run at the same time.
///
/// Threads:   any; a coroutine goes on on its own executor.
class database : public session {
 public:
  virtual ~database() = default;

  virtual sql::dialect dialect() const noexcept = 0;

  /// Begins a transaction that may write.
  virtual csgi::task<std::unique_ptr<transaction>> begin() = 0;

  /// Closes all connections. Requires: nothing runs.
  virtual csgi::task<> close() = 0;
};

/// With null, makes what all requests share; with a loop, what those of this one share instead, or null where that is the same.
using opener = std::function<std::unique_ptr<database>(csgi::loop_context*)>;

}  // namespace sql
