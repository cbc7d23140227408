#include <csgi/field.hpp>
#include <doctest/doctest.h>

using namespace csgi;

TEST_SUITE("field") {
TEST_CASE("names are compared without regard to ASCII case, and nothing else is folded") {
  CHECK(same_name("Content-Type", "cONTENT-tYPE"));
  CHECK(!same_name("X_Foo", "X-Foo"));
  CHECK(!same_name("a", "ab"));
  CHECK(!same_name("@", "`"));        // differ in the case bit alone
  CHECK(!same_name("[", "{"));
  CHECK(!same_name("\xC4", "\xE4"));  // as they do in Latin-1
}

TEST_CASE("the first field of a name is found, and none is not an empty one") {
  const field fields[] = {{"A", "1"}, {"b", ""}, {"a", "2"}};
  CHECK(find_field(fields, "a") == "1");
  CHECK(find_field(fields, "B") == "");
  CHECK(!find_field(fields, "c"));
}
}
