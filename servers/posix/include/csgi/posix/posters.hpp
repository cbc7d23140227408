// csgi/posix/posters.hpp - the threads that are inside an executor's post().
#pragma once
#include <atomic>
#include <thread>

namespace csgi::posix {

/// Posted work may run, and with it end the last need for its executor, before its poster has woken that. An executor
/// with this behind what post() uses waits for its posters to leave before it ends.
class posters {
 public:
  /// One of them, inside.
  class one {
   public:
    explicit one(posters& of) noexcept : of_(of) { of_.inside_.fetch_add(1, std::memory_order_relaxed); }
    one(const one&) = delete;
    one& operator=(const one&) = delete;
    ~one() { of_.inside_.fetch_sub(1, std::memory_order_release); }

   private:
    posters& of_;
  };

  posters() = default;
  posters(const posters&) = delete;
  posters& operator=(const posters&) = delete;
  ~posters() {
    while (inside_.load(std::memory_order_acquire) > 0) std::this_thread::yield();
  }

 private:
  std::atomic<int> inside_{0};
};

}  // namespace csgi::posix
