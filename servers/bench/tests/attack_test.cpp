// The csgi_attack program: what is left of it when it is interrupted.
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include "child_process.hpp"
#include "temporary_directory.hpp"

TEST_SUITE("csgi_attack") {
TEST_CASE("nothing is left of it, whatever it dies of") {
  for (const int number : {SIGINT, SIGTERM, SIGKILL}) {
    CAPTURE(number);
    const temporary_directory here;
    child_process attack({CSGI_ATTACK, "--quick"}, {}, [&] { ::setenv("TMPDIR", here.path().c_str(), 1); });
    CHECK(attack.output_line().starts_with("server "));
    CHECK_FALSE(std::filesystem::is_empty(here.path()));
    attack.signal(number);
    CHECK(attack.exit_code() == -number);     // its output is closed by then, by whoever has it
    CHECK(std::filesystem::is_empty(here.path()));
  }
}
}
