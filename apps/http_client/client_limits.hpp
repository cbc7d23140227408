// client_limits.hpp - how much a client keeps, and takes.
#pragma once
#include <cstddef>
#include <cstdint>

namespace upstream {

/// Open connections need no limit of their own: each request that waits for the upstream has one.
struct client_limits {
  std::size_t idle = 16;                  ///< connections that are kept for the next request
  std::uint32_t head = 16 * 1024;         ///< bytes of a response's head
  std::uint64_t body = 1024 * 1024;       ///< bytes of its body
};

}  // namespace upstream
