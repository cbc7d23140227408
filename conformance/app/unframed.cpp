// unframed.cpp - see unframed.hpp.
#include "unframed.hpp"

namespace csgi::conformance {

std::string unframed::take(std::string_view received) {
  using state = websocket_frame_reader::state;
  unread_ += received;
  std::string said;
  std::size_t done = 0;
  for (bool goes_on = true; goes_on;) {
    const auto step = reader_.read({unread_.data() + done, unread_.size() - done});
    done += step.consumed;
    goes_on = step.now != state::more && step.now != state::close && step.now != state::rejected;
    if (step.now == state::data) {
      if (step.begins) said += step.type == websocket_opcode::text ? "text " : "binary ";
      said.append(step.data).append(step.ends ? "\n" : "");
    } else if (step.now == state::close && step.consumed > 0) {
      said += "closed with " + std::to_string(step.code) + ' ' + std::string(step.data) + '\n';
    } else if (step.now == state::rejected && step.consumed > 0) {
      said += "no client takes this: " + std::string(step.data) + '\n';
    }
  }
  unread_.erase(0, done);
  return said;
}

}  // namespace csgi::conformance
