#include <algorithm>
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_frame_reader.hpp>
#include <limits>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::size_t longest_control_payload = 125;

std::uint64_t number(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string_view view(std::span<char> bytes) noexcept { return {bytes.data(), bytes.size()}; }

}  // namespace

// What each frame goes through is inline: as calls it took a sixth more instructions.

bool websocket_frame_reader::reject(std::uint16_t code, std::string_view why) noexcept {
  place_ = place::over;
  end_ = state::rejected;
  code_ = code;
  why_ = why;
  return false;
}

const websocket_frame_reader::step& websocket_frame_reader::over(std::size_t consumed) noexcept {
  return step_ = {.now = end_, .code = code_, .consumed = consumed, .data = why_};
}

const websocket_frame_reader::step& websocket_frame_reader::rejected(std::uint16_t code, std::string_view why,
                                                              std::size_t consumed) noexcept {
  reject(code, why);
  return over(consumed);
}

/// The limit is the message's own size. What deflate cannot make smaller grows by an eighth at most (its fixed code has nine
/// bits for a byte), and by some bytes for each of the blocks that a client may flush.
inline std::uint64_t websocket_frame_reader::most_bytes() const noexcept {
  const std::uint64_t limit = rules_.message_limit;
  if (!compressed_) return limit;
  const std::uint64_t slack = limit / 8 + 1024;
  return limit > std::numeric_limits<std::uint64_t>::max() - slack ? std::numeric_limits<std::uint64_t>::max() : limit + slack;
}

/// Opcode and flags, judged as soon as they are there; what is changed twice by the same byte is the same.
inline bool websocket_frame_reader::first_byte_fits(unsigned byte) noexcept {
  using websocket_close_code::protocol_error;
  const bool rsv1 = (byte & 0x40) != 0;
  final_ = (byte & 0x80) != 0;
  opcode_ = static_cast<websocket_opcode>(byte & 0x0F);
  if ((byte & 0x30) != 0) return reject(protocol_error, "a reserved bit is set");
  switch (opcode_) {
    case websocket_opcode::continuation:
      if (!in_message()) return reject(protocol_error, "a continuation of no message");
      if (rsv1) return reject(protocol_error, "RSV1 in a continuation");
      return true;
    case websocket_opcode::text:
    case websocket_opcode::binary:
      if (in_message()) return reject(protocol_error, "a message within a message");
      if (rsv1 && !rules_.deflate) return reject(protocol_error, "RSV1 without permessage-deflate");
      compressed_ = rsv1;
      return true;
    case websocket_opcode::close:
    case websocket_opcode::ping:
    case websocket_opcode::pong:
      if (rsv1) return reject(protocol_error, "RSV1 in a control frame");
      if (!final_) return reject(protocol_error, "a fragmented control frame");
      return true;
  }
  return reject(protocol_error, "an unknown opcode");
}

inline bool websocket_frame_reader::length_fits(std::uint64_t length, unsigned coded_bytes) noexcept {
  using websocket_close_code::protocol_error;
  if (coded_bytes == 2 && length < 126) return reject(protocol_error, "a length in more bytes than needed");
  if (coded_bytes == 8 && length <= 0xFFFF) return reject(protocol_error, "a length in more bytes than needed");
  if (length >> 63 != 0) return reject(protocol_error, "a length with its highest bit set");
  if (!is_control() && length > most_bytes() - message_bytes_)
    return reject(websocket_close_code::message_too_big, "a message above the limit");
  return true;
}

/// The mask bit, and that a control frame is small.
inline bool websocket_frame_reader::second_byte_fits(unsigned byte) noexcept {
  using websocket_close_code::protocol_error;
  const bool masked = (byte & 0x80) != 0;
  if (masked != (rules_.sender == websocket_sender::client))
    return reject(protocol_error, masked ? "a masked frame" : "a frame without a mask");
  if (is_control() && (byte & 0x7F) > longest_control_payload) return reject(protocol_error, "a large control frame");
  return true;
}

inline websocket_frame_reader::head_size websocket_frame_reader::read_head(std::string_view received) noexcept {
  constexpr std::size_t least = 2;
  const std::size_t key_size = rules_.sender == websocket_sender::client ? websocket_mask::key_size : 0;
  if (received.empty()) return {0, least + key_size};
  if (!first_byte_fits(static_cast<unsigned char>(received[0])) || received.size() < least) return {0, least + key_size};

  const auto second = static_cast<unsigned char>(received[1]);
  if (!second_byte_fits(second)) return {};
  const unsigned coded = second & 0x7F;
  const unsigned coded_bytes = coded < 126 ? 0 : coded == 126 ? 2 : 8;
  const std::size_t size = least + coded_bytes + key_size;
  if (received.size() < size) return {0, size};
  const std::uint64_t length = coded_bytes == 0 ? coded : number({received.data() + least, coded_bytes});
  if (!length_fits(length, coded_bytes)) return {};
  if (key_size != 0) mask_ = websocket_mask(received.data() + size - key_size);
  begin_payload(length);
  return {size, 0};
}

inline void websocket_frame_reader::begin_payload(std::uint64_t length) noexcept {
  rest_ = length;
  ready_ = 0;
  in_pieces_ = false;
  place_ = place::payload;
  if (is_control()) return;
  if (opcode_ != websocket_opcode::continuation) {
    message_type_ = opcode_;
    message_bytes_ = 0;
    text_.reset();
  }
  message_bytes_ += length;
}

const websocket_frame_reader::step& websocket_frame_reader::closed(std::string_view payload, std::size_t consumed) noexcept {
  using websocket_close_code::protocol_error;
  if (payload.size() == 1) return rejected(protocol_error, "half a close code", consumed);
  const auto code = payload.empty() ? websocket_close_code::none : static_cast<std::uint16_t>(number(payload.substr(0, 2)));
  const auto reason = payload.substr(std::min<std::size_t>(2, payload.size()));
  if (!payload.empty() && !is_websocket_close_code(code)) return rejected(protocol_error, "an invalid close code", consumed);
  if (!is_utf8(reason)) return rejected(websocket_close_code::invalid_payload, "a close reason that is no UTF-8", consumed);
  place_ = place::over;
  end_ = state::close;
  code_ = code;
  return step_ = {.now = state::close, .code = code, .consumed = consumed, .data = reason};
}

const websocket_frame_reader::step& websocket_frame_reader::read_control(std::span<char> received, std::size_t consumed) noexcept {
  const auto size = static_cast<std::size_t>(rest_);
  if (received.size() < size) return step_ = {.now = state::more, .consumed = consumed, .needed = size};
  const auto payload = received.first(size);
  mask_.apply(payload);
  place_ = place::head;
  consumed += size;
  if (opcode_ == websocket_opcode::close) return closed(view(payload), consumed);
  return step_ = {.now = opcode_ == websocket_opcode::ping ? state::ping : state::pong, .consumed = consumed, .data = view(payload)};
}

inline const websocket_frame_reader::step& websocket_frame_reader::read_data(std::span<char> received, std::size_t consumed,
                                                               std::size_t whole) noexcept {
  const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(received.size(), rest_));
  const auto fresh = received.first(there).subspan(std::min(ready_, there));
  mask_.apply(fresh);
  ready_ = there;
  if (is_checked_text() && !text_.take(view(fresh)))
    return rejected(websocket_close_code::invalid_payload, "a text that is no UTF-8", consumed);

  if (there < rest_) {
    if (!in_pieces_ && rest_ <= whole)
      return step_ = {.now = state::more, .consumed = consumed, .needed = static_cast<std::size_t>(rest_)};
    if (there == 0) return step_ = {.now = state::more, .consumed = consumed, .needed = 1};
    in_pieces_ = true;
  }
  rest_ -= there;
  ready_ = 0;
  if (rest_ == 0) place_ = place::head;
  return give(view(received.first(there)), consumed + there);
}

inline const websocket_frame_reader::step& websocket_frame_reader::give(std::string_view piece, std::size_t consumed) noexcept {
  const bool begins = !begun_, ends = rest_ == 0 && final_;
  begun_ = !ends;
  const auto type = message_type_;
  if (ends) {
    if (is_checked_text() && !text_.complete())
      return rejected(websocket_close_code::invalid_payload, "a text that ends within a character", consumed);
    message_type_ = websocket_opcode::continuation;
    message_bytes_ = 0;
  }
  return step_ = {.now = state::data,
                  .type = type,
                  .begins = begins,
                  .ends = ends,
                  .compressed = compressed_,
                  .consumed = consumed,
                  .data = piece};
}

/// Most frames are a whole message, small, of a client, and all there: such a one needs none of the places that others are read
/// by. Null: it is another one, or not what RFC 6455 wants; read_on() tells, and finds the bytes as they were.
inline const websocket_frame_reader::step* websocket_frame_reader::read_small_message(std::span<char> received) noexcept {
  constexpr std::size_t head = 2 + websocket_mask::key_size;
  constexpr unsigned fin = 0x80, masked = 0x80, longest = 125;
  if (place_ != place::head || in_message() || rules_.sender != websocket_sender::client || received.size() < head) return nullptr;
  const unsigned first = static_cast<unsigned char>(received[0]);
  const auto type = static_cast<websocket_opcode>(first ^ fin);
  if (type != websocket_opcode::text && type != websocket_opcode::binary) return nullptr;
  const std::size_t size = static_cast<unsigned char>(received[1]) ^ masked;
  if (size > longest || size > rules_.message_limit || size > received.size() - head) return nullptr;

  const auto payload = received.subspan(head, size);
  const websocket_mask mask(received.data() + 2);
  websocket_mask(mask).apply(payload);
  if (type == websocket_opcode::text && !is_utf8(view(payload))) {
    websocket_mask(mask).apply(payload);
    return nullptr;
  }
  step_ = {.now = state::data, .type = type, .begins = true, .ends = true, .consumed = head + size, .data = view(payload)};
  return &step_;
}

// A step stays where it is made: to hand it on, as an object of 40 bytes that were written one by one, took longer than the rest.
const websocket_frame_reader::step& websocket_frame_reader::read(std::span<char> received, std::size_t whole) noexcept {
  if (const step* const small = read_small_message(received)) return *small;
  return read_on(received, whole);
}

const websocket_frame_reader::step& websocket_frame_reader::read_on(std::span<char> received, std::size_t whole) noexcept {
  std::size_t consumed = 0;
  for (;;) {
    if (place_ == place::head) {
      const head_size head = read_head(view(received.subspan(consumed)));
      if (place_ == place::head) return step_ = {.now = state::more, .consumed = consumed, .needed = head.needed};
      consumed += head.bytes;
    }
    if (place_ == place::over) return over(consumed);
    if (is_control()) return read_control(received.subspan(consumed), consumed);
    if (rest_ > 0 || final_) return read_data(received.subspan(consumed), consumed, whole);
    place_ = place::head;     // an empty fragment
  }
}

}}  // namespace csgi::v1
