// message_inflater.cpp - see message_inflater.hpp.
#include "message_inflater.hpp"
#include "unmet.hpp"
#include <new>
#include <zlib.h>

namespace csgi::conformance {

struct message_inflater::stream {
  z_stream z{};
  stream() {
    if (::inflateInit2(&z, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { ::inflateEnd(&z); }
};

message_inflater::message_inflater(bool keeps) : stream_(std::make_unique<stream>()), keeps_(keeps) {}
message_inflater::~message_inflater() = default;
message_inflater::message_inflater(message_inflater&&) noexcept = default;
message_inflater& message_inflater::operator=(message_inflater&&) noexcept = default;

std::string message_inflater::inflate(std::string compressed) {
  compressed.append("\x00\x00\xff\xff", 4);       // which the wire leaves out
  z_stream& z = stream_->z;
  z.next_in = reinterpret_cast<Bytef*>(compressed.data());
  z.avail_in = static_cast<uInt>(compressed.size());
  std::string message;
  char block[64 * 1024];
  do {
    z.next_out = reinterpret_cast<Bytef*>(block);
    z.avail_out = sizeof block;
    const int how = ::inflate(&z, Z_SYNC_FLUSH);
    if (how != Z_OK && how != Z_BUF_ERROR) throw unmet("the server sent a compressed message that cannot be inflated");
    message.append(block, sizeof block - z.avail_out);
  } while (z.avail_out == 0);
  if (!keeps_) ::inflateReset(&z);
  return message;
}

}  // namespace csgi::conformance
