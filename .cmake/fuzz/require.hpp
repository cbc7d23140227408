// require.hpp - what a fuzz target says must hold.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// Ends the program where it does not hold, and says where that was said. (clang 14 has no std::source_location.)
inline void require(bool fact, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (fact) return;
  std::fprintf(stderr, "%s:%d: does not hold\n", file, line);
  std::abort();
}

inline std::string_view bytes_of(const unsigned char* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }
