// csgi/serving/websocket_close.hpp - why a WebSocket is closed, and how a close frame says so (RFC 6455, 7.4).
#pragma once
#include <algorithm>
#include <csgi/utf8.hpp>
#include <system_error>

namespace csgi { inline namespace v1 {

/// Those of RFC 6455, 7.4.1 that a server has a use for; 3000 to 3999 are registered, 4000 to 4999 private.
namespace websocket_close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t none = 1005;               ///< the frame has no code; never on the wire
inline constexpr std::uint16_t abnormal = 1006;           ///< there was no close frame; never on the wire
inline constexpr std::uint16_t invalid_payload = 1007;    ///< no UTF-8 in a text, or what cannot be inflated
inline constexpr std::uint16_t message_too_big = 1009;
inline constexpr std::uint16_t internal_error = 1011;
}  // namespace websocket_close_code

inline constexpr std::size_t longest_websocket_reason = 123;    ///< bytes

/// Whether a close frame may have this code. 1012 to 1014 are registered with IANA since the RFC.
constexpr bool is_websocket_close_code(std::uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// Whether these may be sent; websocket_close_code::none may, without a reason, and is an empty payload.
///
/// Errors:    invalid_argument (a code that is none, a reason that is no UTF-8 or has no code), message_size (the reason).
inline std::error_code check_websocket_close(std::uint16_t code, std::string_view reason) noexcept {
  const bool without_code = code == websocket_close_code::none && reason.empty();
  if ((!is_websocket_close_code(code) && !without_code) || !is_utf8(reason))
    return std::make_error_code(std::errc::invalid_argument);
  if (reason.size() > longest_websocket_reason) return std::make_error_code(std::errc::message_size);
  return {};
}

/// A close frame's payload. Requires: check_websocket_close() has no objection; what is too long is cut.
class websocket_close_payload {
 public:
  explicit websocket_close_payload(std::uint16_t code, std::string_view reason = {}) noexcept {
    if (code == websocket_close_code::none) return;
    bytes_[0] = static_cast<char>(code >> 8);
    bytes_[1] = static_cast<char>(code & 0xFF);
    const auto kept = reason.substr(0, longest_websocket_reason);
    std::copy(kept.begin(), kept.end(), bytes_ + 2);
    size_ = static_cast<unsigned char>(2 + kept.size());
  }

  /// Valid while this is.
  std::string_view bytes() const noexcept { return {bytes_, size_}; }

 private:
  char bytes_[2 + longest_websocket_reason];
  unsigned char size_ = 0;
};

}}  // namespace csgi::v1
