// csgi/serving/websocket_handshake.hpp - the opening of a WebSocket: what a request asks for, and the 101 (RFC 6455, 4.2).
#pragma once
#include <array>
#include <csgi/request.hpp>
#include <csgi/serving/rejection.hpp>
#include <string>
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

/// The subprotocols that a client offers, in its order of preference (RFC 6455, 11.3.4).
class websocket_protocol_offers {
 public:
  /// Lifetime:  the fields and their bytes, as long as this is read from.
  explicit websocket_protocol_offers(std::span<const field> request_fields) noexcept : fields_(request_fields) {}

  /// The next one; none behind the last.
  std::optional<std::string_view> next() noexcept;

 private:
  std::span<const field> fields_;     // not looked at
  std::string_view rest_;             // of a field
};

/// Names of subprotocols are compared byte by byte.
bool offers_websocket_protocol(std::span<const field> request_fields, std::string_view protocol) noexcept;

using websocket_accept = std::array<char, 28>;

/// Sec-WebSocket-Accept's value for a handshake's key.
websocket_accept websocket_accept_of(std::string_view key) noexcept;

/// What a server says in its 101.
struct websocket_acceptance {
  std::string_view key;                       ///< the handshake's
  std::string_view protocol = {};             ///< one that was offered; empty: none
  std::string_view extensions = {};           ///< the field's value; empty: none
  std::span<const field> fields = {};         ///< the app's, which check_websocket_fields() has no objection to
};

/// Whether an app's fields may go with a 101.
///
/// Errors:    invalid_argument: what is no field (RFC 9110, 5), or belongs to the server: Sec-WebSocket-*, Content-Length, and what
///            response_head leaves to it.
std::error_code check_websocket_fields(std::span<const field> fields) noexcept;

/// Appends the whole head, with `date` as its Date and `server` as its Server where the app gives none and they are not empty.
/// Behind it come frames.
///
/// Errors:    std::bad_alloc, with `out` as it was.
void append_websocket_acceptance(std::string& out, const websocket_acceptance& accepted, std::string_view date,
                                 std::string_view server);

}}  // namespace csgi::v1
