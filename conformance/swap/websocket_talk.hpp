// websocket_talk.hpp - says what a request has to say on the WebSocket that it has opened, and hears the answers.
#pragma once
#include "app_request.hpp"
#include "wire.hpp"

namespace csgi::conformance {

/// Sends all messages, and closes when the server has said nothing for `quiet`. Returns a line for each message that came,
/// and one for how the server closed.
///
/// Errors:    unmet, for what a server must not send, or has to.
std::string talk(wire& connection, const app_request& request, std::chrono::milliseconds quiet);

}  // namespace csgi::conformance
