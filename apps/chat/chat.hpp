// chat.hpp - an app of rooms where people write to each other over WebSockets.
#pragma once
#include "settings.hpp"
#include "rooms.hpp"
#include <csgi/async_app.hpp>

/// A WebSocket at /ROOM?name=NAME is a member of that room; GET of the same paths, and of /, gives a page that talks to it.
class chat final : public csgi::async_app {
 public:
  /// Errors:    std::invalid_argument.
  explicit chat(csgi::arguments given) : chat(chatting::settings::parse(given)) {}
  explicit chat(chatting::settings s) : settings_(std::move(s)), rooms_(settings_.rooms, settings_.each_room) {}

  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  const chatting::settings settings_;
  chatting::rooms rooms_;
};
