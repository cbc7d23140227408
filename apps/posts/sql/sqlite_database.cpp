#include "sqlite_database.hpp"
#include "sqlite_connections.hpp"
#include <atomic>
#include <csgi/to_thread.hpp>
#include <unistd.h>

namespace sql {

namespace {

using access = sqlite_connection::access;

constexpr statement begin_writing = "BEGIN IMMEDIATE";      // it has its lock from the first, so that it need not fail later
constexpr statement commit_all = "COMMIT";

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
  csgi::task<> begin(sqlite_connections& writer) {
    auto call = csgi::to_thread([&](csgi::stop_flag stop) {
      lease_ = writer.take();
      return lease_->query(begin_writing, {}, stop);
    });
    auto result = rows_of(call);
    co_await std::move(result);
  }

  csgi::task<rows> perform(statement what, values with) override {
    auto call = csgi::to_thread([&](csgi::stop_flag stop) { return lease_->query(what, with, stop); });
    auto result = rows_of(call);
    co_return co_await std::move(result);
  }

  csgi::task<> commit() override {
    auto done = perform(commit_all, {});
    co_await std::move(done);
  }

 private:
  sqlite_connections::lease lease_;
};

class sqlite_database final : public database {
 public:
  explicit sqlite_database(sqlite_settings settings) : settings_(std::move(settings)) {}

  sql::dialect dialect() const noexcept override { return sql::dialect::sqlite; }

  // On any thread, not on the request's own: so that several run at the same time.
  csgi::task<rows> perform(statement what, values with) override {
    auto call = csgi::to_pool([&](csgi::stop_flag stop) {
      const auto lease = readers_.take();
      return lease->query(what, with, stop);
    });
    auto result = rows_of(call);
    co_return co_await std::move(result);
  }

  csgi::task<std::unique_ptr<transaction>> begin() override {
    auto begun = std::make_unique<sqlite_transaction>();
    auto beginning = begun->begin(writer_);
    co_await std::move(beginning);
    co_return begun;
  }

  csgi::task<> close() override {
    auto call = csgi::to_thread([this] {
      readers_.clear();
      writer_.clear();
    });
    co_await call;
  }

 private:
  const sqlite_settings settings_;
  sqlite_connections readers_{settings_, access::reads, settings_.connections};
  sqlite_connections writer_{settings_, access::writes, 1};
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
