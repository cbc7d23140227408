#include <csgi/query.hpp>
#include <doctest/doctest.h>

using csgi::parameters;

namespace {

std::string shown(std::string_view encoded) {
  std::string text;
  for (const auto& [name, value] : parameters(encoded)) text += "[" + name + "=" + value + "]";
  return text;
}

}  // namespace

TEST_SUITE("parameters") {
TEST_CASE("names and values are decoded once, in order, duplicates kept") {
  CHECK(shown("b=1&a=2&b=3") == "[b=1][a=2][b=3]");
  CHECK(shown("a+b=c%20d%2Be") == "[a b=c d+e]");
  CHECK(shown("x=%2525&y=%C3%A9") == "[x=%25][y=\xC3\xA9]");
  CHECK(shown("a=b=c&d&e=&=f&&") == "[a=b=c][d=][e=][=f]");
  CHECK(shown("").empty());
}

TEST_CASE("a % that begins no byte stands for itself") {
  CHECK(shown("a=100%&b=%4&c=%zz&d=%g1&e=%%41") == "[a=100%][b=%4][c=%zz][d=%g1][e=%A]");
}

TEST_CASE("the first value is found, or all, or none") {
  const parameters query("a=1&b=&a=2");
  CHECK(query.find("a") == "1");
  CHECK(query.find("b") == "");
  CHECK(!query.find("c"));
  CHECK(query.all("a") == std::vector<std::string_view>{"1", "2"});
  CHECK(query.size() == 3);
}
}
