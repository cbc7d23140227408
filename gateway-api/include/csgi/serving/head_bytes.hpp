// csgi/serving/head_bytes.hpp - a request's head before an HTTP library parses it: whole, and without what libraries tolerate.
#pragma once
#include <csgi/server_options.hpp>
#include <span>

namespace csgi { inline namespace v1 {

/// What was received of a head so far.
struct head_bytes {
  enum class state : unsigned char {
    incomplete,   ///< more has to be received
    complete,     ///< the library may have it
    refused,      ///< it is answered with `status`, and nothing more is read
  };

  state now = state::incomplete;
  int status = 0;             ///< 400, 414, 431 or 505, where refused
  std::size_t begin = 0;      ///< behind an empty line that came before it, which the library need not know
  std::size_t end = 0;        ///< behind the head, where it is complete
};

/// Looks at the first bytes of a request: at line ends, at the shape of its lines, at its version and at the limits. That is
/// where libraries differ, and where a front server that reads the same bytes otherwise can be led astray. What their parsers
/// give is for received_request to vet.
///
/// A later minor version of HTTP/1 is made 1.1 in place, as that is what it counts as. The same bytes mean the same however
/// often this has looked at their beginning.
///
/// Spec:      CSGI-HTTP-011, CSGI-HTTP-019 to CSGI-HTTP-023, CSGI-HTTP-027, CSGI-HTTP-115, CSGI-HTTP-116
head_bytes look_at_head(std::span<char> received, const server_limits& limits) noexcept;

}}  // namespace csgi::v1
