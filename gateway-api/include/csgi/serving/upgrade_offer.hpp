// csgi/serving/upgrade_offer.hpp - what a client offers to go on with instead of HTTP (RFC 9110, 7.8).
#pragma once
#include <csgi/request.hpp>
#include <csgi/field_syntax.hpp>

namespace csgi { inline namespace v1 {

/// That protocol as the client's Upgrade fields spell it; empty where they do not list it. Names of protocols are compared
/// without regard to case.
///
/// Requires:  framing_fields::upgrades(), which says that the offer is meant.
inline std::string_view offered_protocol(const request& head, std::string_view wanted) noexcept {
  for (const field& f : head.fields) {
    if (!same_name(f.name, "upgrade")) continue;
    for (auto rest = f.value; !rest.empty();)
      if (const auto one = next_element(rest); !one.empty() && same_name(one, wanted)) return one;
  }
  return {};
}

}}  // namespace csgi::v1
