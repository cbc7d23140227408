// known_answers.hpp - what a server said to each request when it was asked for the first time, in peace.
#pragma once
#include "answer.hpp"
#include "app_request.hpp"
#include "soaked_app.hpp"
#include <filesystem>
#include <set>
#include <stop_token>

namespace csgi::soak {

struct known_answer {
  conformance::app_request request;
  conformance::answer first;
  std::set<std::string> changing;       ///< aspects in which a second answer differed from the first
  bool keeps = true;                    ///< the connection
  bool short_target = false;            ///< one of the app's

  /// Nothing where it fits; else what differs.
  std::string objection_to(const conformance::answer& seen) const;
};

/// What is compared of a response: ports are not.
conformance::answer comparable(const conformance::app_request& request, conformance::reply seen, std::uint16_t server,
                               std::uint16_t client);

class known_answers {
 public:
  /// Asks the server on that port for everything, twice. A stop ends that, and then there is no pulse.
  ///
  /// Errors:    unmet; std::runtime_error, for a file of requests that is none.
  known_answers(const soaked_app& app, const std::filesystem::path& request_files, std::uint16_t port, const std::stop_token& stop);

  /// Those that are whole within a moment.
  const std::vector<known_answer>& whole() const noexcept { return whole_; }
  /// Of these, those that can be asked for one behind another.
  const std::vector<known_answer>& kept() const noexcept { return kept_; }
  /// Every request, as bytes.
  const std::vector<std::string>& bytes() const noexcept { return bytes_; }
  /// The answer to the app's first short target.
  const known_answer& pulse() const noexcept { return kept_.front(); }

 private:
  std::vector<known_answer> whole_;
  std::vector<known_answer> kept_;
  std::vector<std::string> bytes_;
};

}  // namespace csgi::soak
