#include <files/http_date.hpp>
#include <doctest/doctest.h>

using namespace std::chrono;

TEST_SUITE("http_date") {
TEST_CASE("the three forms of RFC 9110, 5.6.7 are one date") {
  const sys_seconds date(784'111'777s);
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == date);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == date);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == date);
  CHECK(to_http_date(date) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("dates go there and back") {
  for (const auto count : {0LL, 951'782'400LL, 951'868'799LL, 4'102'444'799LL, -1LL}) {
    const sys_seconds date{seconds(count)};
    CHECK(parse_http_date(to_http_date(date)) == date);
  }
}

TEST_CASE("a year of two digits lies at most fifty years ahead") {
  const int this_year = static_cast<int>(year_month_day(floor<days>(system_clock::now())).year());
  const auto of = [](int number) { return "Monday, 01-Jan-" + std::to_string(number % 100 + 100).substr(1) + " 00:00:00 GMT"; };
  CHECK(parse_http_date(of(this_year + 49)) == sys_days(year(this_year + 49) / January / 1));
  CHECK(parse_http_date(of(this_year + 51)) == sys_days(year(this_year - 49) / January / 1));
}

TEST_CASE("what is no date is none") {
  for (const auto* text : {"", "0", "now", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 0x Nov 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 94", "Sun, 06-Nov-94 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK(!parse_http_date(text));
  }
}
}
