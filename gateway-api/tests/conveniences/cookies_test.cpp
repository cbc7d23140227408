#include <csgi/cookies.hpp>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

std::string shown(std::vector<std::string_view> lines) {
  std::vector<field> fields;
  for (const auto line : lines) fields.push_back({"Cookie", line});
  request head;
  head.fields = fields;
  const request_cookies cookies(head);
  std::string text;
  for (const auto& [name, value] : cookies.all()) text.append("[").append(name).append("=").append(value).append("]");
  return text;
}

}  // namespace

TEST_SUITE("cookies") {
TEST_CASE("a request's cookies are given as they came, of all its fields") {
  CHECK(shown({"a=1; b=2", "c=3"}) == "[a=1][b=2][c=3]");
  CHECK(shown({"a=1;a=2;  b = x=y ;"}) == "[a=1][a=2][b=x=y]");
  CHECK(shown({"a=\"q\"; b=\"; c=\"\""}) == "[a=q][b=\"][c=]");
  CHECK(shown({"lonely; =x; ;;", ""}).empty());
}

TEST_CASE("the first of a name is found, and case counts") {
  const field fields[] = {{"cookie", "sid=one; sid=two"}};
  request head;
  head.fields = fields;
  CHECK(request_cookies(head).find("sid") == "one");
  CHECK(!request_cookies(head).find("SID"));
}

TEST_CASE("a cookie is set with careful defaults") {
  CHECK(set_cookie{.name = "a", .value = "1"}.text() == "a=1; Path=/; HttpOnly; SameSite=Lax");
  CHECK(set_cookie{.name = "a", .path = "", .domain = "example.org", .max_age = std::chrono::hours(1), .secure = true,
                   .http_only = false, .site = same_site::none}.text() ==
        "a=; Domain=example.org; Max-Age=3600; Secure; SameSite=None");
  CHECK(set_cookie{.name = "a", .max_age = std::chrono::seconds(0), .site = same_site::strict}.text() ==
        "a=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

TEST_CASE("nothing can leave its place") {
  for (const char* bad : {"", "a b", "a=b", "a;b", "a\r\nb", "\xE4"}) CHECK_THROWS_AS(set_cookie{.name = bad}.text(), std::invalid_argument);
  for (const char* bad : {"a;b", "a b", "a\r\nSet-Cookie: x=y", "a,b", "a\"b", "a\\b", "\x7F", "\xFF"}) {
    const set_cookie cookie{.name = "n", .value = bad};
    CHECK_THROWS_AS(cookie.text(), std::invalid_argument);
  }
  for (const char* bad : {"relative", "/a;b", "/a\nb"}) {
    const set_cookie cookie{.name = "n", .path = bad};
    CHECK_THROWS_AS(cookie.text(), std::invalid_argument);
  }
  for (const char* bad : {"a;b", "a b", "a\nb"}) {
    const set_cookie cookie{.name = "n", .domain = bad};
    CHECK_THROWS_AS(cookie.text(), std::invalid_argument);
  }
}

TEST_CASE("what browsers would refuse is refused at once") {
  CHECK_THROWS_AS((set_cookie{.name = "a", .site = same_site::none}.text()), std::invalid_argument);
  CHECK_THROWS_AS((set_cookie{.name = "__Secure-a"}.text()), std::invalid_argument);
  CHECK_THROWS_AS((set_cookie{.name = "__Host-a", .domain = "example.org", .secure = true}.text()), std::invalid_argument);
  CHECK((set_cookie{.name = "__Host-a", .secure = true}.text()) == "__Host-a=; Path=/; Secure; HttpOnly; SameSite=Lax");
}
}
