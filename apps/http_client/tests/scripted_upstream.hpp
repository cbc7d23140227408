// scripted_upstream.hpp - an upstream that says what it is told to, byte by byte.
#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// What it says on one connection: an answer for each request in turn, then it closes.
using script = std::vector<std::string>;

/// Answers that are none.
inline const std::string silence;                 ///< until the client has closed
inline const std::string hangs_up = "(hangs up)";

/// Takes one connection after the other, as many as there are scripts. Requests have no body that matters.
class scripted_upstream {
 public:
  explicit scripted_upstream(std::vector<script> scripts) : thread_([this, told = std::move(scripts)] { run(told); }) {}
  scripted_upstream(const scripted_upstream&) = delete;
  scripted_upstream& operator=(const scripted_upstream&) = delete;
  ~scripted_upstream() {
    over_ = true;
    boost::system::error_code refused;
    tcp::socket(context_).connect({boost::asio::ip::address_v4::loopback(), port_}, refused);     // if it waits for one
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// The heads of the requests so far, "1 GET / HTTP/1.1 …" for the first connection.
  std::vector<std::string> heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

  /// Waits until so many requests have come, or until clients have closed so many connections on which it was silent.
  void await_requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return heads_.size() >= count; });
  }
  void await_closed(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ >= count; });
  }

 private:
  using tcp = boost::asio::ip::tcp;

  void run(const std::vector<script>& scripts) {
    for (std::size_t i = 0; i < scripts.size() && !over_; ++i) {
      tcp::socket socket(context_);
      door_.accept(socket);
      converse(i + 1, socket, scripts[i]);
    }
    door_.close();
  }

  void converse(std::size_t number, tcp::socket& socket, const script& answers) {
    std::string received;
    boost::system::error_code ended;
    for (const auto& answer : answers) {
      const auto size = boost::asio::read_until(socket, boost::asio::dynamic_buffer(received), "\r\n\r\n", ended);
      if (ended) return;
      note([&] { heads_.push_back(std::to_string(number) + ' ' + received.substr(0, size)); });
      received.erase(0, size);
      if (answer == hangs_up) return;
      if (answer == silence) return await_end(socket);
      boost::asio::write(socket, boost::asio::buffer(answer), ended);
    }
  }

  void await_end(tcp::socket& socket) {
    boost::system::error_code ended;
    char bytes[64];
    while (!ended) socket.read_some(boost::asio::buffer(bytes), ended);
    note([&] { ++closed_; });
  }

  template <class Change>
  void note(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }

  boost::asio::io_context context_;
  tcp::acceptor door_{context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  const std::uint16_t port_ = door_.local_endpoint().port();
  mutable std::mutex mutex_;              // of what follows
  std::condition_variable changed_;
  std::vector<std::string> heads_;
  std::size_t closed_ = 0;
  std::atomic<bool> over_{false};
  std::thread thread_;
};
