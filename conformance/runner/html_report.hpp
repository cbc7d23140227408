// html_report.hpp - reports as one page that needs nothing else: a grid of clauses and servers.
#pragma once
#include "report.hpp"

namespace csgi::conformance {

std::string to_html(const std::vector<report>& reports);

}  // namespace csgi::conformance
