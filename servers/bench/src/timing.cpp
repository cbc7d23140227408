#include "timing.hpp"
#include "client_report.hpp"
#include "processor_time.hpp"
#include "running_server.hpp"
#include <sched.h>
#include <stdexcept>

namespace csgi::bench {

namespace {

client_report run_client(const std::vector<std::string>& command, int core, const std::string& unit) {
  child_process client(command, core);
  const auto report = client.rest_of_output();
  if (client.exit_code() != 0) throw std::runtime_error("the client failed: " + client.rest_of_errors());
  return parse_client_report(report, unit);
}

}  // namespace

cores two_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  std::vector<int> found;
  for (int core = 0; core < CPU_SETSIZE && found.size() < 2; ++core)
    if (CPU_ISSET(static_cast<std::size_t>(core), &allowed)) found.push_back(core);
  if (found.size() < 2) throw std::runtime_error("needs two cores: one for the server, one for the client");
  return {found[0], found[1]};
}

measurement measure_time(const subject& of, const conditions& with, const client_command& client, const std::string& unit) {
  running_server server(of, with.in, {.core = with.on.server});
  const auto load = [&](std::chrono::duration<double> time) {
    return run_client(client(with.in, server.url(), time.count()), with.on.client, unit);
  };
  if (with.warm_up.count() > 0) load(with.warm_up);

  const auto core_before = time_of_core(with.on.server);
  const double own_before = time_of_family(server.id());
  const auto report = load(with.time);
  const double own = time_of_family(server.id()) - own_before;
  const auto core = time_of_core(with.on.server);
  server.stop();
  const double busy = core.busy - core_before.busy;
  const double foreign = core.processes - core_before.processes - own;
  return {{busy / report.count, report.count / report.seconds, report.p50, report.p99}, busy > 0 ? std::max(0.0, foreign / busy) : 0};
}

}  // namespace csgi::bench
