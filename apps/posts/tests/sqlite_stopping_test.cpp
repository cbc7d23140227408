// sqlite_stopping_test.cpp - SIGTERM while requests are in a statement of SQLite: `csgi serve` with the plug-in, over real sockets.
#include "blog_checks.hpp"
#include "served_posts.hpp"
#include "temporary_directory.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <functional>
#include <sqlite3.h>
#include <thread>
#include <wire_client.hpp>

namespace {

using csgi::tests::wire_client;

/// A connection to look behind the app's back, which never waits for a lock.
class sqlite_probe {
 public:
  explicit sqlite_probe(const std::string& file) {
    if (sqlite3_open(file.c_str(), &database_) != SQLITE_OK) throw std::runtime_error("sqlite3_open");
  }
  sqlite_probe(const sqlite_probe&) = delete;
  sqlite_probe& operator=(const sqlite_probe&) = delete;
  ~sqlite_probe() { sqlite3_close(database_); }

  /// The first value of the first row; empty where there is none.
  std::string ask(const std::string& statements) {
    std::string first;
    const auto take = [](void* to, int, char** values, char**) {
      if (auto& text = *static_cast<std::string*>(to); text.empty() && values[0]) text = values[0];
      return 0;
    };
    char* why = nullptr;
    if (sqlite3_exec(database_, statements.c_str(), take, &first, &why) == SQLITE_OK) return first;
    const std::string told = why ? why : "SQLite fails";
    sqlite3_free(why);
    throw std::runtime_error(told);
  }

  /// Whether somebody is in the middle of writing.
  bool is_written_to() {
    if (sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_BUSY) return true;
    ask("ROLLBACK");
    return false;
  }

  /// Whether somebody is in the middle of reading: in front of him, what is written since cannot go from the log into the file.
  bool is_read_from() {
    ask("INSERT INTO looks VALUES (1)");
    return ask("PRAGMA wal_checkpoint(RESTART)") == "1";
  }

 private:
  sqlite3* database_ = nullptr;
};

bool comes(const std::function<bool()>& about) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < until) {
    if (about()) return true;
    std::this_thread::yield();
  }
  return false;
}

std::string numbers_up_to(const std::string& last) {
  return "CREATE VIEW numbers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT " + last + ") SELECT i FROM n;";
}

const std::string endless = "1000000000000", a_while = "1000000";      // a while: some hundred milliseconds
const std::string count_when_posted = "CREATE TRIGGER counts AFTER INSERT ON posts BEGIN SELECT count(*) FROM numbers; END";

void check_nothing_is_left(sqlite_probe& probe) {
  CHECK(probe.ask("SELECT count(*) FROM posts") == "0");
  CHECK(probe.ask("SELECT count(*) FROM users") == "0");
  CHECK(probe.ask("PRAGMA integrity_check") == "ok");
}

}  // namespace

TEST_SUITE("stopping SQLite") {
TEST_CASE("SIGTERM lets a request that writes end, and is answered by an end without fault") {
  for (const auto& name : servers_of_posts) {
    CAPTURE(name);
    const temporary_directory directory;
    served_posts server(name, directory.file("posts.db"), "30s");
    sqlite_probe probe(directory.file("posts.db"));
    probe.ask(numbers_up_to(a_while) + count_when_posted);
    {
      wire_client client(server.port);
      client.send(post(draft_json("ada", "In time")));
      REQUIRE(comes([&] { return probe.is_written_to(); }));
      server.process.signal(SIGTERM);
      CHECK(client.read("POST").status == 201);
    }
    CHECK(server.process.rest_of_errors().empty());
    CHECK(server.process.exit_code() == 0);
    CHECK(probe.ask("SELECT count(*) FROM posts") == "1");
  }
}

TEST_CASE("when the grace time is over a request that writes is stopped, and nothing of it is left") {
  for (const auto& name : servers_of_posts) {
    CAPTURE(name);
    const temporary_directory directory;
    served_posts server(name, directory.file("posts.db"), "1ms");
    sqlite_probe probe(directory.file("posts.db"));
    probe.ask(numbers_up_to(endless) + count_when_posted);
    wire_client client(server.port);
    client.send(post(draft_json("ada", "Too late")));
    REQUIRE(comes([&] { return probe.is_written_to(); }));
    server.process.signal(SIGTERM);
    client.read_to_end();
    client.reset();
    CHECK(server.process.exit_code() == 0);
    check_nothing_is_left(probe);
  }
}

TEST_CASE("and so is one that reads") {
  for (const auto& name : servers_of_posts) {
    CAPTURE(name);
    const temporary_directory directory;
    served_posts server(name, directory.file("posts.db"), "1ms");
    sqlite_probe probe(directory.file("posts.db"));
    probe.ask(numbers_up_to(endless) + "CREATE TABLE looks (at integer); INSERT INTO looks VALUES (1);"
                                       "DROP TABLE posts; CREATE VIEW posts AS"
                                       " SELECT i AS id, 'ada' AS author, 'Title' AS title, '' AS text FROM numbers CROSS JOIN looks");
    wire_client client(server.port);
    client.send("GET /posts HTTP/1.1\r\nHost: test\r\n\r\n");
    REQUIRE(comes([&] { return probe.is_read_from(); }));
    server.process.signal(SIGTERM);
    client.read_to_end();
    client.reset();
    CHECK(server.process.exit_code() == 0);
    CHECK(probe.ask("PRAGMA integrity_check") == "ok");
  }
}
}
