// SHA-1 (FIPS 180-4), which the WebSocket handshake wants and the standard library has not. Not for anything that is secret.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace csgi { inline namespace v1 {

using sha1_digest = std::array<unsigned char, 20>;

sha1_digest sha1(std::string_view bytes) noexcept;

}}  // namespace csgi::v1
