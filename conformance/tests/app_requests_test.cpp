// Requests that authors write down.
#include "app_request.hpp"
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace csgi::conformance;

namespace {

/// A file of one test, gone with it.
class written {
 public:
  explicit written(std::string_view text)
      : name_(std::filesystem::temp_directory_path() / ("requests-" + std::to_string(::getpid()) + ".http")) {
    std::ofstream(name_, std::ios::binary) << text;
  }
  ~written() { std::filesystem::remove(name_); }
  std::vector<app_request> read() const { return read_app_requests(name_); }

  /// What is wrong with it, behind the file's name.
  std::string fault() const {
    try {
      read();
    } catch (const std::runtime_error& error) {
      return std::string(error.what()).substr(name_.string().size());
    }
    return "";
  }

 private:
  const std::filesystem::path name_;
};

}  // namespace

TEST_SUITE("requests of authors") {
TEST_CASE("requests are parted by ###, behind which their names are") {
  const auto all =
      written("### a note\nPOST /notes HTTP/1.1\nContent-Type: text/plain\n\nmilk\nand more\n###\nGET /notes?all HTTP/1.0\n")
          .read();
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "a note");
  CHECK(all[0].method == "POST");
  CHECK(all[0].fields == csgi::testing::field_list{{"Content-Type", "text/plain"}});
  CHECK(all[0].body == csgi::body_kind::known);
  CHECK(all[0].chunks == std::vector<std::string>{"milk\nand more"});
  CHECK(all[1].name == "GET /notes?all");
  CHECK(all[1].body == csgi::body_kind::none);
  CHECK(all[1].version == csgi::http_version::http_1_0);
}

TEST_CASE("a body may be counted, may have lines of ### then, and may be chunked") {
  const auto all = written(
                       "PUT /a HTTP/1.1\r\nContent-Length: 9\r\n\r\n###\r\nbody\r\nPOST /b HTTP/1.1\r\nTransfer-Encoding: "
                       "chunked\r\n\r\nmore\r\n")
                       .read();
  REQUIRE(all.size() == 2);
  CHECK(all[0].chunks == std::vector<std::string>{"###\r\nbody"});
  CHECK(all[1].body == csgi::body_kind::unknown);
  CHECK(all[1].chunks == std::vector<std::string>{"more"});
}

TEST_CASE("a WebSocket has its handshake completed, and lines for messages") {
  const auto all = written("GET /chat HTTP/1.1\nUpgrade: websocket\nSec-WebSocket-Version: 8\n\nhello\n\n/quit\n\n###\nGET /\n").read();
  REQUIRE(all.size() == 2);
  CHECK(all[0].opens_websocket);
  CHECK(all[0].body == csgi::body_kind::none);
  CHECK(all[0].messages == std::vector<std::string>{"hello", "", "/quit"});
  CHECK(csgi::testing::find_field(all[0].fields, "connection") == "Upgrade");
  CHECK(csgi::testing::find_field(all[0].fields, "sec-websocket-version") == "8");
  CHECK(csgi::testing::find_field(all[0].fields, "sec-websocket-key").has_value());
  CHECK_FALSE(all[1].opens_websocket);
}

TEST_CASE("what is wrong with a file is told by line") {
  CHECK(written("").fault() == ":1: there is no request in it");
  CHECK(written("### only a name\n").fault() == ":2: there is no request in it");
  CHECK(written("\nGET\n").fault() == ":2: a request line is wanted here, as GET /path HTTP/1.1");
  CHECK(written("GET / HTTP/3\n").fault() == ":1: the version is neither HTTP/1.1 nor HTTP/1.0: HTTP/3");
  CHECK(written("GET /\nno field\n").fault() == ":2: a field is wanted here, as Name: value");
  CHECK(written("PUT /\nContent-Length: many\n\nx").fault() == ":4: the Content-Length is no number");
  CHECK(written("PUT /\nContent-Length: 9\n\nx").fault() == ":4: the file ends before the body does, by its Content-Length");
  CHECK(written("PUT /\nContent-Length: 9\n").fault() == ":3: the request has a Content-Length, but no empty line and no body");
  CHECK(written("GET /%zz\n").fault().find("no request that servers take") != std::string::npos);
  CHECK_THROWS_WITH(read_app_requests("/no/such/file"), "cannot read /no/such/file");
}

TEST_CASE("every request of the corpus has a name of its own") {
  std::set<std::string> names;
  for (const auto& r : all_app_requests()) CHECK_MESSAGE(names.insert(r.name).second, r.name);
}
}
