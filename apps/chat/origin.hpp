// origin.hpp - which pages may open a conversation here.
#pragma once
#include <csgi/request.hpp>
#include <span>
#include <string>

namespace chatting {

/// Where a page comes from: "https://example.org:8443".
struct origin {
  std::string_view scheme;
  std::string_view authority;

  /// Nothing for what is none, such as "null" and what has a path.
  static std::optional<origin> parse(std::string_view text) noexcept;
};

/// Browsers let any page open a WebSocket to anywhere, and say in `Origin` which page it is: this server's own are let in, and
/// those of the origins listed. Who sends no Origin is no browser.
///
/// Spec:      CSGI-WS-040
bool is_welcome_origin(const csgi::request& handshake, std::span<const std::string> others) noexcept;

}  // namespace chatting
