// csgi/http1/block_pool.hpp - lends the blocks that input is received into.
#pragma once
#include <cstddef>
#include <memory>

namespace csgi::http1 {

/// A connection holds a block only while there is something in it, so that thousands that wait share a few.
class block_pool {
 public:
  using block = std::unique_ptr<char[]>;
  static constexpr std::size_t block_size = 64 * 1024;    // bytes

  /// Errors:    std::bad_alloc.
  virtual block acquire_block() = 0;
  virtual void release_block(block used) noexcept = 0;

 protected:
  ~block_pool() = default;
};

}  // namespace csgi::http1
