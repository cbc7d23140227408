#include <storefront/services/promotions.hpp>
#include <storefront/services/recommendations.hpp>
#include <boost/json.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::time_flow;

namespace {

std::string first_title(const testing::response& r) {
  return std::string(boost::json::parse(r.body).at("items").at(0).at("title").as_string());
}

}  // namespace

TEST_SUITE("storefront services") {
TEST_CASE("promotions are those of the day") {
  promotions app(std::chrono::milliseconds(0));
  client c(app);
  CHECK(first_title(c.get("/?date=2026-11-21")) == "A slow Saturday");
  CHECK(first_title(c.get("/?date=2026-11-22")) == "Sunday roast");
  CHECK(c.get("/?date=2026-11-22").field("content-type") == "application/json");
  for (const auto* query : {"", "?date=", "?date=tomorrow", "?date=2026-02-30", "?date=2026-13-01",
                            "?date=2026-1-001", "?date=-026-01-01", "?date=2026-11-21x"}) {
    CAPTURE(query);
    CHECK(c.get(std::string("/") + query).status == 400);
  }
}

TEST_CASE("recommendations are those of the user") {
  recommendations app(std::chrono::milliseconds(0));
  client c(app);
  CHECK(c.get("/?user=ada").body == c.get("/?user=ada").body);
  CHECK(c.get("/?user=ada").body != c.get("/?user=grace").body);
  CHECK(c.get("/").status == 404);
  CHECK(c.get("/?user=").status == 404);
}

TEST_CASE("they take the time that they are told to") {
  const std::string_view apart[] = {"--delay", "250"}, joined[] = {"--delay=250"};
  promotions offers{arguments(apart)};
  recommendations picks{arguments(joined)};
  for (const application app : {application(offers), application(picks)}) {
    client c(app, {.time = time_flow::skipped});
    CHECK(c.get("/?user=ada&date=2026-11-21").status == 200);
    REQUIRE(c.loop().waits().size() == 1);
    CHECK(c.loop().waits()[0] > std::chrono::milliseconds(200));
    CHECK(c.loop().waits()[0] <= std::chrono::milliseconds(250));
  }
  const std::string_view wrong[] = {"--delay", "-1"}, lacking[] = {"--delay"}, unknown[] = {"--dely", "1"};
  for (const auto& given : {arguments(wrong), arguments(lacking), arguments(unknown)})
    CHECK_THROWS_AS(promotions{given}, std::invalid_argument);
}
}
