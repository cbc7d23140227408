// clause_list.hpp - clauses and cases, listed for people.
#pragma once
#include <csgi/conformance/case.hpp>
#include "terminal.hpp"

namespace csgi::conformance {

/// Every clause of the specification, by chapter and section.
std::string clause_list(const terminal& to);

/// A line for each of these cases.
std::string case_list(const std::vector<test_case>& cases, const terminal& to);

}  // namespace csgi::conformance
