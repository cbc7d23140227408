// storefront_test.cpp - the three ways through the test client, with services in memory and time that need not be waited for.
#include <storefront/served_storefront.hpp>
#include "services_in_memory.hpp"
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;
using testing::client;
using testing::response;

namespace {

upstream::response items(const std::string& title) {
  return {.status = 200, .body = R"({"items": [{"title": ")" + title + R"(", "text": "x", "price": "1"}]})"};
}

constexpr const char* ways[] = {"/sequential", "/naive", "/concurrent"};

struct shop {
  explicit shop(std::string root_path = {})
      : c(pages, {.fields = {{"cookie", "user=ada"}}, .origin = {.root_path = std::move(root_path)},
                  .failure = testing::failures::answered, .time = testing::time_flow::skipped}) {}

  behaviour offering{"promotions", items("Offer"), 700ms}, picking{"recommendations", items("Pick"), 400ms};
  notes seen;
  blocking_service_in_memory promotions{offering, seen}, recommendations{picking, seen};
  async_service_in_memory promotions_awaited{offering, seen}, recommendations_awaited{picking, seen};
  storefront_pages pages{{promotions, recommendations, promotions_awaited, recommendations_awaited, 1s,
                          [] { return std::string("2026-11-21"); }}};
  client c;
};

bool has(const response& r, std::string_view text) { return r.body.find(text) != std::string::npos; }

using lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("storefront") {
TEST_CASE("each way shows both sections, for the day and the user") {
  for (const std::string way : ways) {
    CAPTURE(way);
    shop s;
    const auto r = s.c.get(way);
    CHECK(r.status == 200);
    CHECK(r.field("content-type") == "text/html; charset=utf-8");
    CHECK(r.field("cache-control") == "private, no-store");
    CHECK(has(r, "Offer"));
    CHECK(has(r, "Pick"));
    CHECK(has(r, "<strong>ada</strong>"));
    CHECK(r.log.empty());
  }
}

TEST_CASE("sequential and naive ask one after the other, concurrent asks both before either answers") {
  for (const std::string way : {"/sequential", "/naive"}) {
    CAPTURE(way);
    shop s;
    s.c.get(way);
    CHECK(s.seen.all() == lines{"promotions /?date=2026-11-21", "promotions answers", "recommendations /?user=ada",
                                "recommendations answers"});
  }
  for (const std::string way : {"/concurrent", "/"}) {
    CAPTURE(way);
    shop s;
    s.c.get(way);
    CHECK(s.seen.all() == lines{"promotions /?date=2026-11-21", "recommendations /?user=ada", "recommendations answers",
                                "promotions answers"});
  }
}

TEST_CASE("a service that fails, takes too long, or answers something else leaves its section out, and the operator is told") {
  struct trouble {
    behaviour how;
    std::string told;
  };
  const auto failing = [](upstream::failure::kind kind) {
    return behaviour{"promotions", {}, 0ms, upstream::failure(kind, "it is broken")};
  };
  const trouble troubles[] = {
      {failing(upstream::failure::kind::unreachable), "promotions left out: it is broken"},
      {failing(upstream::failure::kind::broken), "promotions left out: it is broken"},
      {failing(upstream::failure::kind::too_large), "promotions left out: it is broken"},
      {{"promotions", items("Offer"), 1h}, "promotions left out: no whole answer"},
      {{"promotions", {.status = 500, .body = "Offer"}}, "promotions left out: it answered 500"},
      {{"promotions", {.status = 204}}, "promotions left out: it answered 204"},
      {{"promotions", {.status = 200, .body = "Offer"}}, "promotions left out: its answer is malformed"},
  };
  for (const std::string way : ways) {
    for (const auto& t : troubles) {
      CAPTURE(way);
      CAPTURE(t.told);
      shop s;
      s.offering = t.how;
      const auto r = s.c.get(way);
      CHECK(r.status == 200);
      CHECK(!has(r, "Offer"));
      CHECK(has(r, "Pick"));
      REQUIRE(r.log.size() == 1);
      CHECK(r.log[0].level == log_level::warning);
      CHECK(r.log[0].text.starts_with(t.told));
      s.picking = {"recommendations", {.status = 404}};
      const auto bare = s.c.get(way);
      CHECK(bare.status == 200);
      CHECK(has(bare, "shelves"));
    }
  }
}

TEST_CASE("who has said no name, or one that is none, is asked nothing and gets no recommendations") {
  for (const std::string way : ways) {
    for (const std::string cookie : {"other=1", "user=", "user=a b", "user=a%26b", "user=<script>", "user=\"ada&x=1\"",
                                     "user=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
      CAPTURE(way);
      CAPTURE(cookie);
      shop s;
      const auto r = s.c.get(way, {.fields = {{"cookie", cookie}}});
      CHECK(has(r, "Offer"));
      CHECK(!has(r, "Pick"));
      CHECK(has(r, "Sign in"));
      CHECK(s.seen.all() == lines{"promotions /?date=2026-11-21", "promotions answers"});
    }
  }
}

TEST_CASE("a client that goes away is nobody's fault") {
  for (const std::string way : ways) {
    CAPTURE(way);
    shop s;
    auto live = s.c.begin("GET", way);
    live.disconnect();
    CHECK(live.outcome().aborted == std::errc::connection_reset);
  }
}

TEST_CASE("other paths, methods and the mount point without its slash are answered as such") {
  shop s("/the shop");
  CHECK(s.c.get("/the%20shop/").status == 200);
  CHECK(s.c.get("/the%20shop/naive").status == 200);
  const auto there = s.c.get("/the%20shop");
  CHECK(there.status == 301);
  CHECK(there.field("location") == "/the%20shop/");
  for (const auto* path : {"/the%20shop/naive/", "/the%20shop/x", "/the%20shop//", "/the%20shop/sign-in/"}) CHECK(s.c.get(path).status == 404);
  for (const std::string way : ways) {
    const auto r = s.c.post("/the%20shop" + way);
    CHECK(r.status == 405);
    CHECK(r.field("allow") == "GET, HEAD");
    const auto head = s.c.head("/the%20shop" + way);
    CHECK(head.status == 200);
    CHECK(head.body.empty());
  }
}

TEST_CASE("what is refused is a page that leads home") {
  shop s("/the shop");
  const auto lost = s.c.get("/the%20shop/a/b");
  CHECK(lost.field("content-type") == "text/html; charset=utf-8");
  CHECK(lost.field("content-security-policy"));
  CHECK(has(lost, "There is no such page."));
  CHECK(has(lost, "<a href=\"./../\">To the shop</a>"));
  CHECK(has(s.c.get("/the%20shop/sign-in"), "<a href=\"./\">To the shop</a>"));
  CHECK(has(s.c.post("/the%20shop/naive"), "can only be looked at"));
}

TEST_CASE("signing in sets a cookie that scripts do not see, signing out removes it") {
  shop s;
  const testing::field_list form{{"content-type", "application/x-www-form-urlencoded"}};
  const auto in = s.c.post("/sign-in", {.fields = form, .body = "user=Grace.H"});
  CHECK(in.status == 303);
  CHECK(in.field("location") == "./");
  CHECK(in.field("set-cookie") == "user=Grace.H; Path=/; HttpOnly; SameSite=Lax");
  const auto out = s.c.post("/sign-in", {.fields = form, .body = "user="});
  CHECK(out.field("set-cookie") == "user=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  for (const auto* body : {"", "name=x", "user=a%3Bb", "user=a%0D%0Ab", "user=%3Cb%3E"}) {
    CAPTURE(body);
    CHECK(s.c.post("/sign-in", {.fields = form, .body = body}).status == 422);
  }
  CHECK(s.c.post("/sign-in", {.fields = form, .body = std::string(2000, 'x')}).status == 413);
  CHECK(s.c.post("/sign-in", {.body = "user=ada"}).status == 415);
  CHECK(s.c.get("/sign-in").field("allow") == "POST");
}

TEST_CASE("arguments name the services, and what is wrong is told") {
  const std::string_view given[] = {"--promotions", "http://127.0.0.1:1/a", "--timeout=20",
                                    "--recommendations=http://127.0.0.1:2"};
  const auto parsed = storefront_arguments::parse(given);
  CHECK(parsed.promotions == "http://127.0.0.1:1/a");
  CHECK(parsed.recommendations == "http://127.0.0.1:2");
  CHECK(parsed.timeout == 20ms);
  const std::string_view unknown[] = {"--offers", "x"}, wordy[] = {"--timeout", "1s"}, lacking[] = {"--timeout"},
                         no_url[] = {"--promotions", "here"};
  for (const auto& wrong : {arguments(unknown), arguments(wordy), arguments(lacking), arguments(no_url)})
    CHECK_THROWS_AS(storefront{wrong}, std::invalid_argument);
}

TEST_CASE("today is a date") {
  const auto date = today();
  CHECK(date.size() == 10);
  CHECK(date > "2020-01-01");
}
}
