// csgi/response_head.hpp - what an app says before its response body.
#pragma once
#include <csgi/field.hpp>

namespace csgi { inline namespace v1 {

/// Whether the connection may serve another request afterwards. Apps ask with this, never with a field:
/// the connection's own fields belong to the server.
enum class after_response : unsigned char { keep_alive, close };

/// A final response's status and fields, as views that need to live only as long as the call they are given to.
///
/// Rules that exchange::start() checks (invalid_argument, state unchanged):
///   - status is 200 to 599;
///   - field names are tokens, values and reason hold no control character but HTAB (RFC 9110, 5.5);
///   - Content-Length, where given, is one decimal number;
///   - none of Connection, Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding, Upgrade.
struct response_head {
  int status = 200;
  std::span<const field> fields = {};
  std::string_view reason = {};     ///< empty: the standard phrase
  after_response then = after_response::keep_alive;
};

}}  // namespace csgi::v1
