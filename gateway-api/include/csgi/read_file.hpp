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

/// Up to `count` bytes from `offset`, as a view of `block`; empty at the end of the file.
///
/// Blocks:    as long as the disk does.
/// Errors:    std::system_error with the code of pread(2).
inline std::string_view read_file(int descriptor, std::uint64_t offset, std::uint64_t count, file_block& block) {
  const auto wanted = static_cast<std::size_t>(count < block.size() ? count : block.size());
  for (;;) {
    const auto got = ::pread(descriptor, block.data(), wanted, static_cast<off_t>(offset));
    if (got >= 0) return {block.data(), static_cast<std::size_t>(got)};
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "read_file");
  }
}

}}  // namespace csgi::v1
