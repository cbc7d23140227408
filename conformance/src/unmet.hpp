// unmet.hpp - how the suite says that a server has not done what was demanded.
#pragma once
#include <stdexcept>

namespace csgi::conformance {

/// What the server did is not what was demanded; what() is the reason, in a sentence.
class unmet : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace csgi::conformance
