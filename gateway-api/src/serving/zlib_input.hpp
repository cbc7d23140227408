// Bytes as zlib takes them.
#pragma once
#include <algorithm>
#include <limits>
#include <string_view>
#include <zlib.h>

namespace csgi { inline namespace v1 {

constexpr uInt zlib_size(std::size_t size) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

/// Gives a stream as many of the bytes as it can count, which are taken off `bytes`.
inline void take_input(z_stream& z, std::string_view& bytes) noexcept {
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));      // zlib writes nothing there
  z.avail_in = zlib_size(bytes.size());
  bytes.remove_prefix(z.avail_in);
}

}}  // namespace csgi::v1
