#include "origin.hpp"
#include <algorithm>

namespace chatting {
namespace {

bool is_own(const csgi::request& handshake, std::string_view origin) noexcept {
  constexpr std::string_view separator = "://";
  const auto scheme_end = origin.find(separator);
  if (scheme_end == std::string_view::npos) return false;
  const auto authority = origin.substr(scheme_end + separator.size());
  return !authority.empty() && csgi::same_name(origin.substr(0, scheme_end), handshake.scheme) &&
         csgi::same_name(authority, handshake.authority);
}

}  // namespace

bool is_welcome_origin(const csgi::request& handshake, std::span<const std::string> others) noexcept {
  for (const auto& f : handshake.fields) {
    if (!csgi::same_name(f.name, "origin") || is_own(handshake, f.value)) continue;
    if (std::ranges::none_of(others, [&](const std::string& other) { return csgi::same_name(other, f.value); })) return false;
  }
  return true;
}

}  // namespace chatting
