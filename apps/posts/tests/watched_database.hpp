// watched_database.hpp - for tests: a database that tells of every statement before it runs, and lets it wait or fail.
#pragma once
#include <posts/sql/database.hpp>

/// Awaited before each statement, begin() and commit() included, which it is told as "BEGIN" and "COMMIT". What it throws
/// the statement fails with.
using watcher = std::function<csgi::task<>(std::string_view statement)>;

class watched_transaction final : public sql::transaction {
 public:
  watched_transaction(std::unique_ptr<sql::transaction> inner, const watcher& watch) noexcept
      : inner_(std::move(inner)), watch_(watch) {}

  csgi::task<sql::rows> perform(sql::statement what, sql::values with) override {
    co_await watch_(what.text());
    co_return co_await inner_->perform(what, std::move(with));
  }

  csgi::task<> commit() override {
    co_await watch_("COMMIT");
    co_await inner_->commit();
  }

 private:
  std::unique_ptr<sql::transaction> inner_;
  const watcher& watch_;
};

class watched_database final : public sql::database {
 public:
  watched_database(std::unique_ptr<sql::database> inner, const watcher& watch) noexcept : inner_(std::move(inner)), watch_(watch) {}

  sql::dialect dialect() const noexcept override { return inner_->dialect(); }

  csgi::task<sql::rows> perform(sql::statement what, sql::values with) override {
    co_await watch_(what.text());
    co_return co_await inner_->perform(what, std::move(with));
  }

  csgi::task<std::unique_ptr<sql::transaction>> begin() override {
    co_await watch_("BEGIN");
    auto begun = co_await inner_->begin();
    co_return std::make_unique<watched_transaction>(std::move(begun), watch_);
  }

  csgi::task<> close() override { return inner_->close(); }

 private:
  std::unique_ptr<sql::database> inner_;
  const watcher& watch_;
};

/// Lifetime:  `watch` is borrowed.
inline sql::opener watched(sql::opener open, const watcher& watch) {
  return [open = std::move(open), &watch](csgi::loop_context* loop) {
    auto inner = open(loop);
    return inner ? std::make_unique<watched_database>(std::move(inner), watch) : nullptr;
  };
}
