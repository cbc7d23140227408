#include <csgi/testing/cookie_jar.hpp>
#include <doctest/doctest.h>

using namespace csgi::testing;

namespace {

cookie_jar after(std::vector<std::string> lines, std::string_view authority = "www.example.org", std::string_view path = "/a/b") {
  cookie_jar jar;
  response r;
  for (auto& line : lines) r.fields.push_back({"Set-Cookie", std::move(line)});
  jar.take(r, authority, path);
  return jar;
}

}  // namespace

TEST_SUITE("cookie_jar") {
TEST_CASE("a cookie goes back to its host and below its path") {
  const auto jar = after({"a=1", "b=2; Path=/", "c=3; path=/a/b/"});
  CHECK(jar.send("http", "www.example.org:80", "/a/x") == "a=1; b=2");
  CHECK(jar.send("http", "WWW.example.ORG", "/a/b/c?q") == "c=3; a=1; b=2");
  CHECK(jar.send("http", "www.example.org", "/ab") == "b=2");
  CHECK(jar.send("http", "example.org", "/a/x").empty());
  CHECK(jar.send("http", "sub.www.example.org", "/a/x").empty());
}

TEST_CASE("a domain widens it, and never to somebody else's") {
  CHECK(after({"a=1; Domain=.example.org; Path=/"}).send("http", "other.example.org", "/") == "a=1");
  CHECK(after({"a=1; Domain=example.org; Path=/"}).send("http", "notexample.org", "/").empty());
  CHECK(after({"a=1; Domain=elsewhere.org"}).all().empty());
}

TEST_CASE("secure ones go over https only") {
  const auto jar = after({"a=1; Secure; HttpOnly; SameSite=Lax"});
  CHECK(jar.send("http", "www.example.org", "/a").empty());
  CHECK(jar.send("https", "www.example.org", "/a") == "a=1");
}

TEST_CASE("the same cookie replaces, an expired one removes") {
  CHECK(after({"a=1", "a=2"}).send("http", "www.example.org", "/a") == "a=2");
  for (const auto* gone : {"a=; Max-Age=0", "a=; max-age=-1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                           "a=; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT"})
    CHECK(after({"a=1", gone}).all().empty());
  CHECK(after({"a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}).all().size() == 1);
}

TEST_CASE("what is no cookie is left") {
  CHECK(after({"", "nothing", "=value", ";"}).all().empty());
  CHECK(after({"a=b=c; Unknown; ; Path"}).find("a") == "b=c");
}
}
