// sql/postgres_connection.hpp - one connection to PostgreSQL: libpq's calls that do not block, and Asio to wait for its socket.
#pragma once
#include "failure.hpp"
#include "row.hpp"
#include "statement.hpp"
#include <boost/asio/io_context.hpp>
#include <csgi/task.hpp>
#include <libpq-fe.h>
#include <memory>

namespace sql {

/// Lifetime:  its io_context is longer there; no coroutine of it runs when it is destroyed.
/// Threads:   any, one at a time.
/// Errors:    conflict; unavailable, also where the connection was lost; failure; csgi::cancelled.
class postgres_connection {
 public:
  /// Connects to where a URL leads, on a machine's network or a Unix socket.
  static csgi::task<std::unique_ptr<postgres_connection>> open(boost::asio::io_context& on, std::string url);

  postgres_connection(const postgres_connection&) = delete;
  postgres_connection& operator=(const postgres_connection&) = delete;
  ~postgres_connection() = default;

  /// Sends the statement and its values, and takes all rows.
  ///
  /// When its coroutine is stopped meanwhile, the connection is not usable any more and has to be closed: the server hears of
  /// that within a second, ends the statement, and undoes its transaction.
  csgi::task<rows> query(statement what, values with);

  /// Undoes a transaction, if there is one. Does not wait for that: the next query does.
  void roll_back() noexcept;

  bool usable() const noexcept { return phase_ != phase::lost && phase_ != phase::busy && PQstatus(link_.get()) == CONNECTION_OK; }

 private:
  struct closes {
    void operator()(PGconn* link) const noexcept { PQfinish(link); }
    void operator()(PGresult* result) const noexcept { PQclear(result); }
  };
  using link = std::unique_ptr<PGconn, closes>;
  using result = std::unique_ptr<PGresult, closes>;

  enum class phase : unsigned char { idle, busy, rolls_back, lost };

  postgres_connection(boost::asio::io_context& on, link connected) noexcept : on_(on), link_(std::move(connected)) {}

  csgi::task<> send(statement what, const values& with);
  csgi::task<result> last_result();
  rows rows_in(const PGresult& from);
  [[noreturn]] void fail(const PGresult& with);
  [[noreturn]] void lose();

  boost::asio::io_context& on_;
  link link_;
  phase phase_ = phase::idle;
};

}  // namespace sql
