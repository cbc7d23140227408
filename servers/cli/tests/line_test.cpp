#include "line.hpp"
#include <doctest/doctest.h>
#include <string>

using csgi::cli::line;

namespace {

std::string written(line text) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  text.write_to(ends[1]);
  close(ends[1]);
  std::string all(2 * PIPE_BUF, '\0');
  all.resize(static_cast<std::size_t>(read(ends[0], all.data(), all.size())));
  close(ends[0]);
  return all;
}

}  // namespace

TEST_SUITE("line") {
TEST_CASE("numbers and endpoints") {
  CHECK(written(line().add(-5).add(" ").add(std::uint64_t{18'446'744'073'709'551'615u})) == "-5 18446744073709551615\n");
  CHECK(written(line().add(csgi::endpoint{csgi::endpoint::kind::ip, 80, "127.0.0.1"})) == "127.0.0.1:80\n");
  CHECK(written(line().add(csgi::endpoint{csgi::endpoint::kind::ip, 80, "::1"})) == "[::1]:80\n");
  CHECK(written(line().add(csgi::endpoint{csgi::endpoint::kind::unix_socket, 0, "/run/a\n"})) == "/run/a\\x0a\n");
  CHECK(written(line().add(csgi::endpoint{})) == "-\n");
}

TEST_CASE("no byte of a client ends the line or the quotes around it") {
  CHECK(written(line().add_visible("a\"b\\c\r\n\x1b\x7f\xc3\xa9", line::shown::quoted)) ==
        "a\\x22b\\x5cc\\x0d\\x0a\\x1b\\x7f\\xc3\\xa9\n");
  CHECK(written(line().add_visible("\"q\"\n\t\xc3\xa9", line::shown::text)) == "\"q\"\\x0a\\x09\xc3\xa9\n");
  CHECK(written(line().add_visible("\xc2\x9b" "2J\x9b\xe2\x80\x93", line::shown::text)) == "\\xc2\\x9b" "2J\\x9b\xe2\x80\x93\n");
}

TEST_CASE("what is too long is cut, and the line still ends") {
  const std::string large(3 * PIPE_BUF, 'x');
  CHECK(written(line().add_visible(large, line::shown::text, 10).add("!")) == "xxxxxxx...!\n");
  CHECK(written(line().add_visible("xx\xe2\x80\x93\xe2\x80\x93", line::shown::text, 7).add("!")) == "xx\xe2\x80\x93...!\n");
  for (const auto& text : {written(line().add(large)), written(line().add_visible(large, line::shown::text)),
                           written(line().add_visible(std::string(3 * PIPE_BUF, '\n'), line::shown::quoted))}) {
    CHECK(text.size() <= PIPE_BUF);
    CHECK(text.size() > PIPE_BUF - 16);
    CHECK(text.back() == '\n');
  }
}
}
