// settings.hpp - what the chat is told on the command line, and its limits.
#pragma once
#include "room.hpp"
#include <csgi/plugin.hpp>

namespace chatting {

struct settings {
  std::vector<std::string> origins = {};      ///< whose pages may come too, beside this server's own
  room::limits each_room = {};
  outbox::limits each_member = {};
  std::size_t rooms = 1000;

  /// From "[--origin URL]… [--history N] [--people N]", each also as --name=value.
  ///
  /// Errors:    std::invalid_argument.
  static settings parse(csgi::arguments given);
};

}  // namespace chatting
