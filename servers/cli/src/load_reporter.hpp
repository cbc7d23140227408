// load_reporter.hpp - a worker process tells again and again what it has to do.
#pragma once
#include <condition_variable>
#include <csgi/server.hpp>
#include <csgi/status/worker_board.hpp>
#include <mutex>
#include <thread>

namespace csgi::cli {

/// Four times a second, on a thread of its own, while it lives. Lifetime: both are borrowed.
class load_reporter {
 public:
  load_reporter(const server& of, status::worker_board& to, unsigned place);
  load_reporter(const load_reporter&) = delete;
  load_reporter& operator=(const load_reporter&) = delete;
  ~load_reporter();

 private:
  void report();

  const server& server_;
  status::worker_board& board_;
  const unsigned place_;
  std::mutex mutex_;
  std::condition_variable ends_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace csgi::cli
