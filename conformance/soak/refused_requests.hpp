// refused_requests.hpp - requests that no server may take, from the conformance suite.
#pragma once
#include <string>
#include <vector>

namespace csgi::soak {

/// A request that a server has to refuse, as the conformance suite has it.
struct refused_request {
  std::string bytes;
  std::string method;             ///< that the answer is to
  std::vector<int> statuses;      ///< empty: the app may have answered before the server saw it
};

/// Of the cases that send something, and demand one answer and the end of the connection, whatever app there is.
std::vector<refused_request> refused_requests();

}  // namespace csgi::soak
