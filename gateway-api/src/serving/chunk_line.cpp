#include "chunk_line.hpp"
#include <csgi/serving/characters.hpp>
#include <limits>

namespace csgi { inline namespace v1 {

chunk_line::step chunk_line::take(std::string_view received) noexcept {
  for (std::size_t at = 0; at < received.size(); ++at) {
    place_ = ++taken_ > most_bytes ? place::nowhere : next(received[at]);
    if (place_ == place::nowhere) return {state::rejected, at + 1};
    if (place_ == place::complete) return {state::complete, at + 1};
  }
  return {state::incomplete, received.size()};
}

chunk_line::place chunk_line::size_digit(char byte) noexcept {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max() >> 4;
  if (!is(character::hex, byte) || size_ > most) return place::nowhere;
  size_ = size_ << 4 | static_cast<std::uint64_t>(hex_value(byte));
  return place::size;
}

/// chunk-size *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ) CRLF
chunk_line::place chunk_line::next(char byte) noexcept {
  const auto token_goes_on = [byte](place here) { return is(character::token, byte) ? here : place::nowhere; };
  switch (place_) {
    case place::size_start: return size_digit(byte);
    case place::size:
      if (byte == '\r') return place::line_end;
      if (byte == ';') return place::name_start;
      return is_white(byte) ? place::before_semicolon : size_digit(byte);
    case place::before_semicolon:
      if (byte == ';') return place::name_start;
      return is_white(byte) ? place_ : place::nowhere;
    case place::name_start: return is_white(byte) ? place_ : token_goes_on(place::name);
    case place::name:
      if (byte == '\r') return place::line_end;
      if (byte == ';') return place::name_start;
      if (byte == '=') return place::value_start;
      return is_white(byte) ? place::behind_name : token_goes_on(place_);
    case place::behind_name:
      if (byte == ';') return place::name_start;
      if (byte == '=') return place::value_start;
      return is_white(byte) ? place_ : place::nowhere;
    case place::value_start:
      if (byte == '"') return place::quoted;
      return is_white(byte) ? place_ : token_goes_on(place::value);
    case place::value:
      if (byte == '\r') return place::line_end;
      if (byte == ';') return place::name_start;
      return is_white(byte) ? place::before_semicolon : token_goes_on(place_);
    case place::quoted:
      if (byte == '"') return place::behind_quotes;
      if (byte == '\\') return place::escaped;
      return is(character::text, byte) ? place_ : place::nowhere;
    case place::escaped: return is(character::text, byte) ? place::quoted : place::nowhere;
    case place::behind_quotes:
      if (byte == '\r') return place::line_end;
      if (byte == ';') return place::name_start;
      return is_white(byte) ? place::before_semicolon : place::nowhere;
    case place::line_end: return byte == '\n' ? place::complete : place::nowhere;
    case place::complete:
    case place::nowhere: break;
  }
  return place::nowhere;
}

}}  // namespace csgi::v1
