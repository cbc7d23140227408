// json_report.hpp - reports and clauses as JSON.
#pragma once
#include "report.hpp"

namespace csgi::conformance {

/// The whole report, what became of each clause included.
std::string to_json(const report& r);

/// Takes back what to_json() made. `file` names it in errors.
///
/// Errors:    std::runtime_error: it is no such report, or one of clauses that this program does not know.
report from_json(std::string_view text, const std::string& file);

/// Every clause, with the names of its cases.
std::string clauses_json();

}  // namespace csgi::conformance
