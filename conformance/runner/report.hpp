// report.hpp - what was found about one server or app, as it is written to files and read back.
#pragma once
#include <csgi/conformance/clause.hpp>
#include <csgi/conformance/suite.hpp>
#include "verdicts.hpp"

namespace csgi::conformance {

struct form_result {
  std::string form;
  verdict how = verdict::pass;
  std::string reason;
  std::string transcript;
  std::chrono::milliseconds took{};
};

/// A case in all forms of the probe, or a check with all requests. All text is UTF-8.
struct judged_case {
  std::string name;
  std::vector<std::string> clauses;
  std::vector<form_result> forms;

  bool failed() const noexcept;
  /// Whether failing it breaks a MUST; else it is a warning.
  bool binding() const noexcept;
  std::chrono::milliseconds took() const noexcept;
};

struct report {
  std::string label;
  std::vector<std::string> command;
  std::string when;                   ///< ISO 8601, UTC
  std::string version;                ///< of the program that judged
  std::chrono::milliseconds took{};
  std::size_t left_out = 0;           ///< cases that were not wanted
  std::vector<judged_case> cases;     ///< those that were run
  party about = party::server;        ///< or app
  std::vector<std::string> notes = {};  ///< what could not be judged, or not to its end

  std::size_t results() const noexcept;
  std::size_t broken() const noexcept;    ///< cases that failed and break a MUST
  std::size_t warnings() const noexcept;  ///< other cases that failed
};

/// Fills `cases` from the results of a run.
std::vector<judged_case> by_case(const std::vector<result>& results);

/// The same for an app, from findings that come check by check.
std::vector<judged_case> by_check(const std::vector<app_finding>& findings);

/// What became of one clause.
enum class standing : unsigned char {
  passed,
  failed,         ///< a MUST that a case found broken
  warned,         ///< the same of another level
  not_applicable, ///< its capability is not offered, or the server cannot be told what its cases set
  not_run,        ///< there is a case, but it was left out
  no_case,
  elsewhere,      ///< the suite cannot see it: judged in-process, or by review
  planned,
};

inline constexpr std::size_t standings = 8;

std::string_view to_string(standing s) noexcept;

standing standing_of(const clause& c, const report& r);

/// Whether a report on servers, or on apps, has a place for this clause.
bool concerns(const clause& c, party about) noexcept;

/// Whether the suite for those reaches it: on the wire, or in-process.
bool within_reach(const clause& c, party about) noexcept;

/// The cases, or checks, of the suite for those that judge it.
std::vector<std::string> names_of_cases(const clause& c, party about);

}  // namespace csgi::conformance
