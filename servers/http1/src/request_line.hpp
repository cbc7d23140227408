// A request's first line, vetted and taken apart.
#pragma once
#include <csgi/request.hpp>
#include <csgi/serving/request_target.hpp>

namespace csgi::http1 {

/// Views into the line.
struct request_line {
  std::string_view method;
  std::string_view target;
  request_target parts;       ///< of the target
  http_version version = http_version::http_1_1;

  /// Becomes this line, which LF ends; nothing in it means anything where it is rejected. Whether the method is known is not
  /// looked at.
  ///
  /// A later minor version of HTTP/1 counts as HTTP/1.1 (RFC 9110, 2.5).
  rejection read(std::string_view line) noexcept;
};

}  // namespace csgi::http1
