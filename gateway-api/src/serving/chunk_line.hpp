// The line before a chunk: its size, and extensions that are checked and ignored.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace csgi { inline namespace v1 {

/// Reads such a line byte by byte, by the grammar of RFC 9112, 7.1 and nothing else.
class chunk_line {
 public:
  static constexpr std::size_t most_bytes = 4 * 1024;

  enum class state : unsigned char { incomplete, complete, rejected };

  struct step {
    state now;
    std::size_t consumed;       ///< bytes of what was received that belong to the line
  };

  /// Goes on with what was received.
  step take(std::string_view received) noexcept;

  /// The chunk's bytes. Requires: complete.
  std::uint64_t size() const noexcept { return size_; }

 private:
  enum class place : unsigned char {
    size_start, size, before_semicolon,
    name_start, name, behind_name,
    value_start, value, quoted, escaped, behind_quotes,
    line_end, complete, nowhere,
  };

  place next(char byte) noexcept;
  place size_digit(char byte) noexcept;

  std::uint64_t size_ = 0;
  std::size_t taken_ = 0;
  place place_ = place::size_start;
};

}}  // namespace csgi::v1
