// bad_requests_test.cpp - every malformed request is answered with its status, and the connection closed.
#include "../../gateway-api/tests/serving/bad_requests.hpp"
#include "running_server.hpp"
#include <doctest/doctest.h>

using namespace csgi::tests;

TEST_SUITE("bad requests") {

TEST_CASE("each vector of the table gets its status from both servers, and the app is not called") {
  for (const form& f : {all_forms()[0], all_forms()[5]}) {
    INFO(f.name);
    running_server server(f);
    for (const auto& bad : csgi::tests::bad_requests) {
      INFO(std::string(bad.name));
      wire_client client(server.port());
      client.send(bad.bytes);
      client.half_close();
      const std::string answer = client.read_to_end();
      CHECK(answer.substr(0, 13) == "HTTP/1.1 " + std::to_string(bad.status) + ' ');
      CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
      CHECK(answer.find("\r\nDate: ") != std::string::npos);
      CHECK(answer.find("HTTP/1.1", 8) == std::string::npos);   // one answer, then nothing
    }
    CHECK(server.probe().calls == 0);
  }
}

}
