// csgi/posix/socket_transport.hpp - a connected stream socket behind http1's seam.
#pragma once
#include <csgi/http1/transport.hpp>
#include <csgi/posix/descriptor.hpp>

namespace csgi::posix {

/// Requires:  SIGPIPE is blocked in the calling threads, since sendfile(2) knows no other way.
class socket_transport final : public http1::transport {
 public:
  explicit socket_transport(descriptor socket) noexcept : socket_(std::move(socket)) {}

  int socket() const noexcept { return socket_.get(); }

  http1::io_result receive(std::span<char> into) noexcept override;
  http1::io_result send(std::string_view first, std::string_view second, std::string_view third) noexcept override;
  http1::io_result send_file(int descriptor, std::uint64_t offset, std::uint64_t count) noexcept override;
  void close_sending() noexcept override;
  void reset() noexcept override;
  bool peer_closed() noexcept override;

  void close() noexcept { socket_.close(); }

 private:
  descriptor socket_;
};

}  // namespace csgi::posix
