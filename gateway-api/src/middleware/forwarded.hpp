// forwarded.hpp - what proxies said of a request, hop by hop.
#pragma once
#include <csgi/middleware/trusted_proxy.hpp>
#include <optional>

namespace csgi { inline namespace v1 {

/// One proxy's words: views of the request's fields. What it did not say is empty.
struct hop {
  bool malformed = false;       ///< nothing else of it counts
  bool has_client = false;
  endpoint client{};            ///< type unknown: it is hidden
  std::string_view scheme{};
  std::string_view authority{};
};

/// The hops in the order of the fields, the last proxy last. What one proxy says cannot be undone by what is said before it,
/// but where a quote is left open in the same line of Forwarded: then the line's last hop is malformed.
std::vector<hop> read_hops(const request& head, proxy_fields fields);

/// An address without port or brackets as 16 bytes, IPv4 as ::ffff:0:0/96.
std::optional<std::array<unsigned char, 16>> address_bytes(std::string_view address) noexcept;

}}  // namespace csgi::v1
