// origin.hpp - which pages may open a conversation here.
#pragma once
#include <csgi/request.hpp>
#include <span>
#include <string>

namespace chatting {

/// Browsers let any page open a WebSocket to anywhere, and say in `Origin` which page it is: this server's own are let in, and
/// those of the origins listed. Who sends no Origin is no browser.
///
/// Spec:      CSGI-WS-040
bool is_welcome_origin(const csgi::request& handshake, std::span<const std::string> others) noexcept;

}  // namespace chatting
