// agenda.cpp - see agenda.hpp.
#include "agenda.hpp"

namespace csgi::conformance {

std::vector<step_of_suite> make_agenda(const app_options& options) {
  std::vector<step_of_suite> all = {{step_of_suite::kind::plugin}};
  for (const trial how : all_trials) {
    for (std::size_t i = 0; i < options.requests.size(); ++i) all.push_back({step_of_suite::kind::request, how, i});
    if (how == trial::plain && options.threads > 0) all.push_back({step_of_suite::kind::together});
  }
  return all;
}

}  // namespace csgi::conformance
