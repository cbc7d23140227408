// Judges a server that is linked, not spawned. Wants the directory of the probe plug-ins.
#include <csgi/conformance/suite.hpp>
#include <csgi/threaded/server.hpp>
#include <cstdio>

int main(int, char** argv) {
  const auto make = [](const csgi::server_options& options) { return std::make_unique<csgi::threaded::server>(options); };
  const auto judged = csgi::conformance::linked(make, {}, argv[1]);
  const auto cases = csgi::conformance::all_cases();
  csgi::conformance::run_options options;
  options.wanted = [](const auto& each) { return each.name == "GET reaches the app"; };
  const auto results = csgi::conformance::run(*judged, cases, options);
  for (const auto& each : results)
    if (each.how != csgi::conformance::verdict::pass) return 1;
  std::printf("judged %zu times\n", results.size());
}
