#include "answer_parser.hpp"
#include "polite_client.hpp"
#include <doctest/doctest.h>
#include <stdexcept>

using namespace csgi::bench;

namespace {

const std::string with_length = "HTTP/1.1 200 OK\r\nServer: a\r\ncontent-LENGTH:  5\r\n\r\nHello";
const std::string chunked =
    "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\nA;x=y\r\n0123456789\r\n0\r\nsum: 1\r\n\r\n";
const std::string empty = "HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n";

struct {
  std::string bytes;
  int status;
  unsigned body;
} const answers[] = {{with_length, 200, 5}, {chunked, 201, 15}, {empty, 404, 0}, {chunked, 201, 15}};

}  // namespace

TEST_SUITE("answer_parser") {
TEST_CASE("an answer ends where its body does, whatever it comes in") {
  for (std::size_t piece : {1u, 2u, 3u, 7u, 1000u}) {
    CAPTURE(piece);
    answer_parser parser;
    for (const auto& [answer, status, body] : answers) {
      for (std::size_t at = 0; at < answer.size(); at += piece) {
        if (at > 0) CHECK_FALSE(parser.whole());
        const auto bytes = std::string_view(answer).substr(at, piece);
        CHECK(parser.take(bytes) == bytes.size());
      }
      CHECK(parser.whole());
      CHECK(parser.status() == status);
      CHECK(parser.body() == body);
    }
  }
}

TEST_CASE("bytes behind an answer are left for the next one") {
  answer_parser parser;
  const std::string both = chunked + with_length;
  CHECK(parser.take(both) == chunked.size());
  CHECK(parser.whole());
  CHECK(parser.take(std::string_view(both).substr(chunked.size())) == with_length.size());
  CHECK(parser.status() == 200);
}

TEST_CASE("what has no end, or is none, is no answer") {
  for (const char* bytes : {"HTTP/1.1 200 OK\r\n\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
    CAPTURE(bytes);
    CHECK_THROWS_AS(answer_parser().take(bytes), std::runtime_error);
  }
}

TEST_CASE("the port of a URL") {
  CHECK(port_of("http://127.0.0.1:8000") == 8000);
  for (const char* url : {"", "http://127.0.0.1", "http://127.0.0.1:", "http://127.0.0.1:99999"}) {
    CAPTURE(url);
    CHECK_THROWS_AS(port_of(url), std::runtime_error);
  }
}
}
