#include "command_line.hpp"
#include <doctest/doctest.h>

using namespace csgi::bench;

TEST_SUITE("command_line of csgi_bench") {
TEST_CASE("the whole is five rounds of three seconds, the quick one three of a second") {
  const auto whole = parse_command_line({});
  CHECK(whole.rounds == 5);
  CHECK(whole.seconds == 3);
  CHECK(whole.warm_up_seconds == 1);
  CHECK(whole.wanted.how == thoroughness::whole);
  CHECK(whole.wanted.of == halves::both);
  const auto quick = parse_command_line({"--quick"});
  CHECK(quick.rounds == 3);
  CHECK(quick.seconds == 1);
  CHECK(quick.warm_up_seconds == 0);
  CHECK(quick.wanted.how == thoroughness::quick);
}

TEST_CASE("what is said counts more than --quick") {
  const auto asked = parse_command_line({"--quick", "--rounds", "2", "--seconds", "0.25", "--json", "x.json", "--only", "a", "--only", "b",
                                         "--http"});
  CHECK(asked.rounds == 2);
  CHECK(asked.seconds == 0.25);
  CHECK(asked.json == "x.json");
  CHECK(asked.wanted.only == std::vector<std::string>{"a", "b"});
  CHECK(asked.wanted.of == halves::http);
}

TEST_CASE("help names every option") {
  const auto asked = parse_command_line({"--help"});
  CHECK(asked.what == command_line::verb::help);
  for (const char* option : {"--quick", "--http", "--websocket", "--only", "--rounds", "--seconds", "--json", "--list", "--install"}) {
    CAPTURE(option);
    CHECK(asked.help.find(option) != std::string::npos);
  }
  CHECK(parse_command_line({"--list"}).what == command_line::verb::list);
}

TEST_CASE("a mistake is told in one line") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--quik"}, {"more"}, {"--rounds", "0"}, {"--rounds", "x"}, {"--seconds", "-1"}, {"--seconds", "0"},
        {"--only"}, {"--json"}, {"--http", "--websocket"}}) {
    CAPTURE(words.front());
    std::string told;
    try {
      parse_command_line(words);
    } catch (const usage_error& error) {
      told = error.what();
    }
    CHECK_FALSE(told.empty());
    CHECK(told.find('\n') == std::string::npos);
  }
}
}
