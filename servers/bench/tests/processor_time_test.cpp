#include "processor_time.hpp"
#include <algorithm>
#include <doctest/doctest.h>
#include <sstream>
#include <stdexcept>
#include <unistd.h>
#include "child_process.hpp"

using namespace csgi::bench;

TEST_SUITE("processor_time") {
TEST_CASE("a core's time is that of programs and of soft interrupts, without idling") {
  const double tick = 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::istringstream stat("cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 1 2 3 400 50 6 7 8 0 0\ncpu1 10 20 30 1 2 3 5 4 0 0\nintr 1\n");
  const auto time = parse_core_time(stat, 1);
  CHECK(time.processes == doctest::Approx(60 * tick));
  CHECK(time.busy == doctest::Approx(65 * tick));
}

TEST_CASE("a core that is not there has no time") {
  std::istringstream stat("cpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4 5 6 7\ncpu10 1 2 3 4 5 6 7\n");
  CHECK_THROWS_AS(parse_core_time(stat, 1), std::runtime_error);
}

TEST_CASE("a process may have any name") {
  const double tick = 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::istringstream stat("42 (a) S 1) R 1 42 42 0 -1 4194304 100 0 0 0 30 12 0 0 20 0 1 0 1000 1 1\n");
  CHECK(parse_process_time(stat) == doctest::Approx(42 * tick));
}

TEST_CASE("the workers of a server belong to it") {
  child_process shell({"/bin/sh", "-c", "sleep 60 & echo $!; wait"});
  const auto worker = static_cast<pid_t>(std::stoi(shell.output_line()));
  const auto family = family_of(shell.id());
  CHECK(family.size() == 2);
  CHECK(std::ranges::count(family, worker) == 1);
  CHECK(resident_bytes(shell.id()) > resident_bytes(worker));
  ::kill(worker, SIGKILL);
}

TEST_CASE("this process is in memory") { CHECK(resident_bytes(::getpid()) > 100'000); }
}
