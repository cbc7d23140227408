// verdicts.hpp - what was found about an app, and how far the suite got.
#pragma once
#include <csgi/conformance/suite.hpp>
#include "check.hpp"

namespace csgi::conformance {

/// A check with one request; the first failure, where there are several.
struct app_finding {
  check what{};
  std::string form;             ///< the request's name, or "the plug-in"
  verdict how = verdict::pass;
  std::string reason;
  std::string transcript;
};

/// Where findings go.
class app_verdicts {
 public:
  virtual void pass(check what, const std::string& form) = 0;
  virtual void fail(check what, const std::string& form, const std::string& reason, const std::string& transcript) = 0;
  virtual void not_applicable(check what, const std::string& form, const std::string& reason) = 0;

  /// What the suite could not look at, or not to its end.
  virtual void note(const std::string& text) = 0;

 protected:
  ~app_verdicts() = default;
};

}  // namespace csgi::conformance
