#include <sequential/sequential.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

TEST_SUITE("sequential") {
TEST_CASE("a blocking handler answers what a coroutine gives") {
  sequential app;
  csgi::testing::client c(app);
  const auto answer = c.get("/");
  CHECK(answer.status == 200);
  CHECK(answer.body == "42\n");
}

TEST_CASE("HEAD has the length of what GET gets") {
  sequential app;
  csgi::testing::client c(app);
  CHECK(c.head("/").body.empty());
  CHECK(c.head("/").field("content-length") == c.get("/").field("content-length"));
}
}
