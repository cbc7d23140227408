// swap.cpp - see swap.hpp.
#include "swap.hpp"
#include <future>
#include <mutex>
#include "differences.hpp"
#include "forbidden.hpp"
#include "patterns.hpp"

namespace csgi::conformance {

swap_findings swap(const swap_options& options) {
  const auto forbidden = to_patterns("--forbid", options.forbidden);
  std::vector<swap_server> played = options.servers;
  played.push_back(options.servers.front());

  std::mutex mutex;
  std::size_t done = 0;
  const std::size_t due = played.size() * std::size(all_ways) * options.requests.size();
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    ++done;
    if (options.on_progress) options.on_progress(done, due);
  };

  std::vector<std::future<performance_of_server>> running;
  for (const auto& server : played)
    running.push_back(std::async(std::launch::async, [&] { return play(server, options, count); }));
  std::vector<performance_of_server> all;
  for (auto& each : running) all.push_back(each.get());
  const performance_of_server again = std::move(all.back());
  all.pop_back();
  swap_findings found = compare(options, all, again);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (auto& line : forbidden_in(all[i].said, forbidden, options.servers[i].name)) found.forbidden.push_back(std::move(line));
  return found;
}

}  // namespace csgi::conformance
