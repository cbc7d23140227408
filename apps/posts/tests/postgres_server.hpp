// postgres_server.hpp - for tests: a PostgreSQL server of one's own, from Debian's package, which ends with the object.
#pragma once
#include "temporary_directory.hpp"
#include <condition_variable>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

/// Its files are in a temporary directory, and so is the Unix socket that it is reached by: it listens to no network. It runs as
/// `nobody` where root starts it, since it refuses to run as root.
///
/// Threads:   one, which has to be there as long as the server runs: it ends with the thread that has started it.
/// Errors:    std::runtime_error, with what it said last.
class postgres_server {
 public:
  /// Whether the programs are there. Says so on standard error where they are not.
  static bool installed();

  /// Starts it, and waits until it is ready.
  postgres_server();
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;
  ~postgres_server();

  /// Ends it as a crash would: what runs is lost, nobody is told. Waits until it has ended.
  void crash();
  void start();

  /// It accepts no new connections any more, when this returns, until it goes on.
  void hang();
  void go_on();

  /// The URL of a new, empty database.
  std::string new_database();

  /// The URL of a database that was there from the first.
  std::string url(const std::string& database = "postgres") const;

 private:
  std::string program(const std::string& name) const;
  pid_t spawn(std::vector<std::string> command, int output) const;
  void listen(int to);
  void end(int how);

  const temporary_directory directory_;
  int databases_ = 0;
  pid_t pid_ = -1;
  std::thread listener_;
  std::mutex mutex_;                // of what follows
  std::condition_variable heard_;
  std::string said_;
  bool ready_ = false;
  bool silent_ = true;              // all processes of it have ended
};

/// A connection that blocks, to look behind the app's back.
class postgres_probe {
 public:
  explicit postgres_probe(const std::string& url);
  postgres_probe(const postgres_probe&) = delete;
  postgres_probe& operator=(const postgres_probe&) = delete;
  ~postgres_probe();

  /// The first value of the first row; empty where there is none.
  std::string ask(const std::string& statement);

  /// Asks until that is the answer; false where it is not within some seconds.
  bool comes_to(const std::string& statement, const std::string& answer);

 private:
  void* link_;
};
