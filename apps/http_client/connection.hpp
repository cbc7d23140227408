// connection.hpp - one connection to an upstream.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

namespace upstream {

/// A socket, and what was read from it and not used yet.
struct connection {
  explicit connection(boost::asio::io_context& on) : socket(on) {}

  /// Whether it may carry another request: the upstream has neither closed it nor sent what nobody has asked for.
  ///
  /// Requires:  nothing is pending.
  bool is_quiet() noexcept;

  boost::asio::ip::tcp::socket socket;
  boost::beast::flat_buffer buffer;
};

}  // namespace upstream
