// byte_range.hpp - which bytes of a file a client asks for (RFC 9110, 14).
#pragma once
#include <cstdint>
#include <string_view>

struct byte_range {
  enum class kind : unsigned char { whole, part, unsatisfiable };

  kind type;
  std::uint64_t first;
  std::uint64_t count;

  /// From the value of a Range field, for a file of `size` bytes. Whatever is not one range of bytes is not followed
  /// and gives the whole: other units, syntax errors, and lists of ranges, for a server need not serve them (14.2).
  static byte_range parse(std::string_view value, std::uint64_t size) noexcept;
};
