// csgi/frame_memory.hpp - memory for coroutine frames: what exchange::memory() can be.
#pragma once
#include <array>
#include <cstddef>
#include <memory_resource>
#include <new>

namespace csgi { inline namespace v1 {

/// Takes and gives back small blocks in a nanosecond or two, several times faster than the heap or the standard pools.
/// What is given back is used again for blocks of about the same size; the rest goes back to the heap with this object.
///
/// Limits:    blocks of more than 4 KiB, or with a greater alignment than usual, are the heap's.
/// Threads:   one at a time.
class frame_memory final : public std::pmr::memory_resource {
 public:
  frame_memory() = default;
  frame_memory(const frame_memory&) = delete;
  frame_memory& operator=(const frame_memory&) = delete;

 private:
  static constexpr std::size_t grain = 64;            // of sizes up to `fine`
  static constexpr std::size_t fine = 1024;
  static constexpr std::size_t coarse_grain = 512;
  static constexpr std::size_t largest = 4096;        // coroutines with a header_list are beyond 1 KiB, those with two beyond 2

  struct unused {
    unused* next;
  };

  static bool is_small(std::size_t size, std::size_t alignment) noexcept {
    return size <= fine && alignment <= alignof(std::max_align_t);
  }

  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (!is_small(size, alignment)) [[unlikely]] return allocate_large(size, alignment);
    const auto grains = (size + grain - 1) / grain;
    return take(unused_[grains], (grains ? grains : 1) * grain);
  }

  void do_deallocate(void* block, std::size_t size, std::size_t alignment) override {
    if (!is_small(size, alignment)) [[unlikely]] return deallocate_large(block, size, alignment);
    auto& first = unused_[(size + grain - 1) / grain];
    first = ::new (block) unused{first};
  }

  static bool is_kept(std::size_t size, std::size_t alignment) noexcept {
    return size <= largest && alignment <= alignof(std::max_align_t);
  }

  static std::size_t coarse_grains(std::size_t size) noexcept { return (size - 1) / coarse_grain; }   // less one, of more than `fine`

  [[gnu::noinline]] void* allocate_large(std::size_t size, std::size_t alignment) {
    if (!is_kept(size, alignment)) return std::pmr::new_delete_resource()->allocate(size, alignment);
    const auto grains = coarse_grains(size);
    return take(large_unused_[grains], (grains + 1) * coarse_grain);
  }

  [[gnu::noinline]] void deallocate_large(void* block, std::size_t size, std::size_t alignment) noexcept {
    if (!is_kept(size, alignment)) return std::pmr::new_delete_resource()->deallocate(block, size, alignment);
    auto& first = large_unused_[coarse_grains(size)];
    first = ::new (block) unused{first};
  }

  void* take(unused*& first, std::size_t size) {
    auto* const block = first;
    if (!block) return fresh_.allocate(size, alignof(std::max_align_t));
    first = block->next;
    return block;
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::array<unused*, fine / grain + 1> unused_{};
  std::array<unused*, largest / coarse_grain> large_unused_{};
  std::pmr::monotonic_buffer_resource fresh_;
};

}}  // namespace csgi::v1
