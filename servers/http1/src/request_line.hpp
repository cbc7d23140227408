// A request's first line, vetted and taken apart.
#pragma once
#include <csgi/request.hpp>
#include <csgi/serving/rejection.hpp>
#include <cstdint>

namespace csgi::http1 {

/// A part of the head by its place, as the head may move while it comes in.
struct piece {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::string_view in(std::string_view head) const noexcept { return head.substr(begin, end - begin); }
};

struct request_line {
  rejection why;
  piece method;
  piece target;
  piece path;                 ///< empty in an absolute-form without one
  piece query;
  piece authority;            ///< empty unless the target is in absolute-form
  bool has_query = false;
  bool origin_form = false;
  bool encoded = false;       ///< there is a "%" in the path
  http_version version = http_version::http_1_1;
};

/// Reads the line that is in `head` from `begin` to its end, LF included. Whether the method is known is not looked at.
///
/// A later minor version of HTTP/1 counts as HTTP/1.1 (RFC 9110, 2.5).
request_line read_request_line(std::string_view head, std::uint32_t begin) noexcept;

}  // namespace csgi::http1
