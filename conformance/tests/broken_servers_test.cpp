// Servers and middlewares that are broken on purpose: the suite finds each, told by its clause.
#include "broken_server.hpp"
#include <algorithm>
#include <atomic>
#include <csgi/conformance/clause.hpp>
#include <csgi/conformance/suite.hpp>
#include <csgi/evented/server.hpp>
#include <csgi/threaded/server.hpp>
#include <doctest/doctest.h>
#include <map>
#include <set>
#include <thread>
#include "views.hpp"
#include "wire_faults.hpp"

using namespace csgi::conformance;
using namespace std::chrono_literals;

namespace {

struct excuse {
  std::string_view clause;
  std::string_view why;
};

/// What nothing that stands around a sound server can break.
constexpr excuse not_broken[] = {
    {"CSGI-CORE-009", "a function that was called stays on its thread"},
    {"CSGI-CORE-021", "a stack that overflows ends the process that judges"},
};

/// Has every part of a view that can alter something.
class unaltered_view final : public outcome_view {
  using outcome_view::outcome_view;
};

constexpr unsigned judged_together = 4;

template <class Server>
std::unique_ptr<csgi::server> sound(const csgi::server_options& options) {
  return std::make_unique<Server>(options);
}

const std::vector<test_case>& every_case() {
  static const auto cases = all_cases();
  return cases;
}

bool names(const test_case& c, const std::vector<std::string>& clauses) {
  return std::ranges::any_of(c.clauses, [&](const auto& id) { return std::ranges::find(clauses, id) != clauses.end(); });
}

/// Where a clause stands in the specification.
std::string place_of(const std::string& id) {
  const clause* const found = find_clause(id);
  return found == nullptr ? id : found->chapter + '/' + found->section;
}

bool is_concerned(const test_case& c, const broken_server& broken) {
  if (names(c, broken.breaks) || broken.judged != broken_server::reach::wide) return names(c, broken.breaks);
  if (names(c, broken.besides)) return true;
  if (c.own_server || !c.told.empty()) return false;      // which take long
  return std::ranges::any_of(c.clauses, [&](const auto& id) { return place_of(id) == place_of(broken.breaks.front()); });
}

std::vector<result> judge(const broken_server& broken, std::function<bool(const test_case&)> wanted,
                          std::chrono::milliseconds patience) {
  const sound_server inner = broken.blocking ? sound<csgi::threaded::server> : sound<csgi::evented::server>;
  const auto make = [&broken, inner](const csgi::server_options& options) { return broken.make(options, inner); };
  run_options options;
  options.patience = patience;
  options.parallel = broken.judged == broken_server::reach::alone ? 1 : 16;
  options.wanted = std::move(wanted);
  options.in_forms = [&broken](const form& f) { return f.name == (broken.blocking ? "blocking" : "async"); };
  return run(*linked(make, {}, CSGI_PROBE_DIRECTORY), every_case(), options);
}

std::string told_of(const result& r) {
  std::string clauses;
  for (const auto& id : r.of->clauses) clauses += id + ' ';
  return "  " + clauses + "- " + r.of->name + ": " + r.reason + '\n';
}

/// What the suite says of a broken server that it should not, or does not say though it should; "" for nothing.
std::string misjudgement(const broken_server& broken) {
  std::set<std::string> missing(broken.breaks.begin(), broken.breaks.end());
  std::set<const test_case*> unexpected;
  for (const result& each : judge(broken, [&](const test_case& c) { return is_concerned(c, broken); }, 1s)) {
    if (each.how != verdict::fail) continue;
    for (const auto& id : each.of->clauses) missing.erase(id);
    if (!names(*each.of, broken.breaks) && !names(*each.of, broken.besides)) unexpected.insert(each.of);
  }
  // A server that is too slow to do wrong in time has more of it, too.
  for (int times = 0; times < 2 && !missing.empty(); ++times)
    for (const result& each : judge(broken, [&](const test_case& c) { return names(c, {missing.begin(), missing.end()}); }, 5s))
      if (each.how == verdict::fail)
        for (const auto& id : each.of->clauses) missing.erase(id);
  std::string wrong;
  for (const auto& id : missing) wrong += "  " + id + " is not found to be broken\n";
  if (unexpected.empty()) return wrong;
  // Once more, where there is time: a case may be late for want of it.
  for (const result& each : judge(broken, [&](const test_case& c) { return unexpected.contains(&c); }, 5s))
    if (each.how == verdict::fail) wrong += told_of(each);
  return wrong;
}

void judge_all(const broken_servers& all) {
  std::vector<std::string> wrong(all.size());
  std::atomic<std::size_t> next{0};
  {
    std::vector<std::jthread> judges;
    for (unsigned i = 0; i < judged_together; ++i) judges.emplace_back([&] {
      for (std::size_t at; (at = next.fetch_add(1)) < all.size();) try {
          wrong[at] = misjudgement(all[at]);
        } catch (const std::exception& failure) {
          wrong[at] = failure.what();
        }
    });
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK_MESSAGE(wrong[i].empty(), all[i].name, ":\n", wrong[i]);
}

void judge_theme(std::string_view name) {
  for (const auto& theme : broken_themes())
    if (theme.name == name) judge_all(theme.servers());
}

/// What stands between suite and sound server is not what the suite finds.
void must_pass(faulty_server around, bool blocking) {
  const broken_server unbroken{"unbroken", {}, std::move(around), {}, broken_server::reach::wide, blocking};
  std::set<const test_case*> failed;
  for (const auto& each : judge(unbroken, [](const test_case&) { return true; }, 5s))
    if (each.how == verdict::fail) failed.insert(each.of);
  if (failed.empty()) return;
  const auto again = [&failed](const test_case& c) { return failed.contains(&c); };
  for (const auto& each : judge(unbroken, again, 5s)) CHECK_MESSAGE(each.how != verdict::fail, told_of(each));
}

}  // namespace

TEST_SUITE("broken servers") {
TEST_CASE("what is not broken is found to be sound: a relay") {
  SUBCASE("of async apps") { must_pass(relayed(), false); }
  SUBCASE("of blocking apps") { must_pass(relayed(), true); }
}

TEST_CASE("what is not broken is found to be sound: a view") {
  SUBCASE("of async apps") { must_pass(seen_as<unaltered_view>(), false); }
  SUBCASE("of blocking apps") { must_pass(seen_as<unaltered_view>(), true); }
}

TEST_CASE("for every duty of a server that the wire shows there is one that does not do it, or it is said why not") {
  std::set<std::string> broken;
  std::set<std::string> names;
  for (const auto& theme : broken_themes())
    for (const auto& each : theme.servers()) {
      CHECK_MESSAGE(names.insert(each.name).second, "two are called ", each.name);
      broken.insert(each.breaks.begin(), each.breaks.end());
    }
  for (const auto& c : all_clauses()) {
    if (!c.wants_case() || !c.binding()) continue;
    const bool excused = std::ranges::any_of(not_broken, [&](const auto& each) { return each.clause == c.id; });
    CHECK_MESSAGE(broken.contains(c.id) != excused, c.id, excused ? " is broken, after all" : " is not broken by any");
  }
  for (const auto& [id, why] : not_broken) CHECK_MESSAGE(find_clause(id) != nullptr, id, ": ", why);
}

TEST_CASE("each is found out: requests") { judge_theme("requests"); }
TEST_CASE("each is found out: refusals") { judge_theme("refusals"); }
TEST_CASE("each is found out: bodies") { judge_theme("bodies"); }
TEST_CASE("each is found out: response heads") { judge_theme("response heads"); }
TEST_CASE("each is found out: responses") { judge_theme("responses"); }
TEST_CASE("each is found out: around responses") { judge_theme("around responses"); }
TEST_CASE("each is found out: connections") { judge_theme("connections"); }
TEST_CASE("each is found out: failures") { judge_theme("failures"); }
TEST_CASE("each is found out: limits") { judge_theme("limits"); }
TEST_CASE("each is found out: exchanges") { judge_theme("exchanges"); }
TEST_CASE("each is found out: executors") { judge_theme("executors"); }
TEST_CASE("each is found out: extensions") { judge_theme("extensions"); }
TEST_CASE("each is found out: files") { judge_theme("files"); }
TEST_CASE("each is found out: stops") { judge_theme("stops"); }
TEST_CASE("each is found out: websockets") { judge_theme("websockets"); }
TEST_CASE("each is found out: middlewares") { judge_theme("middlewares"); }
}
