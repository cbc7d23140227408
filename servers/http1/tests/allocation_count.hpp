// How often memory was taken from the heap, and a heap that is used up. Linked in, it replaces operator new.
#pragma once
#include <cstddef>

namespace csgi {

std::size_t allocation_count() noexcept;

/// While one lives, no memory is to be had.
class no_memory {
 public:
  no_memory() noexcept;
  ~no_memory();
  no_memory(const no_memory&) = delete;
  no_memory& operator=(const no_memory&) = delete;
};

}  // namespace csgi
