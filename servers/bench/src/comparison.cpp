#include "comparison.hpp"
#include <algorithm>
#include <set>

namespace csgi::bench {

namespace {

std::vector<double> figures_of(const std::vector<measurement>& rounds, std::size_t metric) {
  std::vector<double> all;
  for (const measurement& each : rounds)
    if (const auto figure = each.figures.at(metric)) all.push_back(*figure);
  return all;
}

void leave_out_absent(std::vector<subject>& subjects, const directories& in, std::vector<absentee>& skipped) {
  std::set<std::pair<std::string, std::string>> told;       // a server may be several subjects
  std::erase_if(subjects, [&](const subject& each) {
    const auto why = absence(each, in);
    if (why && told.insert({each.name, *why}).second) skipped.push_back({each.name, *why});
    return why.has_value();
  });
}

void leave_out_impossible(std::vector<scenario>& scenarios, std::vector<absentee>& skipped) {
  std::erase_if(scenarios, [&](const scenario& each) {
    const auto why = each.obstacle ? each.obstacle() : std::nullopt;
    if (why) skipped.push_back({each.name, *why});
    return why.has_value();
  });
}

// Whether a server takes part.
bool takes_part(const subject& server, const scenario& in, std::vector<absentee>& skipped) {
  if (!serves(server, in.asks_for)) return false;
  const auto omitted = std::ranges::find(server.omits, in.name, &omission::scenario);
  if (omitted == server.omits.end()) return true;
  skipped.push_back({server.name + ", " + in.name, omitted->reason});
  return false;
}

}  // namespace

result evaluated(const scenario& of, const std::vector<std::string>& servers, const std::vector<std::vector<measurement>>& rounds) {
  result made{.scenario = of.name, .metrics = of.metrics, .rows = {}};
  const auto floor = !servers.empty() && servers.front() == floor_name ? rounds.front() : std::vector<measurement>{};
  for (std::size_t i = 0; i < servers.size(); ++i) {
    row told{.server = servers[i], .outcomes = {}};
    for (std::size_t metric = 0; metric < of.metrics.size(); ++metric) {
      const auto own = figures_of(rounds[i], metric);
      outcome one{.value = spread_of(own), .ratio = {}};
      if (of.metrics[metric].shown != detail::no_ratio) one.ratio = spread_of(ratios(own, figures_of(floor, metric)));
      told.outcomes.push_back(one);
    }
    for (const measurement& each : rounds[i]) made.foreign_share = std::max(made.foreign_share, each.foreign_share);
    made.rows.push_back(std::move(told));
  }
  return made;
}

comparison compare(std::vector<subject> subjects, std::vector<scenario> scenarios, const conditions& with, int rounds,
                   const onlooker& told) {
  comparison made;
  leave_out_absent(subjects, with.in, made.skipped);
  leave_out_impossible(scenarios, made.skipped);
  for (const scenario& asked : scenarios) {
    std::vector<subject> servers;
    for (const subject& each : subjects)
      if (takes_part(each, asked, made.skipped)) servers.push_back(each);
    std::vector<std::vector<measurement>> measured(servers.size());
    for (int round = 1; round <= (asked.repeatable ? 1 : rounds); ++round) {
      for (std::size_t i = 0; i < servers.size();) {
        told.begins(asked.name, round, servers[i].name);
        try {
          measured[i].push_back(asked.measure(servers[i], with));
          ++i;
        } catch (const std::exception& error) {       // the others are none the worse for it
          made.failed.push_back({servers[i].name + ", " + asked.name, error.what()});
          servers.erase(servers.begin() + static_cast<std::ptrdiff_t>(i));
          measured.erase(measured.begin() + static_cast<std::ptrdiff_t>(i));
        }
      }
    }
    if (servers.empty()) continue;
    std::vector<std::string> names;
    std::ranges::transform(servers, std::back_inserter(names), &subject::name);
    made.results.push_back(evaluated(asked, names, measured));
    told.is_done(made.results.back());
  }
  return made;
}

}  // namespace csgi::bench
