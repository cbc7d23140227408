// server_frames.cpp - see server_frames.hpp.
#include "server_frames.hpp"
#include "unmet.hpp"
#include <csgi/utf8.hpp>
#include <utility>

namespace csgi::conformance {

namespace {

constexpr unsigned continuation = 0, text = 1, binary = 2, closing = 8, pong = 10;
constexpr std::uint64_t most_in_control = 125;

unsigned byte_at(const std::string& bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::uint64_t number_at(const std::string& bytes, std::size_t at, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) number = number << 8 | byte_at(bytes, at + i);
  return number;
}

bool is_known(unsigned opcode) { return opcode <= binary || (opcode >= closing && opcode <= pong); }

void check_payload_of_closing(const std::string& payload) {
  if (payload.size() == 1) throw unmet("the server sent a close of one byte");
  if (payload.size() > 2 && !is_utf8(std::string_view(payload).substr(2))) throw unmet("the server gave a reason that is not UTF-8");
}

}  // namespace

std::optional<server_frame> server_frames::take_from(std::string& received) {
  if (received.size() < 2) return std::nullopt;
  const unsigned first = byte_at(received, 0), second = byte_at(received, 1);
  server_frame frame{first & 0x0F, (first & 0x80) != 0, {}, (first & 0x40) != 0};
  const bool compressible = may_be_compressed_ && !frame.is_control() && frame.opcode != continuation;
  if ((first & 0x30) != 0 || (frame.compressed && !compressible)) throw unmet("the server set a reserved bit");
  if (!is_known(frame.opcode)) throw unmet("the server sent a frame of the unknown kind " + std::to_string(frame.opcode));
  if ((second & 0x80) != 0) throw unmet("the server masked a frame");
  std::uint64_t size = second & 0x7F;
  const std::size_t coded = size == 127 ? 8 : size == 126 ? 2 : 0;
  if (received.size() < 2 + coded) return std::nullopt;
  if (coded != 0) {
    size = number_at(received, 2, coded);
    if (size < 126 || (coded == 8 && size <= 0xFFFF) || size >> 63 != 0) throw unmet("the server sent a length that is not in its shortest form");
  }
  if (frame.is_control() && size > most_in_control) throw unmet("the server sent a control frame of " + std::to_string(size) + " bytes");
  check_turn(frame);
  if (received.size() - 2 - coded < size) return std::nullopt;
  frame.payload = received.substr(2 + coded, size);
  received.erase(0, 2 + coded + size);
  check_end(frame);
  return frame;
}

void server_frames::check_turn(const server_frame& frame) const {
  if (frame.is_control()) {
    if (!frame.ends) throw unmet("the server sent a fragment of a control frame");
  } else if ((frame.opcode == continuation) != in_message_) {
    throw unmet(in_message_ ? "the server began a message within a message" : "the server continued a message that it had not begun");
  }
}

void server_frames::check_end(const server_frame& frame) {
  if (frame.opcode == closing) check_payload_of_closing(frame.payload);
  if (frame.is_control()) return;
  if (frame.opcode != continuation) in_text_ = frame.opcode == text && !frame.compressed;
  if (in_text_) text_ += frame.payload;
  in_message_ = !frame.ends;
  if (frame.ends && in_text_ && !is_utf8(std::exchange(text_, {}))) throw unmet("the server sent a text that is not UTF-8");
}

}  // namespace csgi::conformance
