#include <csgi/serving/visible.hpp>
#include <doctest/doctest.h>
#include <string>

TEST_SUITE("visible") {
TEST_CASE("CSGI-CORE-043: neither a client nor an app can forge a line") {
  csgi::request head;
  head.method = "GET";
  head.target = "/a\r\nshop: GET /b";
  CHECK(csgi::log_line("shop", "two\nlines") == "shop: two\\x0alines");
  CHECK(csgi::log_line("shop", head, "caf\xc3\xa9\x7f") == "shop: GET /a\\x0d\\x0ashop: GET /b: caf\xc3\xa9\\x7f");
}

TEST_CASE("CSGI-CORE-043: a control character of two bytes is none for a terminal, nor is a byte that would be one in Latin-1") {
  CHECK(csgi::log_line("a", "\xc2\x80 \xc2\x85 \xc2\x9b" "2J \xc2\x9f") == "a: \\xc2\\x80 \\xc2\\x85 \\xc2\\x9b" "2J \\xc2\\x9f");
  CHECK(csgi::log_line("a", "\x9b" "2J \x80\x9f \xc2") == "a: \\x9b" "2J \\x80\\x9f \xc2");
  CHECK(csgi::log_line("a", "\xe2\x80\x93\x9b") == "a: \xe2\x80\x93\\x9b");
}

TEST_CASE("other characters stay as they are, whatever their bytes, and so do bytes that are no UTF-8") {
  for (const std::string text : {"\xc2\xa0", "\xc3\x80\xc3\x9f", "\xe2\x80\x93", "\xf0\x9f\x98\x80", "caf\xe9", "\xff\xa0"})
    CHECK(csgi::log_line("a", text) == "a: " + text);
}
}
