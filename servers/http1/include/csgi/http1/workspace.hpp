// csgi/http1/workspace.hpp - what a connection needs only while it has a request: idle ones hold none.
#pragma once
#include <csgi/http1/input_buffer.hpp>
#include <csgi/http1/output_queue.hpp>
#include <csgi/http1/request_parser.hpp>
#include <csgi/request_lane.hpp>
#include <csgi/serving/body_decoder.hpp>
#include <csgi/serving/response_framer.hpp>
#include <csgi/serving/websocket_session.hpp>
#include <mutex>
#include <vector>

namespace csgi::http1 {

struct workspace {
  explicit workspace(const server_limits& limits) : parser(limits) {}

  input_buffer input;
  request_parser parser;
  request head;             // the parser's, completed with what the server knows
  body_decoder decoder;
  response_framer framer;
  output_queue output;
  std::shared_ptr<request_lane> lane;   // null until the app asks for it
  std::unique_ptr<websocket_session> websocket;     // so is this
};

/// Lends workspaces, so that their memory is reused.
class workspace_pool {
 public:
  virtual std::unique_ptr<workspace> acquire() = 0;
  virtual void release(std::unique_ptr<workspace> used) noexcept = 0;

 protected:
  ~workspace_pool() = default;
};

/// A pool whose callers hold `Mutex`-protected turns; give it one that does nothing where there is one thread.
template <class Mutex>
class recycling_workspace_pool final : public workspace_pool {
 public:
  explicit recycling_workspace_pool(const server_limits& limits) : limits_(limits) { free_.reserve(most_kept); }

  std::unique_ptr<workspace> acquire() override {
    {
      const std::lock_guard turn(mutex_);
      if (!free_.empty()) {
        auto reused = std::move(free_.back());
        free_.pop_back();
        return reused;
      }
    }
    return std::make_unique<workspace>(limits_);
  }

  void release(std::unique_ptr<workspace> used) noexcept override {
    used->input.clear();
    used->output.clear();
    used->parser.reset();
    const std::lock_guard turn(mutex_);
    if (free_.size() < most_kept) free_.push_back(std::move(used));
  }

 private:
  static constexpr std::size_t most_kept = 64;

  const server_limits& limits_;
  Mutex mutex_;
  std::vector<std::unique_ptr<workspace>> free_;
};

/// For pools that only one thread uses.
struct no_mutex {
  void lock() noexcept {}
  void unlock() noexcept {}
};

}  // namespace csgi::http1
