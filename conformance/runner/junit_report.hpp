// junit_report.hpp - a report as JUnit XML, a suite a form.
#pragma once
#include "report.hpp"

namespace csgi::conformance {

std::string to_junit(const report& r);

}  // namespace csgi::conformance
