// differences.cpp - see differences.hpp.
#include "differences.hpp"
#include "last_line.hpp"
#include <algorithm>
#include <set>

namespace csgi::conformance {

namespace {

std::string value_of(const answer& from, const std::string& aspect) {
  const auto place = from.find(aspect);
  return place == from.end() ? std::string() : place->second;
}

std::set<std::string> aspects_of(const std::vector<answer>& all) {
  std::set<std::string> names;
  for (const auto& each : all)
    for (const auto& [aspect, value] : each) names.insert(aspect);
  return names;
}

/// With its last words, where it says that something is wrong.
std::string exit_of(const performance_of_server& of) {
  if (!of.exit_code) return "it does not end";
  const std::string code = std::to_string(*of.exit_code);
  const std::string_view words = last_line(of.said);
  return *of.exit_code == 0 || words.empty() ? code : code + ", and its last words: " + visible(words);
}

bool ends_otherwise(const performance_of_server& one, const performance_of_server& other) noexcept {
  return one.exit_code != other.exit_code;
}

/// Where some servers open a WebSocket for the app, those that offer none are out of it. Returns which these are.
std::vector<std::size_t> leave_out_who_opens_none(std::vector<answer>& all) {
  const auto opens = [](const answer& each) { return value_of(each, "status") == "101"; };
  const auto one = std::ranges::find_if(all, opens);
  std::vector<std::size_t> without;
  if (one == all.end()) return without;
  const answer theirs = *one;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!opens(all[i])) {
      without.push_back(i);
      all[i] = theirs;
    }
  return without;
}

/// Of a response that goes on somewhere, what everybody has seen of it. Where it was not asked for, nothing is compared.
void cut_to_what_all_have(std::vector<answer>& all) {
  if (std::ranges::none_of(all, goes_on)) return;
  std::size_t shortest = std::string::npos;
  bool asked_everywhere = true;
  for (const auto& each : all) {
    asked_everywhere = asked_everywhere && each.contains("status");
    shortest = std::min(shortest, value_of(each, "body").size());
  }
  for (auto& each : all) {
    if (asked_everywhere) each["body"].resize(shortest);
    else each.clear();
    each.erase("end");
  }
}

class comparison {
 public:
  explicit comparison(const swap_options& options) : options_(options) {}

  void add(std::size_t index, std::vector<answer> all, const answer& once_more) {
    all.push_back(once_more);
    for (const auto i : leave_out_who_opens_none(all)) without_websockets_.insert(options_.servers[i % options_.servers.size()].name);
    cut_to_what_all_have(all);
    const answer again = std::move(all.back());
    all.pop_back();
    const auto& request = options_.requests[index % options_.requests.size()].name;
    const std::string how(to_string(all_ways[index / options_.requests.size()]));
    ++found_.exchanges;
    for (const auto& aspect : aspects_of(all)) {
      std::vector<std::string> values;
      for (const auto& each : all) values.push_back(value_of(each, aspect));
      if (values.front() != value_of(again, aspect)) unsteady_.insert(aspect + " of " + request);
      else if (std::ranges::adjacent_find(values, std::not_equal_to()) != values.end())
        found_.differences.push_back({request, how, aspect, excerpts(values)});
    }
  }

  swap_findings result() && {
    for (const auto& each : unsteady_) found_.notes.push_back("not compared, since the app varies it itself: " + each);
    for (const auto& each : without_websockets_) found_.notes.push_back("not compared, since no WebSocket is opened there: " + each);
    return std::move(found_);
  }

 private:
  const swap_options& options_;
  swap_findings found_;
  std::set<std::string> unsteady_;
  std::set<std::string> without_websockets_;      // servers
};

}  // namespace

swap_findings compare(const swap_options& options, const std::vector<performance_of_server>& all, const performance_of_server& again) {
  comparison made(options);
  const std::size_t due = std::size(all_ways) * options.requests.size();
  for (std::size_t i = 0; i < due; ++i) {
    std::vector<answer> each;
    for (const auto& server : all) each.push_back(server.answers[i]);
    made.add(i, std::move(each), again.answers[i]);
  }
  swap_findings found = std::move(made).result();
  if (std::ranges::adjacent_find(all, ends_otherwise) != all.end()) {
    found.differences.push_back({"SIGTERM", "at the end", "exit code", {}});
    std::ranges::transform(all, std::back_inserter(found.differences.back().seen), exit_of);
  }
  return found;
}

}  // namespace csgi::conformance
