#include "origin.hpp"
#include <algorithm>

namespace chatting {
namespace {

bool is_own(const csgi::request& handshake, std::string_view text) noexcept {
  const auto from = origin::parse(text);
  return from && csgi::same_name(from->scheme, handshake.scheme) && csgi::same_name(from->authority, handshake.authority);
}

}  // namespace

std::optional<origin> origin::parse(std::string_view text) noexcept {
  constexpr std::string_view separator = "://";
  const auto end = text.find(separator);
  if (end == 0 || end == std::string_view::npos) return std::nullopt;
  const auto authority = text.substr(end + separator.size());
  if (authority.empty() || authority.find('/') != std::string_view::npos) return std::nullopt;
  return origin{text.substr(0, end), authority};
}

bool is_welcome_origin(const csgi::request& handshake, std::span<const std::string> others) noexcept {
  for (const auto& f : handshake.fields) {
    if (!csgi::same_name(f.name, "origin") || is_own(handshake, f.value)) continue;
    if (std::ranges::none_of(others, [&](const std::string& other) { return csgi::same_name(other, f.value); })) return false;
  }
  return true;
}

}  // namespace chatting
