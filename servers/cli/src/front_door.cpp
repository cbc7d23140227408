// front_door.cpp - see front_door.hpp.
#include "front_door.hpp"
#include <cstdlib>
#include <fcntl.h>
#include <string>

namespace csgi::cli {

namespace {

constexpr int first_handed_over = 3;      // sd_listen_fds(3)

/// What a service manager has handed over, to this process and no other: sd_listen_fds(3).
unsigned count_of_handed_over() {
  const char* const id = std::getenv("LISTEN_PID");
  const char* const count = std::getenv("LISTEN_FDS");
  const bool for_us = id && count && id == std::to_string(::getpid());
  const auto given = for_us ? std::strtoul(count, nullptr, 10) : 0;
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);   // not for programs that an app starts
  return static_cast<unsigned>(given);
}

int handed_over(const command& asked) {
  const unsigned count = count_of_handed_over();
  if (asked.descriptor >= 0) return asked.descriptor;
  if (count == 0) return -1;
  if (!asked.listens_at.empty()) throw usage_error(asked.listens_at + ": a socket was handed over (LISTEN_FDS), which is not there");
  if (count > 1) throw usage_error("LISTEN_FDS: " + std::to_string(count) + " sockets were handed over; choose one with --fd, from 3 on");
  return first_handed_over;
}

}  // namespace

front_door::front_door(const command& asked) {
  if (const int given = handed_over(asked); given >= 0) {
    if (::fcntl(given, F_SETFD, FD_CLOEXEC) != 0) throw usage_error("descriptor " + std::to_string(given) + " is not open");
    handed_over_ = posix::descriptor(given);
  } else if (!asked.unix_path.empty()) {
    file_ = std::make_unique<posix::socket_file>(asked.unix_path, asked.unix_mode);
  } else if (asked.supervised.workers > 0) {
    bound_.emplace(std::move(posix::bind_listeners(asked.options.host, asked.options.port, 1).front()));
  }
}

int front_door::socket() const noexcept {
  if (handed_over_) return handed_over_.get();
  if (file_) return file_->socket();
  return bound_ ? bound_->socket() : -1;
}

void front_door::close() noexcept {
  handed_over_.close();
  if (file_) file_->close();
  if (bound_) bound_->close();
}

}  // namespace csgi::cli
