#include <csgi/header_list.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace csgi;

TEST_SUITE("header_list") {
TEST_CASE("fields stay in order, with duplicates and their case") {
  header_list list;
  list.add("Set-Cookie", "a=1");
  list.add("X", "y");
  list.add("set-cookie", "b=2");
  REQUIRE(list.fields().size() == 3);
  CHECK(list.fields()[0].name == "Set-Cookie");
  CHECK(list.fields()[2].name == "set-cookie");
  CHECK(list.find("SET-COOKIE") == "a=1");
}

TEST_CASE("what is added is copied") {
  header_list list;
  std::string name = "name", value = "value";
  list.add(name, value);
  name = "other";
  value = "gone!";
  CHECK(list.find("name") == "value");
}

TEST_CASE("set() leaves one field of that name, also when its new value comes from the old one") {
  header_list list;
  list.add("vary", "accept");
  list.add("Vary", "cookie");
  list.set("VARY", *list.find("vary"));
  REQUIRE(list.fields().size() == 1);
  CHECK(list.fields()[0].value == "accept");
}

TEST_CASE("remove() takes every field of that name, and no other") {
  header_list list;
  list.add("a", "1");
  list.add("b", "2");
  list.add("A", "3");
  list.remove("a");
  REQUIRE(list.fields().size() == 1);
  CHECK(list.fields()[0].name == "b");
  list.remove("nothing");
  CHECK(list.fields().size() == 1);
}

TEST_CASE("a list can start from borrowed fields") {
  const field head[] = {{"a", "1"}, {"b", "2"}};
  header_list list(head);
  list.set("a", "one");
  CHECK(list.find("a") == "one");
  CHECK(list.find("b") == "2");
  CHECK(head[0].value == "1");
}

TEST_CASE("a list grows beyond the memory inside it, and takes empty values") {
  header_list list;
  for (int i = 0; i < 200; ++i) list.add("name-" + std::to_string(i), std::string(100, 'v'));
  list.add("empty", "");
  CHECK(list.fields().size() == 201);
  CHECK(list.find("name-0") == std::string(100, 'v'));
  CHECK(list.find("empty") == "");
}
}
