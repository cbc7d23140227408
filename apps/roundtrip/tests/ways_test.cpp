// ways_test.cpp - the three ways in memory: the weather service is another app on the same loop, and time need not pass.
#include <roundtrip/ways.hpp>
#include <roundtrip/weather/weather.hpp>
#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <http_client/tests/service_in_memory.hpp>
#include <optional>

using namespace std::chrono_literals;
using csgi::testing::client;

namespace {

using lines = std::vector<std::string>;

/// Hands on to another service, and notes when.
class observed final : public upstream::async_service {
 public:
  std::optional<service_in_memory> behind;
  lines seen;

 private:
  csgi::task<upstream::response> perform(const upstream::request& what) override {
    seen.push_back("> " + what.target);
    const auto answer = co_await behind->fetch(what);
    seen.push_back("< " + what.target);
    co_return answer;
  }
};

/// Answers at once.
class prompt final : public upstream::blocking_service {
 public:
  upstream::response fetch(const upstream::request& what) override {
    seen.push_back(what.target);
    if (what.target.ends_with("Oslo")) throw upstream::failure(upstream::failure::kind::unreachable, "somewhere");
    upstream::response answer;
    answer.status = what.target.ends_with("Lima") ? 503 : 200;
    answer.body = what.target.ends_with("Tokyo") ? "rain" : R"({"sky": "clear"})";
    return answer;
  }
  lines seen;
};

/// roundtrip with a weather service that behaves as told.
struct world {
  explicit world(weather_options how, std::chrono::milliseconds timeout = 10s)
      : stand_in(std::move(how)), app(blocking, async, timeout), user(app, {.time = csgi::testing::time_flow::skipped}) {
    async.behind.emplace(user, stand_in);
  }

  ~world() { async.behind.reset(); }      // before the user's loop

  std::string get(std::string target) { return user.get(std::move(target)).body; }

  weather stand_in;
  prompt blocking;
  observed async;
  ways app;
  client user;
};

const std::string oslo = R"({"city":"Oslo","celsius":-4,"sky":"snow"})";
const std::string lima = R"({"city":"Lima","celsius":19,"sky":"fog"})";

}  // namespace

TEST_SUITE("roundtrip") {
TEST_CASE("in a row, a city is asked about when the one before it has answered") {
  world w({.delay = 1s});
  CHECK(w.get("/row?city=Oslo&city=Lima") == R"({"how":"in a row","cities":[)" + oslo + "," + lima + "]}");
  CHECK(w.async.seen == lines{"> /weather?city=Oslo", "< /weather?city=Oslo", "> /weather?city=Lima", "< /weather?city=Lima"});
}

TEST_CASE("together, all are asked about before any has answered") {
  world w({.delay = 1s});
  CHECK(w.get("/together?city=Oslo&city=Lima") == R"({"how":"together","cities":[)" + oslo + "," + lima + "]}");
  CHECK(w.async.seen == lines{"> /weather?city=Oslo", "> /weather?city=Lima", "< /weather?city=Oslo", "< /weather?city=Lima"});
}

TEST_CASE("five cities, unless asked for others") {
  world w({});
  for (const auto* path : {"/row", "/together", "/row-blocking"}) {
    const auto answer = w.user.get(path);
    CHECK(answer.field("content-type") == "application/json");
    CHECK(boost::json::parse(answer.body).at("cities").as_array().size() == 5);
  }
}

TEST_CASE("one city that fails does not spoil the others") {
  for (const auto* path : {"/row", "/together"}) {
    world w({.failing = {"Lima"}});
    const auto answer = w.get(std::string(path) + "?city=Lima&city=Atlantis&city=Oslo");
    CHECK(answer.ends_with(R"("cities":[{"city":"Lima","error":"status 500"},{"city":"Atlantis","error":"status 404"},)" + oslo + "]}"));
  }
}

TEST_CASE("one city that is slow is left out when its time is over, and the others are there") {
  for (const auto* path : {"/row", "/together"}) {
    world w({.delay = 1s, .slow = {"Lima"}}, 2s);
    CHECK(w.get(std::string(path) + "?city=Lima&city=Oslo").ends_with(R"([{"city":"Lima","error":"timed out"},)" + oslo + "]}"));
  }
}

TEST_CASE("where the upstream is too slow for everybody, everybody is told") {
  world w({.delay = 3s}, 2s);
  CHECK(w.get("/together?city=Lima&city=Oslo").ends_with(R"([{"city":"Lima","error":"timed out"},{"city":"Oslo","error":"timed out"}]})"));
  CHECK(w.async.seen.size() == 2);
}

TEST_CASE("who blocks asks in a row, too, and loses no city but those that fail") {
  world w({});
  CHECK(w.get("/row-blocking?city=Oslo&city=Lima&city=Tokyo&city=Lisbon") ==
        R"({"how":"in a row, blocking","cities":[{"city":"Oslo","error":"unreachable"},{"city":"Lima","error":"status 503"},)"
        R"({"city":"Tokyo","error":"no JSON"},{"sky":"clear"}]})");
  CHECK(w.blocking.seen == lines{"/weather?city=Oslo", "/weather?city=Lima", "/weather?city=Tokyo", "/weather?city=Lisbon"});
}

TEST_CASE("nothing of a name gets out of its parameter") {
  world w({});
  w.get("/row?city=Oslo%26city%3DLima%0D%0AX:+y");
  CHECK(w.async.seen.at(0) == "> /weather?city=Oslo%26city%3DLima%0D%0AX%3A%20y");
  CHECK(w.get("/row?city=a%22%5C%C3%A9").find(R"({"city":"a\"\\é","error":"status 404"})") != std::string::npos);
}

TEST_CASE("what cannot be asked is refused before anybody is") {
  world w({});
  for (const auto* path : {"/row", "/together", "/row-blocking"}) {
    CAPTURE(path);
    const std::string at = path;
    CHECK(w.user.get(at + "?city=").status == 400);
    CHECK(w.user.get(at + "?city=%FF").status == 400);
    CHECK(w.user.get(at + "?city=" + std::string(65, 'x')).status == 400);
    CHECK(w.user.get(at + "?city=1&city=2&city=3&city=4&city=5&city=6&city=7&city=8&city=9&city=0&city=1").status == 400);
    CHECK(w.user.post(at).field("allow") == "GET, HEAD");
    CHECK(w.user.head(at).status == 200);
  }
  CHECK(w.user.get("/elsewhere").status == 404);
  CHECK(w.user.get("/").body.starts_with("/row-blocking"));
}

TEST_CASE("a server that wants the request to end takes the questions along") {
  for (const auto* path : {"/row", "/together"}) {
    world w({.slow = {"Lima"}}, 24h);
    auto live = w.user.begin("GET", std::string(path) + "?city=Lima");
    REQUIRE(w.user.loop().turn_until([&] { return !w.async.seen.empty(); }));
    live.exchange().stop();
    CHECK(live.finish().status == 503);
    CHECK(w.async.seen == lines{"> /weather?city=Lima"});
  }
}
}
