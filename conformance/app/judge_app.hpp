// judge_app.hpp - judges an app by what it does with requests of all kinds, clients of all manners, and faults.
#pragma once
#include <chrono>
#include <functional>
#include "app_request.hpp"
#include "verdicts.hpp"

namespace csgi::conformance {

struct app_options {
  std::string plugin;
  std::vector<std::string> arguments;           ///< for the app
  std::vector<app_request> requests = all_app_requests();
  std::chrono::milliseconds patience{5'000};    ///< for one request
  std::chrono::milliseconds time{15'000};       ///< for all of it; what is not begun then is left out, which a note tells
  std::size_t most_faults = 64;                 ///< up to so many operations of a request are made to fail, one by one
  bool real_time = false;                       ///< sleeps of the app take the time they take; else none
  unsigned threads = 4;                         ///< that play requests at the same time
  std::function<void(std::size_t done, std::size_t due, std::size_t failures)> on_progress = {};   ///< of trials; may be null
};

struct app_judgement {
  std::vector<app_finding> findings;            ///< by check, then in the order in which requests came
  std::vector<std::string> notes;
  std::size_t played = 0;                       ///< requests, in all their ways
};

/// Runs the app in a process of its own; when an app ends that, or hangs, another one goes on with what is left.
///
/// Threads:   forks, so called while this process has no other.
/// Errors:    not_a_subject: the plug-in cannot be loaded, made or started, and why.
app_judgement judge_app(const app_options& options);

}  // namespace csgi::conformance
