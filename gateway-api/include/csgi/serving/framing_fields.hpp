// csgi/serving/framing_fields.hpp - the request fields that HTTP/1 itself acts on: body framing, the connection, Host and Expect.
#pragma once
#include <csgi/request.hpp>
#include <csgi/serving/rejection.hpp>
#include <cstdint>

namespace csgi { inline namespace v1 {

/// Views into the fields.
struct framing_fields {
  rejection why;
  std::string_view host;
  std::uint64_t length = 0;
  body_kind body = body_kind::none;
  bool chunked = false;
  bool has_host = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool upgrades = false;          ///< the client offers to go on with another protocol: offered_protocol() tells which
};

/// Reads and checks them all. Whether Host may be missing or empty is for missing_host() to say.
///
/// Spec:      CSGI-HTTP-029 to CSGI-HTTP-035, CSGI-HTTP-051 to CSGI-HTTP-055, CSGI-HTTP-111
framing_fields read_framing_fields(std::span<const field> fields, http_version version) noexcept;

/// RFC 9112, 3.2. `names_host` says that the target is a path, which needs a host, as http has none that is empty (RFC 9110,
/// 4.2.1), or has an authority; the other forms mean the server as a whole.
rejection missing_host(const framing_fields& framing, http_version version, bool names_host) noexcept;

}}  // namespace csgi::v1
