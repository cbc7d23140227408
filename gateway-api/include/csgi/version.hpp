// csgi/version.hpp - which interface this is, and which standard library it was compiled against.
#pragma once
#include <cstdint>
#include <version>

namespace csgi { inline namespace v1 {

/// A host loads plug-ins of its own major version and of no newer minor version; before 1.0, of its own minor version only.
inline constexpr std::uint32_t interface_major = 0;
inline constexpr std::uint32_t interface_minor = 4;

/// Both sides of a plug-in share one standard library, whichever compiler they come from.
#if defined(_LIBCPP_VERSION)
inline constexpr const char* toolchain = "libc++";
#elif defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
inline constexpr const char* toolchain = "libstdc++ (cxx11 abi)";
#elif defined(__GLIBCXX__)
inline constexpr const char* toolchain = "libstdc++ (old abi)";
#else
inline constexpr const char* toolchain = "unknown";
#endif

}}  // namespace csgi::v1
