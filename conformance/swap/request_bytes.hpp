// request_bytes.hpp - a request of the corpus as it goes over the wire.
#pragma once
#include "app_request.hpp"

namespace csgi::conformance {

/// `closing`: it says that it is the connection's last.
std::string bytes_of(const app_request& request, bool closing);

}  // namespace csgi::conformance
