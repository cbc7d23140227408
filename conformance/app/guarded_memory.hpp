// guarded_memory.hpp - memory whose use before its beginning, behind its end or after its time ends the process, and tells.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory_resource>
#include <mutex>

namespace csgi::conformance {

/// What views of a request lie in. Each piece ends where a page ends that nobody may touch, and is such a page itself once
/// it was given back, until a few hundred others have been.
///
/// Threads:   any.
class guarded_memory final : public std::pmr::memory_resource {
 public:
  enum class purpose : unsigned char { none, request, chunk, argument };

  explicit guarded_memory(purpose first = purpose::request) noexcept : next_(first) {}
  guarded_memory(const guarded_memory&) = delete;
  guarded_memory& operator=(const guarded_memory&) = delete;
  ~guarded_memory();

  /// What pieces are for from now on.
  void is_for(purpose p) noexcept { next_ = p; }

  struct place {
    purpose of = purpose::none;     ///< none: no such memory
    bool ended = false;             ///< given back; else its end was passed
  };

  /// Threads:   any; also a signal handler.
  static place find(std::uintptr_t address) noexcept;

 private:
  struct piece {
    char* base = nullptr;
    std::size_t pages = 0;
    std::size_t slot = 0;
  };

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override;
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  piece fresh(std::size_t pages);

  std::mutex mutex_;
  purpose next_;
  std::map<char*, piece> held_;
  std::map<std::size_t, std::deque<piece>> ended_;    // by pages, the oldest first
};

}  // namespace csgi::conformance
