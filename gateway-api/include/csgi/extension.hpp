// csgi/extension.hpp - how capabilities beyond the core are named.
#pragma once
#include <cstdint>
#include <string_view>

namespace csgi { inline namespace v1 {

/// What an extension can act on behind a middleware's back. A middleware that changes responses hides every
/// extension that touches them, also those invented after it was written.
enum class touches : unsigned char { nothing, request, response };

/// Identifies an extension: absent means unsupported, present means the whole of it.
///
/// Equal names are equal ids, across shared libraries and compilers. An interface that is an extension carries
/// its id as `static constexpr extension_id id`.
struct extension_id {
  std::uint64_t hash;       ///< FNV-1a of the name
  touches what;
  const char* name;         ///< "csgi.file_sender"; own ones begin with an own domain

  consteval extension_id(const char* n, touches t) : hash(14695981039346656037u), what(t), name(n) {
    for (; *n; ++n) hash = (hash ^ static_cast<unsigned char>(*n)) * 1099511628211u;
  }

  friend constexpr bool operator==(const extension_id& a, const extension_id& b) noexcept { return a.hash == b.hash; }
};

}}  // namespace csgi::v1
