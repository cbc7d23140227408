// together.cpp - see together.hpp.
#include "together.hpp"
#include <algorithm>
#include <thread>

namespace csgi::conformance {

namespace {

constexpr std::size_t side_by_side = 3;         // on each thread
constexpr std::size_t largest_body = 64 * 1024;
constexpr unsigned rounds = 3;
constexpr std::chrono::seconds least{3};        // where the time was over before

struct difference {
  std::size_t request;
  played_answer seen;
};

/// What one thread plays, and what was other than usual there.
std::vector<difference> play_some(const surroundings& s, stage& here, const std::vector<std::size_t>& chosen,
                                  const std::vector<app_request>& requests, const std::vector<std::optional<played_answer>>& usual,
                                  unsigned offset, std::chrono::steady_clock::time_point until) {
  std::vector<difference> found;
  for (unsigned round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < chosen.size(); i += side_by_side) {
      if (std::chrono::steady_clock::now() > until) return found;
      std::vector<plan> plans;
      std::vector<std::size_t> which;
      for (std::size_t n = 0; n < side_by_side; ++n) {
        which.push_back(chosen[(i + n + offset * 7) % chosen.size()]);
        plans.push_back({.request = &requests[which.back()], .words = "beside others", .suspect = check::together});
        plans.back().behaviour.window = 32 + 1000 * n;       // so that they take turns
      }
      auto all = here.play(plans);
      for (std::size_t n = 0; n < all.size(); ++n) {
        judge(plans[n], all[n], s.verdicts);
        if (usual[which[n]] && all[n].seen != usual[which[n]]) found.push_back({which[n], all[n].seen});
        here.keep(plans[n], std::move(all[n]));
        ++s.where.played;
      }
    }
  }
  return found;
}

}  // namespace

void play_together(const surroundings& s, trials& alone, const std::vector<app_request>& requests,
                   const std::set<std::size_t>& without, unsigned threads, std::chrono::steady_clock::time_point until) {
  std::vector<std::size_t> chosen;
  std::vector<std::optional<played_answer>> usual;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    usual.push_back(without.contains(i) ? std::nullopt : alone.usual(i));
    if (requests[i].body_size() <= largest_body && !without.contains(i) && alone.ends(i)) chosen.push_back(i);
  }
  const auto varying = std::ranges::count_if(chosen, [&](std::size_t i) { return !usual[i]; });
  if (varying > 0)
    s.verdicts.note(std::to_string(varying) + " of " + std::to_string(chosen.size()) +
                    " requests are answered differently each time: beside others they were played, but not compared");
  if (chosen.empty()) return s.verdicts.note("no request has an end by itself, so that none was played beside others");
  until = std::max(until, std::chrono::steady_clock::now() + least);
  s.where.plain = false;
  s.where.suspect = check::together;
  s.where.say("all requests", "at the same time, on " + std::to_string(threads) + " threads");
  std::vector<std::vector<difference>> found(threads);
  std::vector<std::thread> players;
  std::atomic<unsigned> running{threads};
  std::exception_ptr failure;
  std::mutex mutex;
  for (unsigned t = 0; t < threads; ++t)
    players.emplace_back([&, t] {
      try {
        auto own = std::make_unique<other_stage>(s.app, s.client, s.dog, s.verdicts);   // on this thread, the loop's
        other_stage& there = *own;
        {
          const std::lock_guard lock(mutex);
          s.others.push_back(std::move(own));
        }
        found[t] = play_some(s, there.here, chosen, requests, usual, t, until);
        there.home.close();
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
      --running;
    });
  while (running > 0) s.client.loop().turn();           // on which background work goes on
  for (auto& each : players) each.join();
  if (failure) std::rethrow_exception(failure);

  std::vector<difference> all;
  for (auto& each : found) all.insert(all.end(), each.begin(), each.end());
  for (const auto& [request, seen] : all) {
    alone.forget(request);
    if (alone.usual(request) != usual[request]) continue;    // it changes of itself
    s.verdicts.fail(
        check::together, requests[request].name,
        "alone it is answered " + to_string(*usual[request]) + "; beside others " + to_string(seen) +
            (seen.size == usual[request]->size && seen.status == usual[request]->status ? ", other ones, or other fields" : ""),
        "");
  }
  for (const auto i : chosen) s.verdicts.pass(check::together, requests[i].name);
}

}  // namespace csgi::conformance
