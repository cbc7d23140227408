// The fields behind a chunked body: where they end, checked like those of a head.
#pragma once
#include <cstddef>
#include <string_view>

namespace csgi { inline namespace v1 {

/// Finds a trailer section's end byte by byte (RFC 9112, 7.1.2). Its fields are kept apart from those of the head, so that none, a
/// Content-Length for example, can change anything.
class trailer_section {
 public:
  static constexpr std::size_t most_bytes = 16 * 1024;

  enum class state : unsigned char { incomplete, complete, rejected };

  /// Goes on; `consumed` bytes of `received` belong to the section.
  struct step {
    state now;
    std::size_t consumed;
  };
  step take(std::string_view received) noexcept;

 private:
  enum class place : unsigned char { line_start, name, value, line_end, section_end };

  state take(char byte) noexcept;

  std::size_t size_ = 0;
  place place_ = place::line_start;
};

}}  // namespace csgi::v1
