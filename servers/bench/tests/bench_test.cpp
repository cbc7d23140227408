// The csgi_bench program: real figures, mistakes, and what is left of it. How high figures are is not judged.
#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include "child_process.hpp"
#include "temporary_directory.hpp"

namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Whether a process is left that was started with this among its words.
bool some_process_names(const std::string& text) {
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    const auto name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos && content_of(process.path() / "cmdline").find(text) != std::string::npos)
      return true;
  }
  return false;
}

// Processes start, and die with their starter, a moment later.
bool soon(bool some, const std::string& text) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (some_process_names(text) != some && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  return some_process_names(text) == some;
}

bool two_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  return CPU_COUNT(&allowed) >= 2;
}

}  // namespace

TEST_SUITE("csgi_bench") {
TEST_CASE("floor and evented are measured, and there is something to read for people and for programs") {
  if (!two_cores()) return;       // it needs one for the server and one for the client, and says so
  const temporary_directory here;
  child_process bench({CSGI_BENCH, "--only", "evented, async", "--only", "download", "--only", "allocations", "--rounds", "1",
                       "--seconds", "0.3", "--json", here / "figures.json"});
  const auto table = bench.rest_of_output();
  const auto progress = bench.rest_of_errors();
  REQUIRE_MESSAGE(bench.exit_code() == 0, table << progress);
  CHECK(table.find("\ndownload 1 MiB ") != std::string::npos);
  CHECK(table.find("\nevented, async app ") != std::string::npos);
  CHECK(progress.find("download 1 MiB, round 1: evented, async app\n") != std::string::npos);

  const auto report = boost::json::parse(content_of(here / "figures.json"));
  CHECK(report.at("failed").as_array().empty());
  const auto& scenarios = report.at("scenarios").as_array();
  REQUIRE(scenarios.size() == 2);
  CHECK(scenarios[0].at("name").as_string() == "download 1 MiB");
  CHECK(scenarios[1].at("name").as_string() == "allocations");
  for (const auto& scenario : scenarios) {
    REQUIRE(scenario.at("servers").as_array().size() == 2);
    CHECK(scenario.at("servers").at(0).at("name").as_string() == "floor");
    CHECK(scenario.at("servers").at(1).at("name").as_string() == "evented, async app");
  }
  for (const auto& server : scenarios[0].at("servers").as_array())
    for (const char* metric : {"cpu_microseconds_per_request", "requests_per_second", "p50_microseconds", "p99_microseconds"}) {
      CAPTURE(metric);
      CHECK(server.at(metric).at("median").as_double() > 0);
      CHECK(server.at(metric).at("ratio").at("median").as_double() > 0);
    }
  CHECK(scenarios[1].at("servers").at(0).at("allocations_per_request").at("median").to_number<double>() == 0);
}

TEST_CASE("a mistake is told in one line, and nothing is measured") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--only", "nobody's"}, {"--rounds", "none"}, {"--json", "/nowhere/figures.json"}}) {
    CAPTURE(words.front());
    std::vector<std::string> command{CSGI_BENCH};
    command.insert(command.end(), words.begin(), words.end());
    child_process bench(command);
    CHECK(bench.rest_of_output().empty());
    const auto complaint = bench.rest_of_errors();
    CHECK(complaint.starts_with("csgi_bench: " + words.front()));
    CHECK(complaint.find('\n') == complaint.size() - 1);
    CHECK(bench.exit_code() == 2);
  }
}

TEST_CASE("nothing is left of it, whatever it dies of") {
  if (!two_cores()) return;       // nothing is started
  for (const int number : {SIGINT, SIGTERM, SIGKILL}) {
    CAPTURE(number);
    const temporary_directory here;
    child_process bench({CSGI_BENCH, "--only", "evented, async", "--only", "download", "--seconds", "60"}, {},
                        [&] { ::setenv("TMPDIR", here.path().c_str(), 1); });
    CHECK(bench.error_line() == "download 1 MiB, round 1: floor");
    CHECK_FALSE(std::filesystem::is_empty(here.path()));
    const std::string own = std::filesystem::directory_iterator(here.path())->path();
    CHECK(soon(true, own + "/www/file"));     // the floor, which is told that file
    bench.signal(number);
    CHECK(bench.exit_code() == -number);      // its output is closed by then, by whoever has it
    CHECK(std::filesystem::is_empty(here.path()));
    CHECK(soon(false, own));
  }
}
}
