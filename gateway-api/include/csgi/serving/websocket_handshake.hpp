// csgi/serving/websocket_handshake.hpp - the opening of a WebSocket: what a request asks for, and what the answer proves (RFC 6455, 4.2).
#pragma once
#include <array>
#include <csgi/request.hpp>
#include <csgi/serving/rejection.hpp>
#include <system_error>

namespace csgi { inline namespace v1 {

/// Whether a request opens a WebSocket.
struct websocket_handshake {
  enum class state : unsigned char {
    none,       ///< it is a plain request, whatever else it offers to upgrade to
    good,
    refused,    ///< it is answered with why.status, and the app is not asked: 400, or 426 for another version
  };

  state now = state::none;
  rejection why = {};
  std::string_view key = {};    ///< Sec-WebSocket-Key, a view into the field
};

/// A GET of HTTP/1.1 with `Upgrade: websocket` and `Connection: upgrade` opens one; then its fields have to be as RFC 6455 says.
/// A Content-Length of 0 is no body.
websocket_handshake look_at_websocket_handshake(const request& head) noexcept;

using websocket_accept = std::array<char, 28>;

/// Sec-WebSocket-Accept's value for a handshake's key.
websocket_accept websocket_accept_of(std::string_view key) noexcept;

/// Whether an app's fields may go with a 101.
///
/// Errors:    invalid_argument: what is no field (RFC 9110, 5), or belongs to the server: Sec-WebSocket-*, Content-Length, and what
///            response_head leaves to it.
std::error_code check_websocket_fields(std::span<const field> fields) noexcept;

}}  // namespace csgi::v1
