// csgi/serving/websocket_deflate.hpp - how permessage-deflate is set up, and agreed upon with a client (RFC 7692).
#pragma once
#include <cstddef>
#include <csgi/field.hpp>
#include <optional>
#include <string>

namespace csgi { inline namespace v1 {

/// What a server is ready for.
///
/// Off unless asked for: it costs time and memory for each message, and where a message holds both a secret and what an attacker
/// chooses, its compressed size gives the secret away.
///
/// With context takeover each message may refer to the last ones, which makes small messages that are alike smaller, and
/// each connection keeps zlib's memory as long as it lives: (4 << server_window_bits) + (512 << memory_level) bytes to
/// deflate, 256 KiB as it is set here, and (1 << client_window_bits) bytes + 7 KiB to inflate. Without it, as it is by
/// default, a connection gives that back when it has been silent until the server pings, or when its client pings twice without a
/// message between; where the server does not ping, only then.
struct websocket_deflate_settings {
  bool enabled = false;
  bool server_takeover = false;
  bool client_takeover = false;
  int server_window_bits = 15;      ///< 9 to 15: how far back a server's message refers
  int client_window_bits = 15;      ///< 9 to 15: the same of a client's, where it lets itself be told
  int memory_level = 8;             ///< 1 to 9, zlib's
  int level = 6;                    ///< 1 to 9, zlib's: from fast to small
  std::size_t least = 256;          ///< bytes; smaller messages are sent as they are
};

/// Errors:    std::invalid_argument that names what is out of range.
void check(const websocket_deflate_settings& settings);

/// What was agreed.
struct websocket_deflate_terms {
  bool server_takeover = true;
  bool client_takeover = true;
  int server_window_bits = 15;      ///< 9 to 15
  int client_window_bits = 15;      ///< 8 to 15

  bool operator==(const websocket_deflate_terms&) const = default;
};

/// Takes up the first of a client's offers that can be met, if there is one. An offer with a parameter that is unknown, comes
/// twice or has an invalid value cannot be met (RFC 7692, 7). Nor can a server's window of 8 bits, which zlib refuses for raw
/// deflate.
std::optional<websocket_deflate_terms> agree_on_websocket_deflate(std::span<const field> request_fields,
                                                                  const websocket_deflate_settings& settings) noexcept;

/// What Sec-WebSocket-Extensions says of it in the 101.
std::string to_extension(const websocket_deflate_terms& terms);

}}  // namespace csgi::v1
