// csgi/websocket_protocol_offers.hpp - the subprotocols that the client of a WebSocket offers.
#pragma once
#include <csgi/field.hpp>
#include <csgi/field_syntax.hpp>

namespace csgi { inline namespace v1 {

/// In the client's order of preference, from all fields that list some (RFC 6455, 11.3.4).
class websocket_protocol_offers {
 public:
  /// Lifetime:  the fields and their bytes, as long as this is read from.
  explicit websocket_protocol_offers(std::span<const field> request_fields) noexcept : fields_(request_fields) {}

  /// The next one; none behind the last.
  std::optional<std::string_view> next() noexcept {
    for (;;) {
      while (!rest_.empty())
        if (const auto protocol = next_element(rest_); !protocol.empty()) return protocol;
      if (fields_.empty()) return std::nullopt;
      if (same_name(fields_.front().name, "sec-websocket-protocol")) rest_ = fields_.front().value;
      fields_ = fields_.subspan(1);
    }
  }

 private:
  std::span<const field> fields_;     // not looked at
  std::string_view rest_;             // of a field
};

/// Names of subprotocols are compared byte by byte.
inline bool offers_websocket_protocol(std::span<const field> request_fields, std::string_view protocol) noexcept {
  websocket_protocol_offers offers(request_fields);
  while (const auto offered = offers.next())
    if (*offered == protocol) return true;
  return false;
}

}}  // namespace csgi::v1
