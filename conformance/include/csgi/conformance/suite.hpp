// csgi/conformance/suite.hpp - runs cases against a subject, and what came of them.
#pragma once
#include <csgi/conformance/case.hpp>
#include <csgi/conformance/subject.hpp>

namespace csgi::conformance {

enum class verdict : unsigned char {
  pass,
  fail,
  not_applicable,   ///< the capability is not offered, or the server cannot be told what the case sets
};

/// One case in one form.
struct result {
  const test_case* of = nullptr;
  std::string form;
  verdict how = verdict::pass;
  std::string reason;           ///< why it failed or does not apply, in a sentence
  std::string transcript;       ///< what was sent (>) and received (<), for a case that failed
  std::chrono::milliseconds took{};
};

struct run_options {
  unsigned parallel = 8;                          ///< cases at the same time
  std::chrono::milliseconds patience{5'000};      ///< for anything the server has to do; less, once it was late often
  kinds apps = kinds::both;                       ///< that the server runs
  std::function<bool(const test_case&)> wanted = {};   ///< null: all
  std::function<bool(const form&)> in_forms = {};      ///< null: all that the server runs
  bool cuts = true;                               ///< what is sent is cut at every byte, where a case says so; else it is sent once
  std::function<void(const result&)> on_result = {};   ///< for progress; called from one thread at a time
};

/// Runs every wanted case in every form it makes sense for. Results come in the order of the cases, then of the forms.
///
/// Errors:    not_a_subject, before anything is judged.
std::vector<result> run(const subject& judged, const std::vector<test_case>& cases, const run_options& options);

}  // namespace csgi::conformance
