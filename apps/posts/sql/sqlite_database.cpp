#include "sqlite_database.hpp"
#include "pool.hpp"
#include "sqlite_connection.hpp"
#include <atomic>
#include <csgi/with_timeout.hpp>
#include <unistd.h>

namespace sql {

namespace {

using namespace std::chrono_literals;
using connections = pool<sqlite_connection>;
using access = sqlite_connection::access;

constexpr auto patience = 5s;                   // for a free connection
constexpr std::size_t most_waiting = 256;

constexpr statement begin_writing = "BEGIN IMMEDIATE";      // it has its lock from the first, so that it need not fail later
constexpr statement commit_all = "COMMIT";

csgi::task<connections::lease> taken_from(connections& from) {
  try {
    auto taking = csgi::with_timeout(patience, from.take());
    co_return co_await std::move(taking);
  } catch (const csgi::timed_out&) {
    throw unavailable("all connections are in use");
  } catch (const csgi::overloaded&) {
    throw unavailable("too many wait for a connection");
  }
}

/// Awaits a call of to_thread() or to_pool().
template <class Call>
csgi::task<rows> rows_of(Call& call) {
  try {
    co_return co_await call;
  } catch (const csgi::overloaded&) {
    throw unavailable("no thread is free");
  }
}

/// What is left open is rolled back there and then; no call runs any more, for who awaited it has ended.
class sqlite_transaction final : public transaction {
 public:
  explicit sqlite_transaction(connections::lease&& on) noexcept : lease_(std::move(on)) {}
  ~sqlite_transaction() override {
    if (lease_) lease_->roll_back();
  }

  csgi::task<rows> perform(statement what, values with) override {
    auto call = csgi::to_thread([&](csgi::stop_flag stop) { return lease_->query(what, with, stop); });
    auto result = rows_of(call);
    co_return co_await std::move(result);
  }

  csgi::task<> begin(const sqlite_settings& settings) {
    auto call = csgi::to_thread([&](csgi::stop_flag stop) {
      if (!lease_) lease_.put(std::make_unique<sqlite_connection>(settings.file, access::writes, settings.patience));
      return lease_->query(begin_writing, {}, stop);
    });
    auto result = rows_of(call);
    co_await std::move(result);
  }

  csgi::task<> commit() override {
    auto done = perform(commit_all, {});
    co_await std::move(done);
  }

 private:
  connections::lease lease_;
};

class sqlite_database final : public database {
 public:
  explicit sqlite_database(sqlite_settings settings)
      : settings_(std::move(settings)), readers_(settings_.connections, most_waiting), writer_(1, most_waiting) {}

  sql::dialect dialect() const noexcept override { return sql::dialect::sqlite; }

  // On any thread, not on the request's own: so that several run at the same time.
  csgi::task<rows> perform(statement what, values with) override {
    auto taking = taken_from(readers_);
    auto lease = co_await std::move(taking);
    auto call = csgi::to_pool([&](csgi::stop_flag stop) {
      if (!lease) lease.put(std::make_unique<sqlite_connection>(settings_.file, access::reads, settings_.patience));
      return lease->query(what, with, stop);
    });
    auto result = rows_of(call);
    co_return co_await std::move(result);
  }

  csgi::task<std::unique_ptr<transaction>> begin() override {
    auto taking = taken_from(writer_);
    auto begun = std::make_unique<sqlite_transaction>(co_await std::move(taking));
    auto beginning = begun->begin(settings_);
    co_await std::move(beginning);
    co_return begun;
  }

  // The last one to close may have to move the write-ahead log into the file.
  csgi::task<> close() override {
    auto call = csgi::to_thread([this] {
      readers_.clear();
      writer_.clear();
    });
    co_await call;
  }

 private:
  const sqlite_settings settings_;
  connections readers_;
  connections writer_;
};

}  // namespace

std::string in_memory() {
  static std::atomic<int> made{0};
  return "file:/csgi-" + std::to_string(::getpid()) + '-' + std::to_string(++made) + "?vfs=memdb";
}

std::unique_ptr<database> make_sqlite_database(sqlite_settings settings) {
  return std::make_unique<sqlite_database>(std::move(settings));
}

}  // namespace sql
