// junit_report.cpp - see junit_report.hpp.
#include "junit_report.hpp"
#include <algorithm>
#include "markup.hpp"

namespace csgi::conformance {

namespace {

std::string seconds(std::chrono::milliseconds time) {
  const std::string ms = std::to_string(time.count() % 1000);
  return std::to_string(time.count() / 1000) + '.' + std::string(3 - ms.size(), '0') + ms;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

/// JUnit knows no warnings: a broken SHOULD passes and says so.
std::string inside(const judged_case& c, const form_result& f) {
  if (f.how == verdict::not_applicable) return "<skipped message=\"" + escaped(f.reason) + "\"/>";
  if (f.how == verdict::pass) return "";
  const std::string transcript = escaped(f.transcript);
  if (!c.binding()) return "<system-out>warning: " + escaped(f.reason) + "&#10;" + transcript + "</system-out>";
  return "<failure message=\"" + escaped(f.reason) + "\" type=\"" + escaped(joined(c.clauses)) + "\">" + transcript + "</failure>";
}

struct suite {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::chrono::milliseconds took{};
  std::string inside;

  void add(const report& r, const judged_case& c, const form_result& f) {
    ++tests;
    failures += f.how == verdict::fail && c.binding() ? 1 : 0;
    skipped += f.how == verdict::not_applicable ? 1 : 0;
    took += f.took;
    inside += "<testcase classname=\"" + escaped(r.label + '.' + joined(c.clauses)) + "\" name=\"" + escaped(c.name) +
              "\" time=\"" + seconds(f.took) + "\">" + conformance::inside(c, f) + "</testcase>\n";
  }

  std::string attributes() const {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\" skipped=\"" +
           std::to_string(skipped) + "\" time=\"" + seconds(took) + '"';
  }
};

suite suite_of(const report& r, const std::string& form) {
  suite made;
  for (const auto& c : r.cases)
    for (const auto& f : c.forms)
      if (f.form == form) made.add(r, c, f);
  return made;
}

}  // namespace

std::string to_junit(const report& r) {
  std::string suites;
  std::vector<std::string> forms;           // as they come
  for (const auto& c : r.cases)
    for (const auto& f : c.forms)
      if (std::ranges::find(forms, f.form) == forms.end()) forms.push_back(f.form);
  for (const auto& form : forms)
    if (const suite s = suite_of(r, form); s.tests > 0)
      suites += "<testsuite name=\"" + escaped(r.label + ", " + form) + "\" timestamp=\"" + escaped(r.when) + '"' +
                s.attributes() + ">\n" + s.inside + "</testsuite>\n";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"csgi-conformance\">\n" + suites + "</testsuites>\n";
}

}  // namespace csgi::conformance
