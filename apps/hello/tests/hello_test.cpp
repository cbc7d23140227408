#include <hello/hello_async.hpp>
#include <hello/hello_blocking.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;

TEST_SUITE("hello") {
TEST_CASE("both kinds answer the same") {
  hello_blocking blocking;
  hello_async async;
  recording_exchange inside(completion::inside), later(completion::later);
  inside.serve(blocking);
  later.serve(async);
  CHECK(inside.response().body == "Hello\n");
  CHECK(inside.response().field("content-type") == "text/plain");
  CHECK(inside.response().body == later.response().body);
  CHECK(inside.response().fields == later.response().fields);
  CHECK(inside.response().trace == later.response().trace);
}
}
