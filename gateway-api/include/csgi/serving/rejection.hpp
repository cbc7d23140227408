// csgi/serving/rejection.hpp - why a request is answered by the server itself.
#pragma once

namespace csgi { inline namespace v1 {

/// A status and, for the log alone, what was wrong. Status 0: nothing was.
struct rejection {
  int status = 0;
  const char* reason = "";

  explicit operator bool() const noexcept { return status != 0; }
};

}}  // namespace csgi::v1
