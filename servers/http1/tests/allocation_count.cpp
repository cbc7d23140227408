#include "allocation_count.hpp"
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count = 0;
std::atomic<bool> used_up = false;

}  // namespace

std::size_t csgi::allocation_count() noexcept { return count; }

csgi::no_memory::no_memory() noexcept { used_up = true; }
csgi::no_memory::~no_memory() { used_up = false; }

void* operator new(std::size_t size) {
  ++count;
  if (void* memory = used_up ? nullptr : std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
