// words.hpp - what people may call themselves and their rooms, and say.
#pragma once
#include <string>
#include <string_view>

namespace chatting {

inline constexpr std::size_t longest_name = 32;       // characters
inline constexpr std::size_t longest_text = 1000;

/// Whether it is 1 to 32 of a-z, 0-9 and "-".
bool is_room_name(std::string_view name) noexcept;

/// A name as it is shown: without spaces around it.
///
/// Errors:    std::invalid_argument, which says what a name is: 1 to 32 characters of UTF-8, none of them a control character.
std::string checked_name(std::string_view name);

/// A text as it is shown: without spaces and empty lines around it.
///
/// Errors:    std::invalid_argument: 1 to 1000 characters, line ends and tabs the only control characters.
std::string checked_text(std::string_view text);

}  // namespace chatting
