// The floor for handlers that take their time: a plain queue. One thread waits for connections and reads what has come; what ends a
// head is a request, which one of 32 threads takes from the queue, handles and answers. Nothing is parsed but the first letter of the path:
// GET /w… takes a millisecond, GET /s… ten, all else no time. Nothing is limited or checked.
#include "floor_listener.hpp"
#include <sys/socket.h>
#include <unistd.h>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int threads = 32;     // as many as the servers have that are compared with it

struct request {
  int client;
  std::chrono::milliseconds takes;
};

class queue {
 public:
  void push(request r) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(r);
    }
    filled_.notify_one();
  }

  request pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return !waiting_.empty(); });
    const auto first = waiting_.front();
    waiting_.pop_front();
    return first;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<request> waiting_;
};

[[noreturn]] void serve(queue& from) {
  for (;;) {
    const auto asked = from.pop();
    if (asked.takes.count() > 0) std::this_thread::sleep_for(asked.takes);
    // There is room for it: a client asks for one thing at a time.
    static_cast<void>(send(asked.client, hello_answer.data(), hello_answer.size(), MSG_NOSIGNAL));
  }
}

std::chrono::milliseconds time_for(std::string_view head) {
  constexpr std::string_view begin = "GET /";
  const char kind = head.size() > begin.size() ? head[begin.size()] : ' ';
  return std::chrono::milliseconds(kind == 'w' ? 1 : kind == 's' ? 10 : 0);
}

}  // namespace

int main() {
  queue requests;
  std::vector<std::jthread> crew;
  for (int i = 0; i < threads; ++i) crew.emplace_back([&requests] { serve(requests); });

  std::vector<char> input(64 * 1024);
  serve_clients_of(listener("queue_floor"), [](int) {}, [&](int client) {
    const auto size = recv(client, input.data(), input.size(), 0);
    if (size <= 0) {
      close(client);
      return;
    }
    const std::string_view head(input.data(), static_cast<std::size_t>(size));
    if (head.ends_with("\r\n\r\n")) requests.push({client, time_for(head)});
  });
}
