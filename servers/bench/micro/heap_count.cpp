#include "heap_count.hpp"
#include <atomic>
#include <cerrno>

namespace {

std::atomic<std::size_t> count = 0;

void counted() noexcept { count.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

std::size_t csgi::bench::heap_count() noexcept { return count; }

// operator new takes its memory from these, and so does what is written in C. free() stays as it is.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t items, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  counted();
  return __libc_malloc(size);
}

void* calloc(std::size_t items, std::size_t size) noexcept {
  counted();
  return __libc_calloc(items, size);
}

void* realloc(void* memory, std::size_t size) noexcept {
  counted();
  return __libc_realloc(memory, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  counted();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  counted();
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

}  // extern "C"
