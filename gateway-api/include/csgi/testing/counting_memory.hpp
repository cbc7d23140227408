// csgi/testing/counting_memory.hpp - the memory of an exchange under test, which knows what it has not got back.
#pragma once
#include <cstddef>
#include <memory_resource>

namespace csgi::testing {

class counting_memory final : public std::pmr::memory_resource {
 public:
  std::size_t taken = 0;        ///< allocations ever made
  std::size_t held = 0;         ///< of them, not yet given back

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    void* memory = std::pmr::new_delete_resource()->allocate(size, alignment);
    ++taken;
    ++held;
    return memory;
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    --held;
    std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace csgi::testing
