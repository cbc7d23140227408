#include "zlib_input.hpp"
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_inflater.hpp>
#include <new>

namespace csgi { inline namespace v1 {
namespace {

/// RFC 7692, 7.2.2: what the sender left out at the message's end.
constexpr std::string_view left_out("\x00\x00\xFF\xFF", 4);

// RFC 7692 says no code for what cannot be inflated. 1007 is for data "not consistent with the type of the message" (RFC 6455,
// 7.4.1), and what other servers send for it.
constexpr websocket_inflater::step malformed{websocket_inflater::state::rejected, websocket_close_code::invalid_payload, 0,
                                             "compressed data that cannot be inflated"};
constexpr websocket_inflater::step too_big{websocket_inflater::state::rejected, websocket_close_code::message_too_big, 0,
                                           "a message above the limit when inflated"};
constexpr websocket_inflater::step no_utf8{websocket_inflater::state::rejected, websocket_close_code::invalid_payload, 0,
                                           "a text that is no UTF-8"};

}  // namespace

/// Raw deflate (RFC 1951), as many streams of it as there are: a final block (BFINAL) does not end the message, and what is behind
/// it may refer to what was before (RFC 7692, 7.2.3.4).
class websocket_inflater::stream {
 public:
  explicit stream(int window_bits) {
    if (inflateInit2(&z_, -window_bits) != Z_OK) throw std::bad_alloc();
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { inflateEnd(&z_); }

  void reset() noexcept {
    inflateReset(&z_);
    has_output_ = false;
    at_boundary_ = true;
  }

  /// Inflates from the front of `input`, which it takes off, to the front of `room`, until one of them is empty. False: it is no
  /// deflate.
  bool take(std::string_view& input, std::span<char>& room) {
    while (!room.empty() && (!input.empty() || has_output_)) {
      std::string_view rest = input;
      take_input(z_, rest);
      z_.next_out = reinterpret_cast<Bytef*>(room.data());
      z_.avail_out = zlib_size(room.size());
      const std::size_t given = z_.avail_out;
      const int result = ::inflate(&z_, Z_SYNC_FLUSH);
      input.remove_prefix(input.size() - rest.size() - z_.avail_in);
      room = room.subspan(given - z_.avail_out);
      has_output_ = z_.avail_out == 0;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result == Z_STREAM_END) begin_next();
      else if (result == Z_OK) at_boundary_ = (z_.data_type & 128) != 0 && (z_.data_type & 63) == 0;
      else if (result != Z_BUF_ERROR) return false;     // which is that there was nothing more; data_type says nothing then
    }
    return true;
  }

  /// Whether a block ended with the last byte: inflate() tells so in data_type, with the number of bits that are left of it.
  bool at_boundary() const noexcept { return at_boundary_; }

 private:
  /// Unlike inflateReset() this one, declared in zlib.h without a word, keeps the window. To take that out and put it back in would
  /// cost 64 KiB of copying for each final block, of which a client can send one in two bytes.
  void begin_next() noexcept {
    inflateResetKeep(&z_);
    has_output_ = false;
    at_boundary_ = true;
  }

  z_stream z_{};
  bool has_output_ = false;       // perhaps, as there was no room for more
  bool at_boundary_ = true;
};

void websocket_inflater::end_stream::operator()(stream* ended) const noexcept { delete ended; }

// Old zlibs deflate with a window of 9 bits where 8 were asked for, so that is what their clients send.
websocket_inflater::websocket_inflater(const websocket_deflate_terms& terms, std::uint64_t message_limit) noexcept
    : limit_(message_limit),
      takeover_(terms.client_takeover),
      window_bits_(static_cast<signed char>(std::max(9, terms.client_window_bits))) {}

websocket_inflater::~websocket_inflater() = default;
websocket_inflater::websocket_inflater(websocket_inflater&&) noexcept = default;
websocket_inflater& websocket_inflater::operator=(websocket_inflater&&) noexcept = default;

void websocket_inflater::begin(websocket_opcode type) noexcept {
  is_text_ = type == websocket_opcode::text;
  text_.reset();
  given_ = 0;
  tail_ = 0;
  any_ = false;
  in_message_ = true;
  if (stream_ && !takeover_) stream_->reset();
}

websocket_inflater::stream& websocket_inflater::started() {
  if (!stream_) stream_.reset(new stream(window_bits_));
  return *stream_;
}

websocket_inflater::step websocket_inflater::ended() noexcept {
  in_message_ = false;
  if (!stream_->at_boundary()) return malformed;
  if (is_text_ && !text_.complete()) return no_utf8;
  return {state::end};
}

/// Counts and checks what was inflated.
websocket_inflater::step websocket_inflater::judged(step given) noexcept {
  given_ += given.data.size();
  if (given_ > limit_) return too_big;
  if (is_text_ && !text_.take(given.data)) return no_utf8;
  if (given.now != state::end) return given;
  step end = ended();
  if (end.now != state::end) return end;
  return given;
}

websocket_inflater::step websocket_inflater::inflate(std::string_view payload, bool last, std::span<char> buffer) {
  stream& inflating = started();
  // One byte more than may be, so that it shows whether there is one.
  const std::uint64_t most = limit_ - given_;
  std::span<char> room = buffer.size() > most ? buffer.first(static_cast<std::size_t>(most) + 1) : buffer;
  std::string_view rest = payload;
  bool valid = inflating.take(rest, room);
  any_ |= !payload.empty();
  if (valid && last && any_ && rest.empty() && !room.empty()) {
    std::string_view tail = left_out.substr(tail_);
    valid = inflating.take(tail, room);
    tail_ = static_cast<unsigned char>(left_out.size() - tail.size());
  }
  const auto size = static_cast<std::size_t>(room.data() - buffer.data());
  const std::string_view data(buffer.data(), size);
  if (!valid) {
    const step before = judged({state::data, 0, 0, data});      // what is wrong first is said
    return before.now == state::rejected ? before : malformed;
  }
  state now = state::more;
  if (room.empty()) now = state::data;
  else if (last) now = state::end;
  return judged({now, 0, payload.size() - rest.size(), data});
}

void websocket_inflater::release() noexcept {
  if (!takeover_ && !in_message_) stream_.reset();
}

}}  // namespace csgi::v1
