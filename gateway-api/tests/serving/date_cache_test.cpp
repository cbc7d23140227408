#include <csgi/serving/date_cache.hpp>
#include <doctest/doctest.h>
#include <string>

namespace {

std::string formatted_by_the_library(std::time_t second) {
  char text[64];
  const std::tm* utc = std::gmtime(&second);
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", utc));
}

}  // namespace

TEST_SUITE("date") {
TEST_CASE("RFC 9110, 5.6.7: a date is written in the fixed form") {
  csgi::date_cache dates;
  CHECK(dates.at(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("any second from 1970 on is right, leap days too") {
  csgi::date_cache dates;
  const std::time_t three_thousand = 32503680000;
  for (std::time_t second = 0; second < three_thousand; second += 86400 * 3 + 3661)
    REQUIRE(dates.at(second) == formatted_by_the_library(second));
  CHECK(dates.at(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("the same second gives the same text again, another one its own") {
  csgi::date_cache dates;
  CHECK(dates.at(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(dates.at(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(dates.at(59) == "Thu, 01 Jan 1970 00:00:59 GMT");
}

TEST_CASE("now is the present second") {
  csgi::date_cache dates;
  const std::time_t before = std::time(nullptr);
  const std::string now(dates.now());
  const std::time_t after = std::time(nullptr);
  bool found = false;
  for (std::time_t second = before; second <= after; ++second) found |= formatted_by_the_library(second) == now;
  CHECK(found);
}
}
