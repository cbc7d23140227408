#include "postgres_database.hpp"
#include "pool.hpp"
#include "postgres_connection.hpp"
#include <csgi/with_timeout.hpp>

namespace sql {

namespace {

using connections = pool<postgres_connection>;

constexpr std::size_t most_waiting = 256;

constexpr statement begin_writing = "BEGIN";
constexpr statement commit_all = "COMMIT";

csgi::task<rows> in_time(std::chrono::milliseconds patience, csgi::task<rows> what) {
  try {
    auto timed = csgi::with_timeout(patience, std::move(what));
    co_return co_await std::move(timed);
  } catch (const csgi::timed_out&) {
    throw unavailable("the database does not answer in time");
  } catch (const csgi::overloaded&) {
    throw unavailable("too many wait for the database");
  }
}

class postgres_transaction final : public transaction {
 public:
  postgres_transaction(connections::lease&& on, std::chrono::milliseconds patience) noexcept
      : patience_(patience), lease_(std::move(on)) {}
  ~postgres_transaction() override { lease_->roll_back(); }

  csgi::task<rows> perform(statement what, values with) override {
    return in_time(patience_, lease_->query(what, std::move(with)));
  }

  csgi::task<> commit() override {
    auto done = perform(commit_all, {});
    co_await std::move(done);
  }

 private:
  const std::chrono::milliseconds patience_;
  connections::lease lease_;
};

class postgres_database final : public database {
 public:
  postgres_database(postgres_settings settings, boost::asio::io_context& on)
      : settings_(std::move(settings)), on_(on), connections_(settings_.connections, most_waiting) {}

  sql::dialect dialect() const noexcept override { return sql::dialect::postgres; }

  csgi::task<rows> perform(statement what, values with) override {
    std::optional<connections::lease> lease;
    auto answered = in_time(settings_.patience, first_on(lease, what, std::move(with)));
    co_return co_await std::move(answered);
  }

  csgi::task<std::unique_ptr<transaction>> begin() override {
    std::optional<connections::lease> lease;
    auto begun = in_time(settings_.patience, first_on(lease, begin_writing, {}));
    co_await std::move(begun);
    co_return std::make_unique<postgres_transaction>(std::move(*lease), settings_.patience);
  }

  csgi::task<> close() override {
    connections_.clear();
    co_return;
  }

 private:
  // A statement with which something begins: so it may be tried again where the connection has died since its last use.
  csgi::task<rows> first_on(std::optional<connections::lease>& lease, statement what, values with) {
    auto taking = connections_.take();
    lease.emplace(co_await taking);
    auto& mine = *lease;
    if (mine) {
      try {
        auto answered = mine->query(what, with);
        co_return co_await std::move(answered);
      } catch (const unavailable&) {
        if (mine->usable()) throw;
      }
    }
    mine.close();
    auto opening = postgres_connection::open(on_, settings_.url);
    auto opened = co_await std::move(opening);
    auto answered = mine.put(std::move(opened)).query(what, std::move(with));
    co_return co_await std::move(answered);
  }

  const postgres_settings settings_;
  boost::asio::io_context& on_;
  connections connections_;
};

}  // namespace

std::unique_ptr<database> make_postgres_database(postgres_settings settings, boost::asio::io_context& on) {
  return std::make_unique<postgres_database>(std::move(settings), on);
}

}  // namespace sql
