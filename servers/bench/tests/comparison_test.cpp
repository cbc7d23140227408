// What is made of measurements: results, tables and JSON.
#include "comparison.hpp"
#include "footprint.hpp"
#include "json_report.hpp"
#include "table.hpp"
#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <sstream>

using namespace csgi::bench;

namespace {

// Measures what it is told to: the floor 2, another server 3 and 5 in turn, a broken one nothing.
scenario staged() {
  return {.name = "staged",
          .asks_for = workload::hello,
          .metrics = {{"cpu", "CPU µs"}, {"p50", "p50 µs", detail::medians}, {"memory", "bytes", detail::no_ratio}},
          .measure = [turn = 0](const subject& server, const conditions&) mutable -> measurement {
            if (server.name == "broken") throw std::runtime_error("it is broken");
            if (server.name == "floor") return {.figures = {2, std::nullopt, 7}};
            return {.figures = {turn++ % 2 == 0 ? 3 : 5, 1, 9}, .foreign_share = 0.25};
          }};
}

subject server(std::string name) { return {.name = std::move(name), .command = {"/bin/true"}, .serves = {workload::hello}}; }

conditions nowhere() { return {.in = {}, .on = {0, 1}, .time = {}, .warm_up = {}}; }

comparison staged_comparison() {
  auto gone = server("gone");
  gone.command = {"no such program"};
  gone.packages = "gone-server";
  auto choosy = server("choosy");
  choosy.omits = {{"staged", "does not like it"}};
  auto elsewhere = server("elsewhere");
  elsewhere.serves = {workload::file};
  auto impossible = staged();
  impossible.name = "impossible";
  impossible.obstacle = [] { return std::optional<std::string>("there is no way"); };
  const onlooker nobody{[](const std::string&, int, const std::string&) {}, [](const result&) {}};
  return compare({server("floor"), server("broken"), server("other"), gone, choosy, elsewhere}, {staged(), impossible}, nowhere(), 2,
                 nobody);
}

}  // namespace

TEST_SUITE("comparison") {
TEST_CASE("servers take turns, and each is compared with the floor of its round") {
  std::vector<std::string> turns;
  const auto note = [&](const std::string&, int round, const std::string& name) { turns.push_back(name + ' ' + std::to_string(round)); };
  const onlooker watching{note, [](const result&) {}};
  const auto made = compare({server("floor"), server("other")}, {staged()}, nowhere(), 2, watching);
  CHECK(turns == std::vector<std::string>{"floor 1", "other 1", "floor 2", "other 2"});
  REQUIRE(made.results.size() == 1);
  const auto& rows = made.results[0].rows;
  REQUIRE(rows.size() == 2);
  const auto& cpu = rows[1].outcomes[0];
  CHECK(cpu.value->median == 4);
  CHECK(cpu.ratio->least == 1.5);
  CHECK(cpu.ratio->most == 2.5);
  CHECK_FALSE(rows[0].outcomes[1].value);
  CHECK_FALSE(rows[1].outcomes[1].ratio);     // as the floor has no such figure
  CHECK(rows[1].outcomes[2].value->median == 9);
  CHECK_FALSE(rows[1].outcomes[2].ratio);     // as it would say nothing
  CHECK(made.results[0].foreign_share == 0.25);
}

TEST_CASE("what is repeatable is measured once") {
  auto once = staged();
  once.repeatable = true;
  int turns = 0;
  const onlooker watching{[&](const std::string&, int, const std::string&) { ++turns; }, [](const result&) {}};
  compare({server("floor")}, {once}, nowhere(), 5, watching);
  CHECK(turns == 1);
}

TEST_CASE("who is missing or fails is told, and the others go on") {
  const auto made = staged_comparison();
  REQUIRE(made.results.size() == 1);
  CHECK(made.results[0].rows.size() == 2);
  REQUIRE(made.failed.size() == 1);
  CHECK(made.failed[0].name == "broken, staged");
  CHECK(made.failed[0].reason == "it is broken");
  REQUIRE(made.skipped.size() == 3);
  CHECK(made.skipped[0].name == "gone");
  CHECK(made.skipped[0].reason == "no such program is not installed (Debian: gone-server)");
  CHECK(made.skipped[1].name == "impossible");
  CHECK(made.skipped[1].reason == "there is no way");
  CHECK(made.skipped[2].name == "choosy, staged");
}

TEST_CASE("without its floor a server has no ratios") {
  auto floor = server("floor");
  auto measure = staged();
  measure.measure = [](const subject& of, const conditions&) -> measurement {
    if (of.name == "floor") throw std::runtime_error("no floor");
    return {.figures = {1, 1, 1}};
  };
  const onlooker nobody{[](const std::string&, int, const std::string&) {}, [](const result&) {}};
  const auto made = compare({floor, server("other")}, {measure}, nowhere(), 1, nobody);
  REQUIRE(made.results.size() == 1);
  REQUIRE(made.results[0].rows.size() == 1);
  CHECK_FALSE(made.results[0].rows[0].outcomes[0].ratio);
}

TEST_CASE("the table has a line for each server, and a word of warning") {
  const auto made = staged_comparison();
  const auto text = table_of(made.results[0]);
  CHECK(text.find("\nstaged ") == 0);
  CHECK(text.find("\nother ") != std::string::npos);
  CHECK(text.find("4.00 (3.00 – 5.00)") != std::string::npos);
  CHECK(text.find("2.00 (1.50 – 2.50)") != std::string::npos);
  CHECK(text.find("up to 25.00 %") != std::string::npos);
  const auto remarks = remarks_on(made);
  CHECK(remarks.find("\nskipped: gone: no such program is not installed") != std::string::npos);
  CHECK(remarks.find("\nfailed: broken, staged: it is broken\n") != std::string::npos);
}

TEST_CASE("the JSON has all of it") {
  const auto report = boost::json::parse(json_of(staged_comparison(), {.rounds = 2, .seconds = 0.5, .on = {0, 1}}));
  CHECK(report.at("rounds").as_int64() == 2);
  const auto& scenario = report.at("scenarios").at(0);
  CHECK(scenario.at("name").as_string() == "staged");
  const auto& other = scenario.at("servers").at(1);
  CHECK(other.at("name").as_string() == "other");
  CHECK(other.at("cpu").at("median").as_double() == 4);
  CHECK(other.at("cpu").at("ratio").at("most").as_double() == 2.5);
  CHECK(other.at("memory").at("ratio").is_null());
  CHECK(scenario.at("servers").at(0).at("p50").is_null());
  CHECK(report.at("skipped").as_array().size() == 3);
  CHECK(report.at("failed").at(0).at("reason").as_string() == "it is broken");
}
}

TEST_SUITE("subject") {
TEST_CASE("what stands in braces is filled in, but for what is none of it") {
  const directories in{"/build", "/peers", "/here"};
  CHECK(filled_in("{bin}/csgi {port}{port} {unknown} {", in, "80") == "/build/bin/csgi 8080 {unknown} {");
  CHECK(filled_in("{configuration}", in, {}, "/here/{port}") == "/here/{port}");
}

TEST_CASE("a server of ours that is missing was not built") {
  subject ours = server("ours");
  ours.command = {"{bin}/csgi"};
  CHECK(absence(ours, {"/nowhere", "", ""}) == "csgi is not built");
  CHECK_FALSE(absence(server("there"), {}));
}

TEST_CASE("a program may be there and what it needs not") {
  subject half = server("half");
  half.packages = "half other-half";
  half.probe = {"/bin/false"};
  CHECK(absence(half, {}) == "not all of it is installed (Debian: half other-half)");
}
}

TEST_SUITE("footprint") {
TEST_CASE("callgrind's sum") {
  std::istringstream file("version: 1\nevents: Ir\nsummary: 12\n\nfn=(1)\n1 5\n\ntotals: 1234567890123\n");
  CHECK(parse_callgrind_totals(file) == 1234567890123);
  std::istringstream cut("version: 1\nevents: Ir\n");
  CHECK_THROWS_AS(parse_callgrind_totals(cut), std::runtime_error);
}
}
