// deadline_stream.hpp - a socket for Beast's blocking calls, which blocks no longer than until a deadline.
#pragma once
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <utility>

namespace upstream {

/// Asio's own blocking calls know no deadline, whatever the socket's options say.
///
/// Lifetime:  the socket is borrowed; it is made non-blocking.
class deadline_stream {
 public:
  using clock = std::chrono::steady_clock;
  using error_code = boost::system::error_code;

  deadline_stream(boost::asio::ip::tcp::socket& socket, clock::time_point until) noexcept : socket_(socket), until_(until) {}

  /// Errors:    timed_out; those of connect().
  void connect(const boost::asio::ip::tcp::endpoint& to, error_code& failed);

  template <class Buffers>
  std::size_t read_some(const Buffers& into, error_code& failed) {
    return again(readable, failed, [&] { return socket_.read_some(into, failed); });
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& from, error_code& failed) {
    return again(writable, failed, [&] { return socket_.write_some(from, failed); });
  }

  /// Beast asks for these, too.
  template <class Buffers>
  std::size_t read_some(const Buffers& into) {
    return or_throw([&](error_code& failed) { return read_some(into, failed); });
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& from) {
    return or_throw([&](error_code& failed) { return write_some(from, failed); });
  }

 private:
  enum direction : short { readable, writable };

  template <class Call>
  std::size_t again(direction which, error_code& failed, Call call) {
    for (;;) {
      const std::size_t count = call();
      if (failed != boost::asio::error::would_block || !wait(which, failed)) return count;
    }
  }

  template <class Call>
  static std::size_t or_throw(Call call) {
    error_code failed;
    const std::size_t count = call(failed);
    if (failed) throw boost::system::system_error(failed);
    return count;
  }

  /// False where `failed` says why there is nothing to wait for any more.
  bool wait(direction which, error_code& failed) noexcept;

  boost::asio::ip::tcp::socket& socket_;
  const clock::time_point until_;
};

}  // namespace upstream
