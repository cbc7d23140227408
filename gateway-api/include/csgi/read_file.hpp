// csgi/read_file.hpp - reads a part of a file, for where a server cannot send files itself.
#pragma once
#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace csgi { inline namespace v1 {

using file_block = std::array<char, 32 * 1024>;

struct file_part {
  std::string_view bytes;           ///< a view of the block
  std::errc failure{};              ///< why there are none: bad_message, the file ends; io_error
};

/// Up to `count` bytes from `offset`.
///
/// Blocks:    as long as the disk does.
inline file_part read_file(int descriptor, std::uint64_t offset, std::uint64_t count, file_block& block) noexcept {
  const auto wanted = static_cast<std::size_t>(count < block.size() ? count : block.size());
  for (;;) {
    const auto got = ::pread(descriptor, block.data(), wanted, static_cast<off_t>(offset));
    if (got > 0) return {{block.data(), static_cast<std::size_t>(got)}};
    if (got == 0) return {{}, std::errc::bad_message};
    if (errno != EINTR) return {{}, std::errc::io_error};
  }
}

}}  // namespace csgi::v1
