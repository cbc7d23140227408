// csgi/posix/socket_transport.hpp - a connected stream socket behind http1's seam.
#pragma once
#include <csgi/http1/transport.hpp>
#include <csgi/posix/descriptor.hpp>

namespace csgi::posix {

class event_source;
class poller;

/// Requires:  SIGPIPE is blocked in the calling threads, since sendfile(2) knows no other way.
class socket_transport final : public http1::transport {
 public:
  explicit socket_transport(descriptor socket) noexcept : socket_(std::move(socket)) {}

  int socket() const noexcept { return socket_.get(); }

  /// Has the poller tell `source` about the socket from now on. False where that fails.
  bool watch(poller& by, event_source& source) noexcept;

  http1::io_result receive(std::span<char> into) noexcept override;
  http1::io_result send(std::string_view first, std::string_view second, std::string_view third) noexcept override;
  http1::io_result send_file(int descriptor, std::uint64_t offset, std::uint64_t count) noexcept override;
  void tell_again() noexcept override;
  void close_sending() noexcept override;
  void reset() noexcept override;
  bool peer_closed() noexcept override;

  void close() noexcept { socket_.close(); }

 private:
  descriptor socket_;
  poller* poller_ = nullptr;        // none where readiness is asked for each time
  event_source* told_ = nullptr;
};

}  // namespace csgi::posix
