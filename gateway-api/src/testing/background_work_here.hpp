// background_work_here.hpp - the background of a client: on the thread that tests, in its time.
#pragma once
#include <csgi/testing/client.hpp>
#include "counted_lane.hpp"

namespace csgi::testing {

class client::background_work_here final : public background {
 public:
  explicit background_work_here(client& of) noexcept : client_(of) {}
  background_work_here(const background_work_here&) = delete;
  background_work_here& operator=(const background_work_here&) = delete;
  ~background_work_here() { close({}); }

  std::error_code begin(std::unique_ptr<background_work> w) noexcept override;

  /// Whether all of it has ended: false where that can never be.
  bool wait() { return client_.loop_.turn_until([this] { return running_ == 0; }); }

  /// Waits for `grace`, then stops what still runs and waits for it.
  void close(clock::duration grace) noexcept;

 private:
  class item;

  void start(item& one) noexcept;
  void remove(item& one) noexcept;

  client& client_;
  std::list<item*> items_;
  std::atomic<std::size_t> running_{0};
  std::atomic<bool> closed_{false};
};

}  // namespace csgi::testing
