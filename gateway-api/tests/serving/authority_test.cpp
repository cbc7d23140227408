#include <csgi/serving/authority.hpp>
#include <doctest/doctest.h>

using csgi::valid_authority;

TEST_SUITE("authority") {
TEST_CASE("names, IPv4 and IPv6 addresses pass, with a port or without") {
  for (const char* text : {"a", "example.org", "EXAMPLE.org.", "xn--caf-dma.fr", "a_b", "a-b~c", "a%20b", "a!$&'()*+;=",
                           "%41", "a%2c", "a%41%42:80",
                           "a:80", "a:0", "a:65535", "a:00080", "a:", "127.0.0.1", "127.0.0.1:8000", "999.1.1.1",
                           "[::]", "[::1]", "[::1]:80", "[1::]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]",
                           "[::2:3:4:5:6:7:8]", "[fe80::ABCD]", "[::ffff:127.0.0.1]", "[1:2:3:4:5:6:1.2.3.4]:1"}) {
    CAPTURE(text);
    CHECK(valid_authority(text));
  }
}

TEST_CASE("anything else is refused") {
  for (const char* text : {"", ":", ":80", "a b", "a,b", "u@a", "a/b", "a?", "a#", "a\\b", "a%", "a%4", "a%zz", "a:b",
                           "a%41%", "a%41%4z", "a%4:80", "a%:80", "%",
                           "a:80:80", "a:65536", "a:4294967376", "a: 80", "::1", "[", "]", "[]", "[]:80", "[::1",
                           "::1]", "[::1]80", "[::1]a", "[:::]", "[1]", "[:1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:]",
                           "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]", "[1::2::3]", "[g::]", "[::12345]",
                           "[1:2:3:4:5:6:7:1.2.3.4]", "[::1.2.3]", "[::1.2.3.256]", "[::1.2.3.4.5]", "[::01.2.3.4]",
                           "[fe80::1%25lo]", "[v1.a]", "\xC3\xA9", "a\tb", "a<b", "a[b]"}) {
    CAPTURE(text);
    CHECK_FALSE(valid_authority(text));
  }
}
}
