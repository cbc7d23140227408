#include "trailer_section.hpp"
#include <csgi/serving/characters.hpp>

namespace csgi { inline namespace v1 {

trailer_section::step trailer_section::take(std::string_view received) noexcept {
  for (std::size_t at = 0; at < received.size(); ++at) {
    if (++size_ > most_bytes) return {state::rejected, at};
    if (const state now = take(received[at]); now != state::incomplete) return {now, at + 1};
  }
  return {state::incomplete, received.size()};
}

trailer_section::state trailer_section::take(char byte) noexcept {
  const auto go_to = [this](place next, bool allowed) {
    place_ = next;
    return allowed ? state::incomplete : state::rejected;
  };
  switch (place_) {
    case place::line_start:
      return byte == '\r' ? go_to(place::section_end, true) : go_to(place::name, is(character::token, byte));
    case place::name:
      return byte == ':' ? go_to(place::value, true) : go_to(place::name, is(character::token, byte));
    case place::value:
      return byte == '\r' ? go_to(place::line_end, true) : go_to(place::value, is(character::text, byte));
    case place::line_end: return go_to(place::line_start, byte == '\n');
    case place::section_end: break;
  }
  return byte == '\n' ? state::complete : state::rejected;
}

}}  // namespace csgi::v1
