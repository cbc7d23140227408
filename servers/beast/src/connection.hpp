// connection.hpp - one connection: its socket, and the heads of its requests.
#pragma once
#include "request_reader.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <csgi/serving/loop_exchange.hpp>

namespace csgi::beast {

class connection final : public loop_exchange, public std::enable_shared_from_this<connection> {
 public:
  connection(boost::asio::ip::tcp::socket socket, surroundings& in);

  /// Serves request after request, until it is closed.
  task<> run();

  using loop_exchange::idle;

 private:
  using wait = boost::asio::socket_base::wait_type;

  /// One end of it; unknown, where the peer has gone again.
  struct named_end {
    std::string address;
    std::uint16_t port = 0;
    endpoint view() const noexcept { return address.empty() ? endpoint{} : endpoint{endpoint::kind::ip, port, address}; }
  };
  static named_end name_of(const boost::asio::ip::tcp::endpoint& end, const boost::system::error_code& failed);

  task<bool> receive_head();

  std::string_view unread() const noexcept override { return {static_cast<const char*>(in_.cdata().data()), in_.size()}; }
  void consume(std::size_t bytes) noexcept override { in_.consume(bytes); }
  io receive() override;
  io send(std::span<const std::string_view> pieces, std::size_t& gone) noexcept override;
  bool peer_has_gone() noexcept override;
  void watch(direction what) noexcept override;
  void reset_at_end() noexcept override;

  boost::asio::ip::tcp::socket socket_;
  const server_options& options_;
  named_end peer_, local_;
  boost::beast::flat_buffer in_{64 * 1024};
  std::optional<request_reader> reader_;
  std::array<bool, 2> watched_{};
  bool heard_ = false;      // the client has said something
};

}  // namespace csgi::beast
