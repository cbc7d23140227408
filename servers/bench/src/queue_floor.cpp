// The floor for handlers that take their time: a plain queue. One thread waits for connections and reads what has come; what ends a
// head is a request, which one of 32 threads takes from the queue, handles and answers. Nothing is parsed but the path's second letter:
// GET /w… takes a millisecond, GET /s… ten, all else no time. Nothing is limited or checked.
#include "floor_listener.hpp"
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int threads = 32;     // as many as the servers have that are compared with it

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\n"
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    "Server: csgi\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 6\r\n"
    "\r\n"
    "Hello\n";

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
    // A client that does not take its answer finds its connection closed by the next one that is read.
    static_cast<void>(send(asked.client, answer.data(), answer.size(), MSG_NOSIGNAL));
  }
}

std::chrono::milliseconds time_for(std::string_view head) {
  constexpr std::string_view begin = "GET /";
  const char kind = head.size() > begin.size() ? head[begin.size()] : ' ';
  return std::chrono::milliseconds(kind == 'w' ? 1 : kind == 's' ? 10 : 0);
}

void watch(int set, int descriptor) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.fd = descriptor;
  epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &wanted);
}

}  // namespace

int main() {
  const int accepting = listener("queue_floor");
  const int set = epoll_create1(0);
  watch(set, accepting);

  queue requests;
  std::vector<std::jthread> crew;
  for (int i = 0; i < threads; ++i) crew.emplace_back([&requests] { serve(requests); });

  std::vector<char> input(64 * 1024);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = epoll_wait(set, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == accepting) {
        for (int client; (client = accept4(accepting, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
          const int on = 1;
          setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          watch(set, client);
        }
        continue;
      }
      const auto size = recv(descriptor, input.data(), input.size(), 0);
      if (size <= 0) {
        close(descriptor);
        continue;
      }
      const std::string_view head(input.data(), static_cast<std::size_t>(size));
      if (head.ends_with("\r\n\r\n")) requests.push({descriptor, time_for(head)});
    }
  }
}
