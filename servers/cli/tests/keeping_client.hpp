// keeping_client.hpp - clients that ask on kept connections as fast as they are answered, and count what they lose.
#pragma once
#include <atomic>
#include <mutex>
#include <thread>
#include "served_command.hpp"

/// One connection, for one request after the other.
class keeping_client {
 public:
  explicit keeping_client(std::uint16_t port) {
    const auto address = loopback(port);
    const timeval patience{30, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  keeping_client(const keeping_client&) = delete;
  keeping_client& operator=(const keeping_client&) = delete;
  ~keeping_client() { close(socket_); }

  bool connected() const { return connected_; }
  bool sends(const std::string& bytes) const {
    return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }

  /// The body of the next response; nothing where it has not come, or not as a whole.
  std::optional<std::string> body() {
    std::size_t end;
    while ((end = got_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return {};
    head_ = got_.substr(0, end + 2);
    got_.erase(0, end + 4);
    const std::string name = "Content-Length: ";
    const auto at = head_.find(name);
    if (at == std::string::npos) return {};
    const auto size = std::stoul(head_.substr(at + name.size()));
    while (got_.size() < size)
      if (!more()) return {};
    auto body = got_.substr(0, size);
    got_.erase(0, size);
    return body;
  }

  /// Of the last response.
  bool ok() const { return head_.starts_with("HTTP/1.1 200 "); }
  bool told_to_close() const { return head_.find("Connection: close\r\n") != std::string::npos; }

  /// Whether the other side ends the connection, with nothing more sent.
  bool ended() { return got_.empty() && !more(); }

 private:
  bool more() {
    char block[4096];
    const auto size = recv(socket_, block, sizeof block, 0);
    if (size > 0) got_.append(block, static_cast<std::size_t>(size));
    return size > 0;
  }

  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool connected_ = false;
  std::string got_;
  std::string head_;
};

/// Several of them, each on a thread, until they are stopped. Answers name the process that they come from on their first line.
class load {
 public:
  load(std::uint16_t port, unsigned clients) : port_(port) {
    for (unsigned i = 0; i < clients; ++i) threads_.emplace_back([this] { run(); });
  }
  load(const load&) = delete;
  load& operator=(const load&) = delete;
  ~load() { stop(); }

  void stop() {
    over_ = true;
    for (auto& each : threads_)
      if (each.joinable()) each.join();
  }

  /// Until so many more have been answered.
  void go_on(int count) const {
    const int until = answered + count;
    while (answered < until) std::this_thread::yield();
  }

  std::atomic<int> answered{0};
  std::atomic<int> refused{0};            ///< connections
  std::atomic<int> told_to_close{0};

  /// Requests that were not answered: who had answered the last one of that connection; "" for its first.
  std::vector<std::string> lost() const {
    const std::lock_guard lock(mutex_);
    return lost_;
  }

 private:
  void run() {
    while (!over_) {
      keeping_client client(port_);
      if (client.connected()) ask(client);
      else ++refused;
    }
  }

  void ask(keeping_client& client) {
    std::string last;
    while (!over_) {
      client.sends("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const auto body = client.body();
      if (!body || !client.ok()) {
        const std::lock_guard lock(mutex_);
        return lost_.push_back(last);
      }
      ++answered;
      last = body->substr(0, body->find('\n'));
      if (client.told_to_close()) {
        ++told_to_close;
        return;
      }
    }
  }

  std::uint16_t port_;
  std::atomic<bool> over_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> lost_;
  std::vector<std::thread> threads_;
};
