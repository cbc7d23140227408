// load_reporter.cpp - see load_reporter.hpp.
#include "load_reporter.hpp"
#include <unistd.h>

namespace csgi::cli {

load_reporter::load_reporter(const server& of, status::worker_board& to, unsigned place)
    : server_(of), board_(to), place_(place), thread_([this] { report(); }) {}

load_reporter::~load_reporter() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  ends_.notify_one();
  thread_.join();
}

void load_reporter::report() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    board_.tell(place_, ::getpid(), server_.load());
    ends_.wait_for(lock, std::chrono::milliseconds(250));
  }
}

}  // namespace csgi::cli
