// csgi/per_loop.hpp - an async app's things of which each loop has its own, found by requests without a lock.
#pragma once
#include <array>
#include <atomic>
#include <csgi/exchange_handle.hpp>
#include <csgi/loop_context.hpp>
#include <optional>

namespace csgi { inline namespace v1 {

/// One T for each loop of the server: connections to a database, a cache, whatever requests of one loop share and no other
/// thread touches.
///
///   csgi::task<> loop_startup(csgi::loop_context& loop) override {
///     auto& pool = pools_.emplace(loop, settings_);
///     co_await pool.connect();
///   }
///   csgi::task<> http(csgi::async_exchange ex) override { auto& pool = pools_.at(ex); … }
///   csgi::task<> loop_shutdown(csgi::loop_context& loop) override {
///     co_await pools_.at(loop).close();
///     pools_.erase(loop);
///   }
///
/// Lifetime:  a T lives until erase(), or as long as this object.
/// Threads:   each loop's calls on its executor; those of several loops at the same time.
template <class T>
class per_loop {
 public:
  per_loop() = default;
  per_loop(const per_loop&) = delete;
  per_loop& operator=(const per_loop&) = delete;
  ~per_loop() {
    for (auto& first : places_)
      for (place* p = first.load(std::memory_order_acquire); p;) delete std::exchange(p, p->next);
  }

  /// Makes that of this loop; one from before is destroyed.
  ///
  /// Errors:    std::bad_alloc; what T's constructor throws.
  template <class... Arguments>
  T& emplace(loop_context& loop, Arguments&&... given) {
    place* p = find(loop.executor());
    if (!p) p = add(loop.executor());
    return p->value.emplace(std::forward<Arguments>(given)...);
  }

  /// That of the loop on which this request, or this coroutine's executor, runs.
  ///
  /// Errors:    misuse, where none was made: without loop_startup(), which is not called behind csgi::as_blocking.
  T& at(exchange_handle ex) const { return at(ex.raw().executor()); }
  T& at(loop_context& loop) const { return at(loop.executor()); }
  T& at(const executor& on) const {
    place* const p = find(on);
    if (!p || !p->value)
      raise(std::make_error_code(std::errc::operation_not_permitted),
            "per_loop::at() where loop_startup() has made nothing, as behind csgi::as_blocking");
    return *p->value;
  }

  /// Destroys that of this loop, if there is one.
  void erase(loop_context& loop) noexcept {
    if (place* const p = find(loop.executor())) p->value.reset();
  }

 private:
  /// Once added it stays; its value is touched on its own executor only.
  struct place {
    const executor* of;
    place* next;
    std::optional<T> value{};
  };

  static constexpr std::size_t slots = 64;

  static std::size_t slot_of(const executor& on) noexcept {
    return static_cast<std::size_t>((reinterpret_cast<std::uintptr_t>(&on) * std::uint64_t{0x9e3779b97f4a7c15}) >> 58);
  }

  place* find(const executor& on) const noexcept {
    place* p = places_[slot_of(on)].load(std::memory_order_acquire);
    while (p && p->of != &on) p = p->next;
    return p;
  }

  place* add(const executor& on) {
    auto& first = places_[slot_of(on)];
    auto* const p = new place{&on, first.load(std::memory_order_relaxed)};
    while (!first.compare_exchange_weak(p->next, p, std::memory_order_release, std::memory_order_relaxed)) {
    }
    return p;
  }

  std::array<std::atomic<place*>, slots> places_{};
};

}}  // namespace csgi::v1
