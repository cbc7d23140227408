// guarded_memory.cpp - see guarded_memory.hpp.
#include "guarded_memory.hpp"
#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <sys/mman.h>

namespace csgi::conformance {

namespace {

constexpr std::size_t page = 4096;

/// What a signal handler can read.
struct slot {
  std::atomic<std::uintptr_t> base{0};      // 0: free
  std::atomic<std::size_t> size{0};         // with the page behind it
  std::atomic<guarded_memory::purpose> of{};
  std::atomic<bool> ended{false};
};

std::array<slot, 16'384>& slots() noexcept {
  static std::array<slot, 16'384> all;
  return all;
}

std::size_t take_slot(std::uintptr_t base, std::size_t size) {
  auto& all = slots();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::uintptr_t none = 0;
    if (!all[i].base.compare_exchange_strong(none, base)) continue;
    all[i].size = size;
    return i;
  }
  throw std::bad_alloc();
}

/// How many pieces of a size rest before the first is used again.
std::size_t rest_of(std::size_t pages) noexcept { return pages <= 2 ? 256 : pages <= 32 ? 16 : 2; }

}  // namespace

guarded_memory::~guarded_memory() {
  const auto drop = [](const piece& p) {
    slots()[p.slot].base = 0;
    ::munmap(p.base, (p.pages + 1) * page);
  };
  for (const auto& [base, p] : held_) drop(p);
  for (const auto& [pages, pieces] : ended_)
    for (const auto& p : pieces) drop(p);
}

guarded_memory::piece guarded_memory::fresh(std::size_t pages) {
  void* const base = ::mmap(nullptr, (pages + 1) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) throw std::bad_alloc();
  return {static_cast<char*>(base), pages, take_slot(reinterpret_cast<std::uintptr_t>(base), (pages + 1) * page)};
}

void* guarded_memory::do_allocate(std::size_t size, std::size_t alignment) {
  const std::size_t room = (size + alignment - 1) / alignment * alignment;
  const std::size_t pages = (std::max<std::size_t>(room, 1) + page - 1) / page;
  const std::lock_guard lock(mutex_);
  auto& ended = ended_[pages];
  piece p;
  if (ended.size() < rest_of(pages)) {
    p = fresh(pages);
  } else {
    p = ended.front();
    ended.pop_front();
  }
  if (::mprotect(p.base, pages * page, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  slots()[p.slot].of = next_;
  slots()[p.slot].ended = false;
  held_[p.base] = p;
  return p.base + pages * page - room;
}

void guarded_memory::do_deallocate(void* at, std::size_t, std::size_t) {
  char* const base = reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(at) / page * page);
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(base);
  const piece p = found->second;
  held_.erase(found);
  slots()[p.slot].ended = true;
  ::mprotect(p.base, p.pages * page, PROT_NONE);
  ended_[p.pages].push_back(p);
}

guarded_memory::place guarded_memory::find(std::uintptr_t address) noexcept {
  for (const auto& each : slots()) {
    const auto base = each.base.load();
    if (base != 0 && address >= base && address - base < each.size) return {each.of, each.ended};
  }
  return {};
}

}  // namespace csgi::conformance
