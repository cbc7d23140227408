// swap_report.hpp - what several servers did differently, for people and for programs.
#pragma once
#include "swap.hpp"
#include "terminal.hpp"

namespace csgi::conformance {

struct swap_report {
  std::string app;                      ///< what it is called
  std::vector<swap_server> servers;
  std::vector<app_request> requests;
  swap_findings found;
  std::chrono::milliseconds took{};
};

/// Differences of one shape are told once, with all requests that show them.
std::string swap_text(const swap_report& r, const terminal& to);

std::string swap_json(const swap_report& r);

/// A test for each request, which fails where servers differ.
std::string swap_junit(const swap_report& r);

/// A page of its own.
std::string swap_html(const swap_report& r);

}  // namespace csgi::conformance
