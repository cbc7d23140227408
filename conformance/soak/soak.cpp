// soak.cpp - see soak.hpp.
#include "soak.hpp"
#include <algorithm>
#include <condition_variable>
#include <thread>

namespace csgi::soak {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr std::size_t most_surprises = 12;      // then the rest of the time would tell nothing new
constexpr std::chrono::milliseconds shortest_part{1'000};
constexpr std::chrono::milliseconds last_visits_and_rest{6'000};      // of visits that have begun; then deadlines pass

/// Until then, unless it was interrupted.
void sleep_until(clock_type::time_point when, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_until(lock, stop, when, [] { return false; });
}

std::vector<const kind*> kinds_for(const plan& how, const soaked_app& app) {
  std::vector<const kind*> all;
  for (const kind& each : all_kinds()) {
    const bool wanted = how.clients.empty() || std::ranges::find(how.clients, each.name) != how.clients.end();
    if (wanted && each.fits(app)) all.push_back(&each);
  }
  return all;
}

/// The clients of one pair.
class visits {
 public:
  visits(const plan& how, const pair& tried, const host& to, tally& counted)
      : how_(how), tried_(tried), host_(to), count_(counted) {
    std::seed_seq words(tried.app.name.begin(), tried.app.name.end());
    std::vector<std::uint32_t> mixed(2);
    words.generate(mixed.begin(), mixed.end());
    seed_ = how.seed ^ (static_cast<std::uint64_t>(mixed[0]) << 32 | mixed[1]);
  }

  /// Each kind once, with that number.
  void once(std::uint64_t number) {
    for (const kind* each : kinds_for(how_, tried_.app)) visit(*each, number);
  }

  /// All kinds, one beside the other.
  void last_until(clock_type::time_point end, const std::stop_token& stop) {
    std::vector<std::jthread> threads;
    for (const kind* each : kinds_for(how_, tried_.app)) {
      dice numbers(seed_++);
      threads.emplace_back([this, each, numbers, end, &stop]() mutable {
        while (clock_type::now() < end && !stop.stop_requested() && count_.number_of_surprises() < most_surprises) {
          visit(*each, numbers.seed(), stop);
          sleep_until(clock_type::now() + each->pause, stop);
        }
      });
    }
  }

 private:
  void visit(const kind& of, std::uint64_t number, const std::stop_token& stop = {}) {
    visitor v(host_, count_, number);
    try {
      of.visit(v);
    } catch (const std::exception& what) {      // unmet, or no socket was to be had
      if (stop.stop_requested()) return;
      const std::string client(of.name);
      const std::string where = "--app " + tried_.app.name + " --server " + tried_.server;
      const std::string again = "again: " + where + " --client " + client + " --visit ";
      count_.surprised({client + ": " + what.what(), again + std::to_string(number) + '\n' + v.transcript()});
    }
  }

  const plan& how_;
  const pair& tried_;
  const host& host_;
  tally& count_;
  std::uint64_t seed_;
};

std::string in_mebibytes(std::size_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

void judge_growth(const figures& before, const figures& after, tally& count) {
  if (after.resident > before.resident + tolerated_growth)
    count.surprised({"its memory has grown from " + in_mebibytes(before.resident) + " to " + in_mebibytes(after.resident)});
  if (after.descriptors > before.descriptors + tolerated_descriptors)
    count.surprised({"its descriptors have grown from " + std::to_string(before.descriptors) + " to " +
                     std::to_string(after.descriptors)});
}

std::chrono::microseconds at_part(const std::vector<std::chrono::microseconds>& sorted, double part) {
  if (sorted.empty()) return {};
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

/// Visits in two parts, with rest behind each; then the server ends, though it has clients.
void visit_and_measure(const plan& how, const pair& tried, served_pair& served, tally& count, outcome& made,
                       const std::stop_token& stop) {
  const auto end = clock_type::now() + how.time_of_each - last_visits_and_rest;
  const known_answers known(tried.app, how.where.requests, served.port(), stop);
  if (stop.stop_requested()) return served.end(count);
  const host to{tried.app, known, served.port()};
  visits all(how, tried, to, count);
  if (how.visit) {
    all.once(*how.visit);
    return served.end(count);
  }
  all.last_until(clock_type::now() + std::max(how.time_of_each / 3 - last_visits_and_rest, shortest_part), stop);
  made.start = served.at_rest(0);
  all.last_until(std::max(end, clock_type::now() + shortest_part), stop);
  made.end = served.at_rest(made.start.descriptors);
  if (!stop.stop_requested()) judge_growth(made.start, made.end, count);
  visitor last(to, count, how.seed);
  begin_and_stay(last);
  served.end(count);
}

}  // namespace

outcome soak(const plan& how, const pair& tried, std::stop_token stop) {
  outcome made{.name = tried.name(), .start = {}, .end = {}, .surprises = {}};
  tally count;
  try {
    served_pair served(how.where, tried.app, tried.server);
    try {
      visit_and_measure(how, tried, served, count, made, stop);
    } catch (const conformance::unmet& what) {
      count.surprised({std::string("in peace: ") + what.what()});
      served.end(count);
    }
  } catch (const std::exception& what) {
    count.surprised({std::string("it does not serve: ") + what.what()});
  }
  made.requests = count.requests();
  made.faults = count.faults();
  made.refusals = count.refusals();
  auto times = count.times();
  std::ranges::sort(times);
  made.median = at_part(times, 0.5);
  made.late = at_part(times, 0.99);
  made.surprises = count.surprises();
  return made;
}

}  // namespace csgi::soak
