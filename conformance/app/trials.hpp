// trials.hpp - everything that is done with one request, one way after the other.
#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include "stage.hpp"

namespace csgi::conformance {

/// A way of playing a request, or a number of related ones.
enum class trial : unsigned char { plain, manners, extensions, interruptions, cut_bodies, disconnects, cancellations, deadlines };

inline constexpr trial all_trials[] = {trial::plain,      trial::manners,     trial::extensions,    trial::interruptions,
                                       trial::cut_bodies, trial::disconnects, trial::cancellations, trial::deadlines};

class trials {
 public:
  /// Lifetime:  all borrowed; `requests` are not changed meanwhile.
  trials(stage& on, app_verdicts& verdicts, const std::vector<app_request>& requests, std::size_t most_faults)
      : stage_(on), verdicts_(verdicts), requests_(requests), most_faults_(most_faults) {}

  /// Called with each plan before it is played. May throw, to end the trial.
  std::function<void(const plan&)> on_plan;

  /// Errors:    throws hopeless.
  void perform(trial which, std::size_t request);

  /// What the request is answered when it is played plainly; none where that differs from time to time.
  const std::optional<played_answer>& usual(std::size_t request);

  /// Whether it is answered to an end, and by itself.
  bool ends(std::size_t request) { return !known(request).endless && !known(request).idle; }

  /// That is found out anew.
  void forget(std::size_t request) { known_.erase(request); }

 private:
  /// What is known of a request from having played it plainly.
  struct acquaintance {
    std::optional<played_answer> seen;
    std::size_t operations = 0;
    std::vector<std::uint64_t> asked;           // ids of extensions that it has looked for, by their hash

    bool wants(const extension_id& id) const noexcept { return std::ranges::find(asked, id.hash) != asked.end(); }
    bool endless = false;
    bool idle = false;
  };

  plan plain(std::size_t request, std::string words = "as it is") const;
  const acquaintance& known(std::size_t request);
  performance perform(const plan& p);
  played_answer play(const plan& p);
  void lengths_of_head(std::size_t request);
  void manners(std::size_t request);
  void compare(std::size_t request, const plan& p);
  void extensions(std::size_t request);
  void trailers(std::size_t request);
  void interruptions(std::size_t request);
  void draining(std::size_t request);
  bool has_an_end(std::size_t request);
  void cut_bodies(std::size_t request);
  void faults(std::size_t request, std::errc how, const char* words);

  stage& stage_;
  app_verdicts& verdicts_;
  const std::vector<app_request>& requests_;
  const std::size_t most_faults_;
  std::map<std::size_t, acquaintance> known_;
};

}  // namespace csgi::conformance
