// csgi/serving/authority.hpp - whether a host and port are what RFC 3986, 3.2 allows.
#pragma once
#include <string_view>

namespace csgi { inline namespace v1 {

/// True for `host` or `host ":" port`, the host not empty. Userinfo is refused as RFC 9110, 4.2.4 advises, and a
/// comma too, although a registered name may hold one: it is what joined Host fields look like.
bool valid_authority(std::string_view text) noexcept;

/// Whether a port is named, be it an empty one. Requires: valid_authority(text).
bool has_port(std::string_view text) noexcept;

}}  // namespace csgi::v1
