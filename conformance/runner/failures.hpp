// failures.hpp - how a case failed, where it did so in the same way told once.
#pragma once
#include "report.hpp"

namespace csgi::conformance {

struct failure {
  std::string reason;
  std::string forms;          ///< "blocking, async"
  std::string transcript;     ///< of the first of them
};

/// One for each reason.
std::vector<failure> failures_of(const judged_case& c);

}  // namespace csgi::conformance
