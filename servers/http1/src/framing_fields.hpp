// The request fields that HTTP/1 itself acts on: body framing, the connection, Host and Expect.
#pragma once
#include <csgi/http1/rejection.hpp>
#include <csgi/request.hpp>
#include <cstdint>

namespace csgi::http1 {

struct framing_fields {
  rejection why;
  std::string_view host;
  std::uint64_t length = 0;
  body_kind body = body_kind::none;
  bool chunked = false;
  bool has_host = false;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// Reads and checks them all. Whether a missing or empty Host is acceptable is left to the caller.
framing_fields read_framing_fields(std::span<const field> fields, http_version version) noexcept;

}  // namespace csgi::http1
