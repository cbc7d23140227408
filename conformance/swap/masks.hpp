// masks.hpp - what in responses is not compared, since it is not the app's doing or differs for a reason that is known.
#pragma once
#include <boost/regex.hpp>
#include <set>
#include <string>
#include <vector>
#include "app_request.hpp"
#include "wire.hpp"

namespace csgi::conformance {

/// Patterns, which are the user's, and both ports of the connection, which an app may tell. A length that follows from them is
/// not compared either.
class masks {
 public:
  /// Errors:    std::invalid_argument, for what is no regular expression.
  explicit masks(const std::vector<std::string>& patterns);

  void apply(const app_request& request, reply& seen, std::uint16_t server_port, std::uint16_t client_port);

 private:
  void mask_length(reply& seen, std::size_t of_body) const;

  std::vector<boost::regex> patterns_;
  std::set<std::string> masked_targets_;      // so that HEAD need not tell the same length everywhere
};

}  // namespace csgi::conformance
