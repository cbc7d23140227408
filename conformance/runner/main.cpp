// The csgi-conformance command: judges servers and apps, lists what they are judged by, and puts results on a page.
#include <algorithm>
#include <iostream>
#include <sstream>
#include "app_command.hpp"
#include "clause_list.hpp"
#include "command_line.hpp"
#include "find_probes.hpp"
#include "html_report.hpp"
#include "json_report.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "selection.hpp"
#include "summary.hpp"
#include "swap_command.hpp"

namespace csgi::conformance {

namespace {

enum exit_code : int { fine = 0, broken = 1, not_judged = 2 };

report judge(const command_line& asked, const terminal& to) {
  report r = begun_report(asked.label, asked.command);
  const auto cases = selected(asked);
  r.left_out = all_cases().size() - cases.size();
  const auto judged = spawned(asked.command, find_probes(asked.probe_directory).string());
  progress so_far(to, cases);
  const run_options options{.parallel = asked.parallel,
                            .patience = asked.patience,
                            .apps = asked.apps,
                            .wanted = {},
                            .in_forms = [&](const form& f) { return asked.forms.empty() || std::ranges::find(asked.forms, f.name) != asked.forms.end(); },
                            .on_result = [&](const result& each) { so_far.add(each); }};
  const auto began = std::chrono::steady_clock::now();
  r.cases = by_case(run(*judged, cases, options));
  r.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  so_far.end();
  return r;
}

int judge_server(const command_line& asked) {
  const terminal to;
  outputs files(asked.files);
  const report r = judge(asked, to);
  std::cout << summary_of(r, to) << std::flush;
  files.write(r);
  return r.broken() == 0 ? fine : broken;
}

int list_clauses(const command_line& asked) {
  std::cout << (asked.as_json ? clauses_json() : clause_list(terminal()));
  return fine;
}

int merge_reports(const command_line& asked) {
  std::vector<report> reports;
  for (const auto& file : asked.reports) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw std::runtime_error("cannot read " + file);
    reports.push_back(from_json(text.str(), file));
  }
  output(asked.files.html).write(to_html(reports));
  return fine;
}

int perform(const command_line& asked) {
  switch (asked.what) {
    case verb::server: return judge_server(asked);
    case verb::app: return judge_app(asked) ? fine : broken;
    case verb::swap: return compare_servers(asked) ? fine : broken;
    case verb::list: std::cout << case_list(selected(asked), terminal()); return fine;
    case verb::app_list: std::cout << app_list(); return fine;
    case verb::clauses: return list_clauses(asked);
    case verb::report: return merge_reports(asked);
    case verb::show: std::cout << asked.text; return fine;
  }
  return not_judged;
}

}  // namespace

}  // namespace csgi::conformance

int main(int argc, char** argv) {
  try {
    return csgi::conformance::perform(csgi::conformance::parse_command_line(argc, argv));
  } catch (const std::exception& error) {
    std::cout.flush();
    std::cerr << "csgi-conformance: " << error.what() << '\n';
    return csgi::conformance::not_judged;
  }
}
