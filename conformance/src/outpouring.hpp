// outpouring.hpp - a client that never stops asking, on a connection and a thread of its own.
#pragma once
#include "patience.hpp"
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace csgi::conformance {

/// Sends the same bytes again and again, as fast as they are taken, and takes whatever comes, until it is destroyed.
class outpouring {
 public:
  /// Waits until it is answered. Errors: unmet.
  outpouring(std::uint16_t port, const std::string& bytes, patience& wait);
  outpouring(const outpouring&) = delete;
  outpouring& operator=(const outpouring&) = delete;
  ~outpouring() { over_ = true; }

 private:
  void pour(std::string block);
  bool take();

  int socket_;
  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> taken_{0};   // bytes
  std::jthread thread_;
};

}  // namespace csgi::conformance
