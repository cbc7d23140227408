#include "zlib_input.hpp"
#include <array>
#include <csgi/serving/websocket_deflater.hpp>
#include <new>

namespace csgi { inline namespace v1 {
namespace {

/// What a flush ends with, and a message's last frame leaves out (RFC 7692, 7.2.1).
constexpr std::string_view flush_end("\x00\x00\xFF\xFF", 4);

/// The message's rest where everything was flushed, or there was nothing: an empty block's first byte, without flush_end behind it
/// (RFC 7692, 7.2.3.6).
constexpr char empty_block = '\0';

}  // namespace

/// Raw deflate (RFC 1951).
class websocket_deflater::stream {
 public:
  stream(int window_bits, int memory_level, int level) {
    if (deflateInit2(&z_, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { deflateEnd(&z_); }

  void reset() noexcept { deflateReset(&z_); }

  void take(std::string_view bytes, int flush, std::string& out) {
    std::array<char, 4096> block;
    do {
      take_input(z_, bytes);
      do {
        z_.next_out = reinterpret_cast<Bytef*>(block.data());
        z_.avail_out = zlib_size(block.size());
        ::deflate(&z_, bytes.empty() ? flush : Z_NO_FLUSH);
        out.append(block.data(), block.size() - z_.avail_out);
      } while (z_.avail_out == 0);
    } while (!bytes.empty());
  }

 private:
  z_stream z_{};
};

void websocket_deflater::end_stream::operator()(stream* ended) const noexcept { delete ended; }

websocket_deflater::websocket_deflater(const websocket_deflate_terms& terms, const websocket_deflate_settings& settings) noexcept
    : takeover_(terms.server_takeover),
      window_bits_(static_cast<signed char>(terms.server_window_bits)),
      memory_level_(static_cast<signed char>(settings.memory_level)),
      level_(static_cast<signed char>(settings.level)) {}

websocket_deflater::~websocket_deflater() = default;
websocket_deflater::websocket_deflater(websocket_deflater&&) noexcept = default;
websocket_deflater& websocket_deflater::operator=(websocket_deflater&&) noexcept = default;

websocket_deflater::stream& websocket_deflater::started() {
  if (!stream_) stream_.reset(new stream(window_bits_, memory_level_, level_));
  else if (!in_message_ && !takeover_) stream_->reset();
  in_message_ = true;
  return *stream_;
}

void websocket_deflater::deflate(std::string_view bytes, ending then, std::string& payload) {
  if (then == ending::more) {
    if (bytes.empty()) return;
    started().take(bytes, Z_NO_FLUSH, payload);
    flushed_ = false;
    return;
  }
  const bool ends = then == ending::finish;
  if (!bytes.empty() || !flushed_) {
    started().take(bytes, Z_SYNC_FLUSH, payload);
    flushed_ = true;
    if (ends) payload.resize(payload.size() - flush_end.size());
  } else if (ends) {
    payload.push_back(empty_block);
  }
  if (ends) in_message_ = false;
}

void websocket_deflater::release() noexcept {
  if (!takeover_ && !in_message_) stream_.reset();
}

}}  // namespace csgi::v1
