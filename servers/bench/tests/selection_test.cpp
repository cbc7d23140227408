#include "selection.hpp"
#include <algorithm>
#include <doctest/doctest.h>

using namespace csgi::bench;

namespace {

std::vector<subject> servers() {
  return {{.name = "floor", .command = {}, .serves = {workload::hello}, .quick = true},
          {.name = "evented, async app", .command = {}, .serves = {workload::hello}, .quick = true},
          {.name = "Boost.Beast", .command = {}, .serves = {workload::hello}}};
}

std::vector<scenario> scenarios() {
  return {{.name = "hello c64", .asks_for = workload::hello, .metrics = {}, .measure = {}, .part_of = thoroughness::quick},
          {.name = "hello c1", .asks_for = workload::hello, .metrics = {}, .measure = {}},
          {.name = "WebSocket, 125 B", .asks_for = workload::messages, .metrics = {}, .measure = {}, .part_of = thoroughness::quick}};
}

std::string chosen(const wishes& wanted) {
  auto of_servers = servers();
  auto of_scenarios = scenarios();
  select(of_servers, of_scenarios, wanted);
  std::string names;
  for (const subject& each : of_servers) names += each.name + "; ";
  names += "by ";
  for (const scenario& each : of_scenarios) names += each.name + "; ";
  return names;
}

}  // namespace

TEST_SUITE("selection") {
TEST_CASE("without a wish everything is compared") {
  CHECK(chosen({}) == "floor; evented, async app; Boost.Beast; by hello c64; hello c1; WebSocket, 125 B; ");
}

TEST_CASE("--quick leaves the servers of others out, and what matters less") {
  CHECK(chosen({.how = thoroughness::quick, .only = {}}) == "floor; evented, async app; by hello c64; WebSocket, 125 B; ");
}

TEST_CASE("each half alone") {
  CHECK(chosen({.of = halves::http, .only = {}}) == "floor; evented, async app; Boost.Beast; by hello c64; hello c1; ");
  CHECK(chosen({.of = halves::websocket, .only = {}}) == "floor; evented, async app; Boost.Beast; by WebSocket, 125 B; ");
}

TEST_CASE("patterns choose among the servers or the scenarios that they name, and the floor stays") {
  CHECK(chosen({.only = {"beast"}}) == "floor; Boost.Beast; by hello c64; hello c1; WebSocket, 125 B; ");
  CHECK(chosen({.only = {"c1"}}) == "floor; evented, async app; Boost.Beast; by hello c1; ");
  CHECK(chosen({.only = {"EVENTED*async", "c64", "websocket"}}) == "floor; evented, async app; by hello c64; WebSocket, 125 B; ");
}

TEST_CASE("what is named is compared even if --quick would leave it out") {
  CHECK(chosen({.how = thoroughness::quick, .only = {"beast"}}) == "floor; Boost.Beast; by hello c64; WebSocket, 125 B; ");
  CHECK(chosen({.how = thoroughness::quick, .only = {"c1"}}) == "floor; evented, async app; by hello c1; ");
}

TEST_CASE("a pattern that nothing answers to is a mistake, and so is nothing left") {
  CHECK_THROWS_WITH_AS(chosen({.only = {"evented", "nginz"}}),
                       "--only: nothing is called \"nginz\"; --list tells what there is", usage_error);
  CHECK_THROWS_AS(chosen({.of = halves::websocket, .only = {"c64"}}), usage_error);
}

TEST_CASE("every omission is one of a scenario that there is, every floor comes first, and names of scenarios are their own") {
  const auto all = all_scenarios();
  for (const subject& server : all_subjects())
    for (const omission& each : server.omits) {
      CAPTURE(server.name + ": " + each.scenario);
      CHECK(std::ranges::count(all, each.scenario, &scenario::name) == 1);
    }
  for (const scenario& each : all) {
    CAPTURE(each.name);
    CHECK(std::ranges::count(all, each.name, &scenario::name) == 1);
    const auto subjects = all_subjects();
    const auto first = std::ranges::find_if(subjects, [&](const subject& server) { return serves(server, each.asks_for); });
    REQUIRE(first != subjects.end());
    CHECK(first->name == "floor");
  }
}
}
