// conversation.hpp - one member's WebSocket, from its coming until it has gone.
#pragma once
#include "outbox.hpp"
#include "rooms.hpp"
#include <csgi/async_websocket.hpp>

namespace chatting {

/// Close codes of this app's own (RFC 6455, 7.4.2), whose reasons are for the one who reads the page.
inline constexpr std::uint16_t bad_name = 4000;

/// Accepts, has somebody of that name in the room as long as the conversation lasts, and closes it.
///
/// Lifetime:  `all` until it has ended.
csgi::task<> converse(csgi::async_exchange ex, rooms& all, std::string room, std::string name, outbox::limits most);

}  // namespace chatting
