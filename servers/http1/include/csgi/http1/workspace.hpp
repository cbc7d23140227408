// csgi/http1/workspace.hpp - what a connection needs only while it has a request: idle ones hold none.
#pragma once
#include <array>
#include <csgi/http1/input_buffer.hpp>
#include <csgi/http1/output_queue.hpp>
#include <csgi/http1/request_parser.hpp>
#include <csgi/request_lane.hpp>
#include <csgi/serving/body_decoder.hpp>
#include <csgi/serving/response_framer.hpp>
#include <csgi/serving/websocket_session.hpp>
#include <mutex>
#include <thread>

namespace csgi::http1 {

struct workspace {
  workspace(const server_limits& limits, block_pool& blocks) : input(blocks), parser(limits) {}

  input_buffer input;
  output_queue output;
  std::unique_ptr<websocket_session> websocket;     // null until the app asks for it
  std::shared_ptr<request_lane> lane;   // so is this
  response_framer framer;
  body_decoder decoder;
  request_parser parser;
  request& head = parser.head();    // completed with what the server knows
};

/// Lends workspaces, and the blocks that those receive into, so that their memory is reused.
class workspace_pool : public block_pool {
 public:
  virtual std::unique_ptr<workspace> acquire() = 0;
  virtual void release(std::unique_ptr<workspace> used) noexcept = 0;

 protected:
  ~workspace_pool() = default;
};

/// A pool that many threads use, with a std::mutex, or one, with owner_only. Whose turn it is not does not wait: for it memory
/// is made, and freed.
template <class Mutex>
class recycling_workspace_pool final : public workspace_pool {
 public:
  explicit recycling_workspace_pool(const server_limits& limits) : limits_(limits) {}

  /// The calling thread is its owner.
  void settle() noexcept { mutex_.settle(); }

  std::unique_ptr<workspace> acquire() override {
    if (auto reused = reuse(free_)) return reused;
    return std::make_unique<workspace>(limits_, *this);
  }

  void release(std::unique_ptr<workspace> used) noexcept override {
    used->input.reset();
    used->output.clear();
    used->parser.reset();
    keep(free_, std::move(used));
  }

  block acquire_block() override {
    if (auto reused = reuse(free_blocks_)) return reused;
    return std::make_unique_for_overwrite<char[]>(block_size);
  }

  void release_block(block used) noexcept override { keep(free_blocks_, std::move(used)); }

 private:
  static constexpr std::size_t most_kept = 256;     // of each: as many requests as one look at a poller may find

  template <class Owner>
  struct free_list {
    std::array<Owner, most_kept> owned;
    std::size_t count = 0;
  };

  /// The one that was used last, as it is in the processor's caches. Null: none is free.
  template <class Owner>
  Owner reuse(free_list<Owner>& free) noexcept {
    const std::unique_lock turn(mutex_, std::try_to_lock);
    if (!turn || free.count == 0) return nullptr;
    return std::move(free.owned[--free.count]);
  }

  template <class Owner>
  void keep(free_list<Owner>& free, Owner used) noexcept {
    const std::unique_lock turn(mutex_, std::try_to_lock);
    if (turn && free.count < most_kept) free.owned[free.count++] = std::move(used);
  }

  const server_limits& limits_;
  Mutex mutex_;
  free_list<std::unique_ptr<workspace>> free_;
  free_list<block> free_blocks_;
};

/// For pools of one thread: to others, which run a blocking app of its connections, it is always locked.
class owner_only {
 public:
  void settle() noexcept { owner_ = std::this_thread::get_id(); }
  bool try_lock() const noexcept { return std::this_thread::get_id() == owner_; }
  void lock() const noexcept {}
  void unlock() const noexcept {}

 private:
  std::thread::id owner_;
};

}  // namespace csgi::http1
