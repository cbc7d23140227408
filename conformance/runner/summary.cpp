// summary.cpp - see summary.hpp.
#include "summary.hpp"
#include <algorithm>
#include <map>
#include "coverage.hpp"
#include "failures.hpp"

namespace csgi::conformance {

namespace {

constexpr std::size_t longest_line = 300;   // of a transcript; reports in files have all of it
constexpr std::size_t most_lines = 20;

std::string shortened(std::string_view transcript) {
  std::string all;
  for (std::size_t lines = 0; !transcript.empty(); ++lines) {
    if (lines == most_lines) return all + "      …\n";
    const auto end = std::min(transcript.find('\n'), transcript.size());
    all += "      ";
    all += transcript.substr(0, std::min(end, longest_line));
    all += end > longest_line ? " …\n" : "\n";
    transcript.remove_prefix(std::min(end + 1, transcript.size()));
  }
  return all;
}

std::string clause_lines(const judged_case& c, const terminal& to) {
  std::string all;
  for (const auto& id : c.clauses)
    if (const clause* found = find_clause(id))
      all += "  " + to.in(ink::strong, id) + ' ' + std::string(to_string(found->level)) + '\n' + to.wrapped(found->text, 4);
  return all;
}

/// So many of them as one wants to read.
std::string shortened_forms(const std::string& forms) {
  constexpr std::size_t enough = 200;
  const auto end = forms.find("; ", enough);
  if (end == std::string::npos) return forms;
  std::size_t more = 0;
  for (auto at = end; at != std::string::npos; at = forms.find("; ", at + 2)) ++more;
  return forms.substr(0, end) + "; and " + std::to_string(more) + " more";
}

std::string failure_text(const judged_case& c, const terminal& to) {
  std::string all = c.binding() ? to.in(ink::bad, "FAILED") : to.in(ink::doubtful, "warning");
  all += "  " + to.in(ink::strong, c.name) + '\n' + clause_lines(c, to);
  const auto failures = failures_of(c);
  for (const auto& f : failures) all += "  " + to.in(ink::faint, shortened_forms(f.forms) + ':') + '\n' + to.wrapped(f.reason, 4);
  return all + shortened(failures.front().transcript) + '\n';
}

std::string cell(std::size_t number, std::size_t columns, ink colour, const terminal& to) {
  const std::string text = number == 0 ? padded("", columns - 1) + "·" : padded(number, columns);
  return number == 0 ? to.in(ink::faint, text) : to.in(colour, text);
}

std::string row(const chapter_coverage& c, const terminal& to) {
  return "  " + padded(c.chapter, 32) + padded(c.built(), 7) + padded(c.with_case(), 11) +
         cell(c.of(standing::passed), 8, ink::good, to) + cell(c.of(standing::failed), 8, ink::bad, to) +
         cell(c.of(standing::warned), 8, ink::doubtful, to) + cell(c.of(standing::not_applicable), 16, ink::faint, to) +
         cell(c.of(standing::not_run), 9, ink::faint, to) + cell(c.of(standing::planned), 9, ink::faint, to) + '\n';
}

std::string coverage_table(const report& r, const terminal& to) {
  const auto chapters = coverage_of(r);
  const std::string title = padded(r.about == party::app ? "  clauses in-process" : "  clauses on the wire", 32);
  std::string all = to.in(ink::faint, title + "  clauses  with case  passed  failed  warned  not applicable  not run  planned") + '\n';
  for (const auto& each : chapters) all += row(each, to);
  return all + row(sum_of(chapters, "together"), to);
}

std::string gaps(const terminal& to) {
  std::string ids;
  for (const clause* c : musts_without_case()) ids += (ids.empty() ? "" : " ") + c->id;
  return ids.empty() ? "" : "\n" + to.in(ink::bad, "  duties without a case:") + '\n' + to.wrapped(ids, 4);
}

std::string counted(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + ' ' + (number == 1 ? one : many);
}

/// Why cases were not judged in any form.
std::string exemptions(const report& r, const terminal& to) {
  std::map<std::string, std::size_t> cases;
  for (const auto& c : r.cases)
    if (std::ranges::all_of(c.forms, [](const form_result& f) { return f.how == verdict::not_applicable; })) ++cases[c.forms.front().reason];
  std::string all;
  const bool app = r.about == party::app;
  for (const auto& [reason, number] : cases) {
    const auto who = app ? counted(number, "check does", "checks do") : counted(number, "case does", "cases do");
    all += to.in(ink::faint, "  " + who + " not apply: " + reason) + '\n';
  }
  return all.empty() ? "" : '\n' + all;
}

std::string notes_of(const report& r, const terminal& to) {
  std::string all;
  for (const auto& note : r.notes) all += to.in(ink::doubtful, "  " + note) + '\n';
  return all.empty() ? "" : '\n' + all;
}

std::string verdict_line(const report& r, const terminal& to) {
  const bool app = r.about == party::app;
  std::string asked = app ? counted(r.cases.size(), "check", "checks") + ", " + counted(r.results(), "result", "results")
                          : counted(r.cases.size(), "case", "cases") + ", " + counted(r.results(), "run", "runs");
  const std::string warned = r.warnings() == 0 ? "" : ", " + counted(r.warnings(), "warning", "warnings");
  if (r.left_out > 0) asked += " (" + std::to_string(r.left_out) + " left out)";
  if (r.broken() == 0) return to.in(ink::good, "passed") + ": " + asked + warned + '\n';
  return to.in(ink::bad, "FAILED") + ": " + std::to_string(r.broken()) + " of " + asked + warned + '\n';
}

}  // namespace

std::string summary_of(const report& r, const terminal& to) {
  std::string all = "\n";
  for (const auto& c : r.cases)
    if (c.failed()) all += failure_text(c, to);
  return all + coverage_table(r, to) + (r.about == party::server ? gaps(to) : "") + exemptions(r, to) + notes_of(r, to) + '\n' + verdict_line(r, to);
}

}  // namespace csgi::conformance
