// csgi/serving/websocket_settings.hpp - what all WebSocket conversations of a server share.
#pragma once
#include <csgi/operation.hpp>
#include <csgi/serving/websocket_deflate.hpp>

namespace csgi { inline namespace v1 {

struct websocket_settings {
  std::size_t message = 1024 * 1024;                          ///< bytes of one that an app takes whole; more: 1009
  clock::duration ping = std::chrono::seconds(20);            ///< without a sign of the peer, before it is asked; zero: it never is
  clock::duration close = std::chrono::seconds(10);           ///< for the peer to close, once it was told to
  websocket_deflate_settings deflate = {};                    ///< which offers of compression are taken
};

}}  // namespace csgi::v1
