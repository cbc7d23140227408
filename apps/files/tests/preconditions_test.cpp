#include <files/preconditions.hpp>
#include <doctest/doctest.h>
#include <vector>

using namespace std::chrono;

namespace {

const validators current{"\"now\"", sys_seconds(784'111'777s)};
constexpr std::string_view same_date = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view earlier = "Sun, 06 Nov 1994 08:49:36 GMT";

csgi::request with(const std::vector<csgi::field>& fields) {
  csgi::request head;
  head.method = "GET";
  head.fields = fields;
  return head;
}

verdict of(const std::vector<csgi::field>& fields) { return evaluate_preconditions(with(fields), current); }
bool followed(const std::vector<csgi::field>& fields) { return range_applies(with(fields), current); }

}  // namespace

TEST_SUITE("preconditions") {
TEST_CASE("without conditions the file is sent") { CHECK(of({}) == verdict::send); }

TEST_CASE("If-None-Match compares weakly, in lists and over several fields") {
  for (const auto* known : {"\"now\"", "W/\"now\"", "*", "\"a\", \"now\"", "\"a\" ,,\tW/\"now\",", "\"a,b\", \"now\""})
    CHECK(of({{"If-None-Match", known}}) == verdict::not_modified);
  for (const auto* unknown : {"\"then\"", "now", "\"now", "", "\"a\" \"now\"", "w/\"now\"", "\"*\"", "\"a, \"now\""})
    CHECK(of({{"If-None-Match", unknown}}) == verdict::send);
  CHECK(of({{"if-none-match", "\"a\""}, {"IF-NONE-MATCH", "\"now\""}}) == verdict::not_modified);
}

TEST_CASE("If-Modified-Since compares dates, and what is no date counts for nothing") {
  CHECK(of({{"If-Modified-Since", same_date}}) == verdict::not_modified);
  CHECK(of({{"If-Modified-Since", "Sun, 06 Nov 2094 08:49:37 GMT"}}) == verdict::not_modified);
  CHECK(of({{"If-Modified-Since", earlier}}) == verdict::send);
  CHECK(of({{"If-Modified-Since", "yesterday"}}) == verdict::send);
}

TEST_CASE("If-None-Match makes If-Modified-Since count for nothing") {
  CHECK(of({{"If-None-Match", "\"then\""}, {"If-Modified-Since", same_date}}) == verdict::send);
  CHECK(of({{"If-None-Match", "\"now\""}, {"If-Modified-Since", earlier}}) == verdict::not_modified);
}

TEST_CASE("If-Match compares strongly") {
  CHECK(of({{"If-Match", "\"now\""}}) == verdict::send);
  CHECK(of({{"If-Match", "\"a\", \"now\""}}) == verdict::send);
  CHECK(of({{"If-Match", "*"}}) == verdict::send);
  CHECK(of({{"If-Match", "W/\"now\""}}) == verdict::precondition_failed);
  CHECK(of({{"If-Match", "\"then\""}}) == verdict::precondition_failed);
  CHECK(of({{"If-Match", "nonsense"}}) == verdict::precondition_failed);
}

TEST_CASE("If-Unmodified-Since compares dates, unless there is If-Match") {
  CHECK(of({{"If-Unmodified-Since", earlier}}) == verdict::precondition_failed);
  CHECK(of({{"If-Unmodified-Since", same_date}}) == verdict::send);
  CHECK(of({{"If-Unmodified-Since", "yesterday"}}) == verdict::send);
  CHECK(of({{"If-Unmodified-Since", earlier}, {"If-Match", "\"now\""}}) == verdict::send);
}

TEST_CASE("a failed precondition comes before a known state, and a held one leaves it to be seen") {
  CHECK(of({{"If-Match", "\"then\""}, {"If-None-Match", "\"now\""}}) == verdict::precondition_failed);
  CHECK(of({{"If-Match", "\"now\""}, {"If-None-Match", "\"now\""}}) == verdict::not_modified);
}

TEST_CASE("If-Range holds for this very tag or date only") {
  CHECK(followed({}));
  CHECK(followed({{"If-Range", "\"now\""}}));
  CHECK(followed({{"If-Range", same_date}}));
  CHECK(!followed({{"If-Range", "W/\"now\""}}));
  CHECK(!followed({{"If-Range", "\"then\""}}));
  CHECK(!followed({{"If-Range", earlier}}));
  CHECK(!followed({{"If-Range", "Sun, 06 Nov 2094 08:49:37 GMT"}}));
  CHECK(!followed({{"If-Range", "nonsense"}}));
}
}
