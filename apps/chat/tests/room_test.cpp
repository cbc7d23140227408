#include <chat/rooms.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

using namespace chatting;

namespace {

/// Everything that waits in an outbox, a line each, without what differs from run to run.
class reader final : public csgi::async_app {
 public:
  explicit reader(outbox& from) : from_(from) {}
  csgi::task<> http(csgi::async_exchange ex) override { return answer(ex, from_); }

 private:
  static csgi::task<> answer(csgi::async_exchange ex, outbox& from) {
    from.close({.code = 1000, .reason = {}});
    std::string all;
    for (auto next = co_await from.next(ex); next; next = co_await from.next(ex)) all += *next + '\n';
    co_await ex.respond(200, "text/plain", all);
  }

  outbox& from_;
};

std::string without(std::string text, std::string_view name) {
  const auto key = '"' + std::string(name) + "\":";
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key)) text.erase(at, text.find(',', at) + 1 - at);
  return text;
}

std::string rest_of(outbox& box) {
  reader app(box);
  return without(without(csgi::testing::client(app).get("/").body, "at"), "since");
}

std::vector<std::string> names(std::initializer_list<const char*> list) { return {list.begin(), list.end()}; }

}  // namespace

TEST_SUITE("room") {
TEST_CASE("a newcomer learns who is there and what was said, the others of the newcomer") {
  room r("lobby", {});
  outbox ada({}), bob({});
  const auto a = r.enter("Ada", ada);
  REQUIRE(a);
  r.say(*a, "first");
  const auto b = r.enter("Bob", bob);
  REQUIRE(b);
  r.say(*b, "second");
  r.leave(*a);
  CHECK(r.people() == names({"Bob"}));
  CHECK(rest_of(ada) ==
        R"({"type":"welcome","room":"lobby","you":"Ada","people":["Ada"],"history":[]})" "\n"
        R"({"type":"said","id":1,"from":"Ada","text":"first"})" "\n"
        R"({"type":"joined","name":"Bob"})" "\n"
        R"({"type":"said","id":2,"from":"Bob","text":"second"})" "\n");
  CHECK(rest_of(bob) ==
        R"({"type":"welcome","room":"lobby","you":"Bob","people":["Ada","Bob"],"history":[{"type":"said","id":1,"from":"Ada","text":"first"}]})" "\n"
        R"({"type":"said","id":2,"from":"Bob","text":"second"})" "\n"
        R"({"type":"left","name":"Ada"})" "\n");
}

TEST_CASE("a name that is taken gets a number") {
  room r("lobby", {});
  outbox first({}), second({}), third({});
  const auto one = r.enter("Ada", first);
  r.enter("Ada", second);
  r.leave(*one);
  r.enter("Ada 2", third);
  CHECK(r.people() == names({"Ada 2", "Ada 2 2"}));
}

TEST_CASE("history is bounded, and may be none") {
  room r("lobby", {.people = 9, .history = 2});
  outbox ada({}), bob({});
  const auto a = r.enter("Ada", ada);
  for (const auto* text : {"one", "two", "three"}) r.say(*a, text);
  r.enter("Bob", bob);
  const auto seen = rest_of(bob);
  CHECK(seen.find("one") == std::string::npos);
  CHECK(seen.find("two") < seen.find("three"));

  room none("lobby", {.people = 9, .history = 0});
  outbox cy({}), dan({});
  none.say(*none.enter("Cy", cy), "one");
  none.enter("Dan", dan);
  CHECK(rest_of(dan).find(R"("history":[])") != std::string::npos);
}

TEST_CASE("a room that is full lets nobody in") {
  room r("lobby", {.people = 1, .history = 2});
  outbox ada({}), bob({});
  CHECK(r.enter("Ada", ada));
  CHECK(!r.enter("Bob", bob));
  CHECK(rest_of(bob).empty());
}

TEST_CASE("who takes nothing is put out, is not heard any more, and the others are told once") {
  room r("lobby", {});
  outbox ada({}), slow({.lines = 3, .bytes = 1000});
  const auto a = r.enter("Ada", ada);
  const auto s = r.enter("Slow", slow);
  for (const auto* text : {"one", "two", "three", "four"}) r.say(*a, text);
  r.say(*s, "I am still here");
  r.leave(*s);
  CHECK(r.people() == names({"Ada"}));
  CHECK(rest_of(slow).empty());
  CHECK(slow.end().code == 1013);
  const auto seen = rest_of(ada);
  CHECK(seen.find("still here") == std::string::npos);
  CHECK(seen.find(R"({"type":"left","name":"Slow"})") == seen.rfind(R"({"type":"left","name":"Slow"})"));
  CHECK(seen.find(R"({"type":"left","name":"Slow"})") != std::string::npos);
  CHECK(seen.find("four") != std::string::npos);
}

TEST_CASE("putting out one may put out the next, and the rest learn of all") {
  room r("lobby", {});
  outbox ada({}), slow({.lines = 4, .bytes = 10'000}), slower({.lines = 2, .bytes = 10'000});
  const auto a = r.enter("Ada", ada);
  r.enter("Slow", slow);
  r.enter("Slower", slower);      // the second line of Slow
  for (const auto* text : {"one", "two"}) r.say(*a, text);
  CHECK(r.people() == names({"Ada"}));
  const auto seen = rest_of(ada);
  CHECK(seen.find(R"({"type":"left","name":"Slower"})") < seen.find(R"({"type":"left","name":"Slow"})"));
}

TEST_CASE("bytes are bounded as lines are, but for one line of any size") {
  outbox box({.lines = 100, .bytes = 10});
  CHECK(box.put(std::make_shared<const std::string>(1000, 'x')));
  CHECK(!box.put(std::make_shared<const std::string>("y")));
}

TEST_CASE("only what was there is sent once it is closed, and the first to close it counts") {
  outbox box({});
  box.put(std::make_shared<const std::string>("a"));
  box.close({.code = 1012, .reason = "later"});
  CHECK(box.put(std::make_shared<const std::string>("b")));
  box.close({.code = 1000, .reason = {}});
  CHECK(rest_of(box) == "a\n");
  CHECK(box.end().code == 1012);
}

TEST_CASE("a room nobody is in makes place for another, and not one with people") {
  rooms all(2, {});
  outbox ada({}), bob({}), cy({}), dan({}), eve({});
  auto in_first = all.enter("first", "Ada", ada);
  in_first->say("kept while there is place");
  in_first.reset();
  const auto in_second = all.enter("second", "Bob", bob);
  CHECK(in_second);
  auto again = all.enter("first", "Cy", cy);
  CHECK(rest_of(cy).find("kept while there is place") != std::string::npos);
  CHECK(!all.enter("third", "Dan", dan));
  again.reset();
  CHECK(all.enter("third", "Eve", eve));
}
}
