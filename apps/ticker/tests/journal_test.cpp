#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>
#include <ticker/journal.hpp>

using ticking::journal;

namespace {

std::string text_of(const ticking::reading& r) {
  std::string text = std::to_string(r.missed) + " missed:";
  for (const auto& each : r.entries) text.append(" ").append(std::to_string(each.number)).append("=").append(each.text);
  return text;
}

}  // namespace

TEST_SUITE("journal") {
TEST_CASE("what came after a number is given, and how much of it is not kept any more") {
  journal j("run", 3);
  for (const auto* text : {"a", "b", "c", "d", "e"}) j.add(text);
  CHECK(text_of(j.after(5)) == "0 missed:");
  CHECK(text_of(j.after(4)) == "0 missed: 5=e");
  CHECK(text_of(j.after(2)) == "0 missed: 3=c 4=d 5=e");
  CHECK(text_of(j.after(1)) == "1 missed: 3=c 4=d 5=e");
  CHECK(text_of(j.after(0)) == "2 missed: 3=c 4=d 5=e");
}

TEST_CASE("the last ones are as many as there are") {
  journal j("run", 3);
  CHECK(text_of(j.last(2)) == "0 missed:");
  for (const auto* text : {"a", "b", "c", "d"}) j.add(text);
  CHECK(text_of(j.last(2)) == "0 missed: 3=c 4=d");
  CHECK(text_of(j.last(9)) == "0 missed: 2=b 3=c 4=d");
}

TEST_CASE("an id is that of this journal, and of what has been") {
  journal j("run", 3);
  j.add("a");
  j.add("b");
  CHECK(j.number_of(j.id_of(2)) == 2);
  CHECK(j.number_of("run-0") == 0);
  for (const auto* id : {"run-3", "other-1", "run", "run-", "run1", "run--1", "run-1x", "run- 1", "run-99999999999999999999", ""}) {
    CAPTURE(id);
    CHECK(!j.number_of(id));
  }
}
}
