#include <csgi/middleware/cors.hpp>
#include "around.hpp"

using namespace csgi;

namespace {

task<> plain(async_exchange ex) {
  ex.start(200, {{"vary", "Accept"}, {"access-control-allow-origin", "https://evil.example"}});
  co_await ex.finish("seen");
}

recorded_response ask(const cors_settings& settings, const scripted_request& script) {
  recorded_response answer;
  in_both_kinds(cors(settings), plain, script, [&](const recorded_response& r) { answer = r; });
  return answer;
}

scripted_request from(const std::string& origin) { return {.fields = {{"Origin", origin}}}; }

scripted_request preflight(const std::string& origin) {
  return {.method = "OPTIONS", .fields = {{"Origin", origin}, {"Access-Control-Request-Method", "PUT"},
                                          {"Access-Control-Request-Headers", "x-token"}}};
}

bool varies(const recorded_response& r, std::string_view name) {
  return std::ranges::any_of(r.fields, [&](const auto& f) { return same_name(f.first, "vary") && lists(f.second, name); });
}

const cors_settings shop{.origins = {"https://shop.example"}, .request_fields = {"x-token"}, .exposed_fields = {"x-total"},
                         .credentials = true};
const cors_settings everyone{.origins = {"*"}};

}  // namespace

TEST_SUITE("cors") {
TEST_CASE("an allowed origin may see the response") {
  const auto r = ask(shop, from("https://shop.example"));
  CHECK(r.body == "seen");
  CHECK(r.field("access-control-allow-origin") == "https://shop.example");
  CHECK(r.field("access-control-allow-credentials") == "true");
  CHECK(r.field("access-control-expose-headers") == "x-total");
  CHECK(varies(r, "Origin"));
  CHECK(varies(r, "Accept"));
}

TEST_CASE("another is told nothing, and neither is a request without one; both vary") {
  for (const auto& script : {from("https://shop.example.evil"), from("HTTPS://shop.example"), from("null"), scripted_request()}) {
    const auto r = ask(shop, script);
    CHECK(r.body == "seen");
    CHECK_FALSE(r.field("access-control-allow-origin"));
    CHECK_FALSE(r.field("access-control-allow-credentials"));
    CHECK(varies(r, "Origin"));
  }
}

TEST_CASE("every origin, the same for all") {
  const auto r = ask(everyone, from("https://any.example"));
  CHECK(r.field("access-control-allow-origin") == "*");
  CHECK_FALSE(varies(r, "Origin"));
  CHECK(ask(everyone, preflight("https://any.example")).field("access-control-allow-origin") == "*");
}

TEST_CASE("every origin together with credentials allows none by itself") {
  CHECK_FALSE(ask({.origins = {"*"}, .credentials = true}, from("https://any.example")).field("access-control-allow-origin"));
}

TEST_CASE("a function decides about origins that are not listed") {
  const cors_settings by_name{.allows = [](std::string_view origin) { return origin.ends_with(".shop.example"); }};
  CHECK(ask(by_name, from("https://a.shop.example")).field("access-control-allow-origin") == "https://a.shop.example");
  CHECK_FALSE(ask(by_name, from("https://evil.example")).field("access-control-allow-origin"));
}

TEST_CASE("a preflight is answered in the app's place") {
  const auto r = ask(shop, preflight("https://shop.example"));
  CHECK(r.status == 204);
  CHECK(r.body.empty());
  CHECK(r.field("access-control-allow-origin") == "https://shop.example");
  CHECK(r.field("access-control-allow-methods") == "GET, HEAD, POST, PUT, PATCH, DELETE");
  CHECK(r.field("access-control-allow-headers") == "x-token");
  CHECK(r.field("access-control-max-age") == "600");
  CHECK(varies(r, "Origin"));
  CHECK_FALSE(ask(shop, preflight("https://evil.example")).field("access-control-allow-methods"));
  CHECK(ask({.origins = {"https://a.example"}, .request_fields = {"*"}}, preflight("https://a.example")).field("access-control-allow-headers") ==
        "x-token");
}

TEST_CASE("OPTIONS that is no preflight reaches the app") {
  CHECK(ask(shop, {.method = "OPTIONS", .fields = {{"Origin", "https://shop.example"}}}).body == "seen");
  CHECK(ask(shop, {.method = "OPTIONS"}).body == "seen");
}

TEST_CASE("every operation failing in turn ends it") {
  for (const auto& script : {from("https://shop.example"), preflight("https://shop.example")})
    with_each_failing(cors(shop), plain, script);
}
}
