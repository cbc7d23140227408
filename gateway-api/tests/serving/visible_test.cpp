#include <csgi/serving/visible.hpp>
#include <doctest/doctest.h>

TEST_SUITE("visible") {
TEST_CASE("CSGI-CORE-043: neither a client nor an app can forge a line") {
  csgi::request head;
  head.method = "GET";
  head.target = "/a\r\nshop: GET /b";
  CHECK(csgi::log_line("shop", "two\nlines") == "shop: two\\x0alines");
  CHECK(csgi::log_line("shop", head, "caf\xc3\xa9\x7f") == "shop: GET /a\\x0d\\x0ashop: GET /b: caf\xc3\xa9\\x7f");
}
}
