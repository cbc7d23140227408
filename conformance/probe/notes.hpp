// notes.hpp - what the probe saw, kept for the suite to ask.
#pragma once
#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace csgi::conformance {

/// Notes of many cases at the same time, each under its own key.
///
/// Threads:   any.
class notes {
 public:
  void add(std::string_view key, std::string what) {
    const std::lock_guard lock(mutex_);
    of_[std::string(key)].push_back(std::move(what));
  }

  bool has(std::string_view key, std::string_view what) {
    const std::lock_guard lock(mutex_);
    const auto found = of_.find(key);
    return found != of_.end() && std::ranges::find(found->second, what) != found->second.end();
  }

  /// In the order they were made, a line each.
  std::string lines(std::string_view key) {
    const std::lock_guard lock(mutex_);
    std::string all;
    if (const auto found = of_.find(key); found != of_.end())
      for (const auto& what : found->second) all += what + '\n';
    return all;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>, std::less<>> of_;
};

}  // namespace csgi::conformance
