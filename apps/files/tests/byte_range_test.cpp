#include <files/byte_range.hpp>
#include <doctest/doctest.h>
#include <string>

namespace {

// "first+count", "whole" or "none".
std::string asked(std::string_view value, std::uint64_t size) {
  const auto range = byte_range::parse(value, size);
  if (range.type == byte_range::kind::unsatisfiable) return "none";
  if (range.type == byte_range::kind::part) return std::to_string(range.first) + '+' + std::to_string(range.count);
  CHECK(range.first == 0);
  CHECK(range.count == size);
  return "whole";
}

}  // namespace

TEST_SUITE("byte_range") {
TEST_CASE("one range of bytes is followed, as far as the file goes") {
  CHECK(asked("bytes=0-0", 10) == "0+1");
  CHECK(asked("bytes=2-5", 10) == "2+4");
  CHECK(asked("bytes=5-", 10) == "5+5");
  CHECK(asked("bytes=5-99", 10) == "5+5");
  CHECK(asked("bytes=-3", 10) == "7+3");
  CHECK(asked("bytes=-99", 10) == "0+10");
  CHECK(asked("Bytes= 2-5 ,", 10) == "2+4");
  CHECK(asked("bytes=1-99999999999999999999999", 10) == "1+9");
}

TEST_CASE("a range that begins after the end is unsatisfiable") {
  CHECK(asked("bytes=10-", 10) == "none");
  CHECK(asked("bytes=99999999999999999999999-", 10) == "none");
  CHECK(asked("bytes=-0", 10) == "none");
  CHECK(asked("bytes=0-", 0) == "none");
}

TEST_CASE("whatever else is not followed") {
  for (const auto* value : {"", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1-b", "bytes=1", "lines=1-2",
                            "bytes=0-1,4-5", "bytes=0-1, -1", "bytes=1 - 2", "bytes=--1", "bytes=+1-2", "bytes=0x1-2"}) {
    CAPTURE(value);
    CHECK(asked(value, 10) == "whole");
  }
  CHECK(asked("bytes=-5", 0) == "whole");
}
}
