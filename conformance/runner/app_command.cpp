// app_command.cpp - see app_command.hpp.
#include "app_command.hpp"
#include <iostream>
#include "judge_app.hpp"
#include "output.hpp"
#include "summary.hpp"

namespace csgi::conformance {

namespace {

/// A counter, where somebody watches.
void show(const terminal& to, std::size_t done, std::size_t due, std::size_t failures) {
  if (!to.watched()) return;
  std::cout << "\x1b[2K  " << padded(done, 4) << " of " << due << " trials"
            << (failures == 0 ? "" : ", " + std::to_string(failures) + " failed") << '\r' << std::flush;
}

app_options options_of(const command_line& asked) {
  app_options options;
  options.plugin = asked.plugin;
  options.arguments = asked.command;
  options.patience = asked.patience;
  options.time = asked.time;
  options.most_faults = asked.most_faults;
  options.real_time = asked.real_time;
  std::vector<app_request> own;
  for (const auto& file : asked.requests) {
    const auto some = read_app_requests(file);
    own.insert(own.end(), some.begin(), some.end());
  }
  options.requests.insert(options.requests.begin(), own.begin(), own.end());    // the first ones are played in any case
  return options;
}

}  // namespace

bool judge_app(const command_line& asked) {
  const terminal to;
  outputs files(asked.files);
  app_options options = options_of(asked);
  options.on_progress = [&to](std::size_t done, std::size_t due, std::size_t failures) { show(to, done, due, failures); };
  std::vector<std::string> words = asked.command;
  words.insert(words.begin(), asked.plugin);
  report r = begun_report(asked.label, words);
  r.about = party::app;
  const auto began = std::chrono::steady_clock::now();
  const app_judgement found = judge_app(options);
  r.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  r.cases = by_check(found.findings);
  r.notes = found.notes;
  if (to.watched()) std::cout << "\x1b[2K";
  std::cout << "  " << options.requests.size() << " requests, played " << found.played << " times\n"
            << summary_of(r, to) << std::flush;
  files.write(r);
  return r.broken() == 0;
}

std::string app_list() {
  std::string all;
  for (const auto& each : all_app_checks()) {
    std::string ids;
    for (const auto& id : each.clauses) ids += (ids.empty() ? "" : " ") + id;
    all += padded(ids, 16) + "  " + each.name + '\n';
  }
  all += '\n';
  for (const auto& each : all_app_requests()) all += each.name + '\n';
  return all;
}

}  // namespace csgi::conformance
