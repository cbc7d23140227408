// progress.hpp - tells how far a run is.
#pragma once
#include <csgi/conformance/suite.hpp>
#include "terminal.hpp"

namespace csgi::conformance {

/// A line for each form on standard output; where somebody watches, with a counter until it is done.
class progress {
 public:
  progress(const terminal& to, std::vector<test_case> cases) : to_(to), cases_(std::move(cases)) {}

  void add(const result& r);

  /// No more is to come.
  void end();

 private:
  void begin(const std::string& form);
  void show(const std::string& line, const char* end) const;
  std::string failures() const;

  const terminal& to_;
  std::vector<test_case> cases_;    // that will be run
  std::string form_;
  std::size_t due_ = 0;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::chrono::steady_clock::time_point began_{};
};

}  // namespace csgi::conformance
