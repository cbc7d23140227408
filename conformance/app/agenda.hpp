// agenda.hpp - what is done with an app, step by step, so that another process can go on where one has ended.
#pragma once
#include "judge_app.hpp"
#include "trials.hpp"

namespace csgi::conformance {

struct step_of_suite {
  enum class kind : unsigned char { plugin, request, together };

  kind what{};
  trial how{};
  std::size_t request = 0;
};

/// The plug-in, every request as it is, all of them together; then one request after the other, each in all other ways, so that
/// the first ones are whole where the time does not suffice.
std::vector<step_of_suite> make_agenda(const app_options& options);

}  // namespace csgi::conformance
