// agenda.cpp - see agenda.hpp.
#include "agenda.hpp"

namespace csgi::conformance {

std::vector<step_of_suite> make_agenda(const app_options& options) {
  std::vector<step_of_suite> all = {{step_of_suite::kind::plugin}};
  for (std::size_t i = 0; i < options.requests.size(); ++i) all.push_back({step_of_suite::kind::request, trial::plain, i});
  if (options.threads > 0) all.push_back({step_of_suite::kind::together});
  for (std::size_t i = 0; i < options.requests.size(); ++i)
    for (const trial how : all_trials)
      if (how != trial::plain) all.push_back({step_of_suite::kind::request, how, i});
  return all;
}

}  // namespace csgi::conformance
