#include <mailer/settings.hpp>
#include <doctest/doctest.h>
#include <vector>

namespace {

settings parse(std::vector<std::string_view> words) { return settings::parse(words); }

}  // namespace

TEST_SUITE("mailer settings") {
TEST_CASE("options come apart or joined") {
  const auto apart = parse({"--spool", "d", "--takes", "20", "--most", "3"});
  const auto joined = parse({"--most=3", "--spool=d", "--takes=20"});
  for (const auto& s : {apart, joined}) {
    CHECK(s.spool == "d");
    CHECK(s.takes == std::chrono::milliseconds(20));
    CHECK(s.most == 3);
  }
  CHECK(parse({"--spool=a=b"}).spool == "a=b");
}

TEST_CASE("what is wrong is told") {
  CHECK_THROWS_WITH_AS(parse({}), "where are letters to be kept? -- --spool DIR", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--spool", "d", "--most", "-1"}), "--most is a number from 0 to 100000, not \"-1\"",
                       std::invalid_argument);
  CHECK_THROWS_AS(parse({"--spool", "d", "--most", "100001"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--spool", "d", "--takes", "1s"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--spool", "d", "--takes"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--spool"}), std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--spol", "d"}), "takes --spool DIR, --takes MS and --most N, not --spol", std::invalid_argument);
}
}
