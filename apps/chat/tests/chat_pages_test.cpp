#include <chat/chat.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

namespace {

csgi::testing::response answer(std::string_view method, std::string target, const csgi::testing::request_options& with = {}) {
  chat app{chatting::settings()};
  return csgi::testing::client(app).request(std::string(method), std::move(target), with);
}

}  // namespace

TEST_SUITE("chat's pages") {
TEST_CASE("every room has the page, and the page what it refers to") {
  const auto page = answer("GET", "/");
  CHECK(page.status == 200);
  CHECK(page.field("content-type") == "text/html; charset=utf-8");
  CHECK(answer("GET", "/lobby").body == page.body);
  for (const std::string name : {"chat.js", "chat.css"}) {
    CHECK(page.body.find('"' + name + '"') != std::string::npos);
    CHECK(answer("GET", '/' + name).status == 200);
  }
}

TEST_CASE("what is no room is not found, and only GET and HEAD are served") {
  CHECK(answer("GET", "/Lobby").status == 404);
  CHECK(answer("GET", "/a/b").status == 404);
  CHECK(answer("HEAD", "/lobby").status == 200);
  CHECK(answer("POST", "/lobby").status == 405);
  CHECK(answer("POST", "/lobby").field("allow") == "GET, HEAD");
}

TEST_CASE("CSGI-WS-041: what is no handshake gets the page, whatever it says of upgrades") {
  CHECK(answer("GET", "/lobby?name=Ada", {.fields = {{"upgrade", "websocket"}}}).status == 200);
}
}
