#include <storefront/home_page.hpp>
#include <doctest/doctest.h>

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const section two{{"Pot", "Boils.", "1.00"}, {"Cup", "Holds.", "2.00"}};

std::optional<section> answered(int status, std::string body) { return section_of({.status = status, .body = std::move(body)}); }

}  // namespace

TEST_SUITE("home page") {
TEST_CASE("it shows what there is, in order, and leaves out what there is not") {
  const auto whole = render({.user = "ada", .promotions = two, .recommendations = section{{"Mug", "Warm.", "3.00"}}}, "somehow");
  CHECK(whole.find("On offer today") < whole.find("Pot"));
  CHECK(whole.find("Pot") < whole.find("Cup"));
  CHECK(whole.find("Cup") < whole.find("Picked for you"));
  CHECK(whole.find("Picked for you") < whole.find("Mug"));
  CHECK(has(whole, "<strong>ada</strong>"));
  CHECK(has(whole, "put together somehow"));
  CHECK(!has(whole, "Sign in"));
  CHECK(!has(whole, "shelves"));
  CHECK(!has(whole, "{{"));

  const auto half = render({.promotions = two, .recommendations = section{}}, "");
  CHECK(has(half, "On offer today"));
  CHECK(!has(half, "Picked for you"));
  CHECK(has(half, "Sign in"));
  CHECK(!has(half, "shelves"));

  const auto bare = render({}, "");
  CHECK(!has(bare, "<section"));
  CHECK(has(bare, "shelves"));
}

TEST_CASE("nothing that comes from elsewhere becomes markup, or a template") {
  const section hostile{{"<script>alert(1)</script>", "\"'&<", "{{user}}{{{title}}}{{! no }}"}};
  const auto html = render({.user = "<b>\"'&", .promotions = hostile}, "<i>");
  CHECK(!has(html, "<script>"));
  CHECK(!has(html, "<b>"));
  CHECK(!has(html, "<i>"));
  CHECK(has(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(has(html, "&lt;b&gt;&quot;&apos;&amp;"));
  CHECK(has(html, "{{user}}{{{title}}}{{! no }}"));
}

TEST_CASE("an answer is a section, or nothing") {
  const auto right = answered(200, R"({"items": [{"title": "t", "text": "x", "price": "1", "more": 2}], "more": []})");
  REQUIRE(right);
  CHECK(right->at(0).text == "x");
  CHECK(answered(200, R"({"items": []})")->empty());
  for (const int status : {199, 201, 204, 206, 301, 404, 500}) CHECK(!answered(status, R"({"items": []})"));
  for (const auto* body : {"", "{", "[]", "null", "{}", R"({"items": {}})", R"({"items": [1]})",
                           R"({"items": [{"title": "t", "text": "x"}]})",
                           R"({"items": [{"title": "t", "text": "x", "price": 1}]})", R"({"items": []} x)"}) {
    CAPTURE(body);
    CHECK(!answered(200, body));
  }
  CHECK(!answered(200, std::string(100'000, '[')));
  std::string many = R"({"items": [)";
  for (int i = 0; i < 100; ++i) many += std::string(i ? "," : "") + R"({"title": "t", "text": "x", "price": "1"})";
  CHECK(answered(200, many + "]}")->size() == 12);
}
}
