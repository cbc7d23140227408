#include "json_report.hpp"
#include <boost/json.hpp>
#include <sys/utsname.h>

namespace csgi::bench {

namespace {

namespace json = boost::json;

json::value of(const std::optional<spread>& all) {
  if (!all) return nullptr;
  return json::object{{"median", all->median}, {"least", all->least}, {"most", all->most}};
}

json::value of(const outcome& one) {
  auto made = of(one.value);
  if (auto* const object = made.if_object()) (*object)["ratio"] = of(one.ratio);
  return made;
}

json::object of(const result& one) {
  json::array servers;
  for (const row& each : one.rows) {
    json::object server{{"name", each.server}};
    for (std::size_t i = 0; i < one.metrics.size(); ++i) server[one.metrics[i].key] = of(each.outcomes[i]);
    servers.push_back(std::move(server));
  }
  return {{"name", one.scenario}, {"foreign_share", one.foreign_share}, {"servers", std::move(servers)}};
}

json::array of(const std::vector<absentee>& all) {
  json::array list;
  for (const absentee& each : all) list.push_back(json::object{{"name", each.name}, {"reason", each.reason}});
  return list;
}

std::string kernel() {
  utsname system{};
  ::uname(&system);
  return std::string(system.sysname) + ' ' + system.release + ' ' + system.machine;
}

}  // namespace

std::string json_of(const comparison& made, const circumstances_of_report& how) {
  json::array scenarios;
  for (const result& each : made.results) scenarios.push_back(of(each));
  const json::object report{{"rounds", how.rounds},
                            {"seconds", how.seconds},
                            {"cores", {{"server", how.on.server}, {"client", how.on.client}}},
                            {"kernel", kernel()},
                            {"scenarios", std::move(scenarios)},
                            {"skipped", of(made.skipped)},
                            {"failed", of(made.failed)}};
  return json::serialize(report) + '\n';
}

}  // namespace csgi::bench
