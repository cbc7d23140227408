// messages.hpp - the JSON that members and the server send each other.
#pragma once
#include "line.hpp"
#include <chrono>
#include <span>
#include <string_view>
#include <vector>

namespace chatting {

/// What somebody has said.
struct saying {
  std::uint64_t id = 0;                       ///< counts in its room
  std::chrono::system_clock::time_point at{};
  std::string from{};
  std::string text{};
};

/// What a newcomer learns of a room.
struct greeting {
  std::string_view room{};
  std::string_view you{};                     ///< the name that was free
  std::uint64_t since = 0;                    ///< names the room's history: another one, other ids
  std::vector<std::string_view> people{};
  std::span<const saying> history{};
};

line welcome(const greeting& to);             // {"type":"welcome","room","you","since","people":[…],"history":[…]}
line joined(std::string_view name);           // {"type":"joined","name"}
line left(std::string_view name);             // {"type":"left","name"}
line said(const saying& what);                // {"type":"said","id","at","from","text"}; "at" in ms since 1970
line complaint(std::string_view text);        // {"type":"error","text"}
line farewell(std::string_view text);         // {"type":"farewell","text"}

/// What a member says by {"type":"say","text":"…"}.
///
/// Errors:    std::invalid_argument, which tells the member what is wrong.
std::string text_of(std::string_view message);

}  // namespace chatting
