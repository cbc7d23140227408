#include "client_report.hpp"
#include <doctest/doctest.h>
#include <stdexcept>
#include <string>

using namespace csgi::bench;

namespace {

const std::string of_wrk =
    "Running 1s test @ http://127.0.0.1:8000\n"
    "  1 threads and 64 connections\n"
    "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
    "    Latency   612.06us    0.99ms  13.85ms   93.80%\n"
    "    Req/Sec   150.36k    14.98k  164.88k    90.00%\n"
    "  Latency Distribution\n"
    "     50%  367.50us\n"
    "     75%  402.00us\n"
    "     90%    1.01ms\n"
    "     99%    5.25ms\n"
    "  1496021 requests in 1.10s, 191.16MB read\n"
    "Requests/sec: 149601.08\n"
    "Transfer/sec:     19.12MB\n";

}  // namespace

TEST_SUITE("client_report") {
TEST_CASE("what wrk counted, in which time, and how long requests took") {
  const auto report = parse_client_report(of_wrk, "request");
  CHECK(report.count == 1496021);
  CHECK(report.seconds == doctest::Approx(1.1));
  CHECK(report.p50 == doctest::Approx(367.5));
  CHECK(report.p99 == doctest::Approx(5250));
}

TEST_CASE("a generator need not tell how long messages took") {
  const auto report = parse_client_report("all are open\n12 messages in 0.500000s\n", "message");
  CHECK(report.count == 12);
  CHECK(report.seconds == 0.5);
  CHECK_FALSE(report.p50);
  CHECK_FALSE(report.p99);
}

TEST_CASE("minutes are minutes") { CHECK(parse_client_report("  9 requests in 1.50m, 1B read\n", "request").seconds == 90); }

TEST_CASE("what wrk complains of is no result") {
  CHECK_THROWS_WITH_AS(parse_client_report(of_wrk + "  Socket errors: connect 0, read 3, write 0, timeout 0\n", "request"),
                       "the client reports: Socket errors: connect 0, read 3, write 0, timeout 0", std::runtime_error);
  CHECK_THROWS_AS(parse_client_report(of_wrk + "  Non-2xx or 3xx responses: 7\n", "request"), std::runtime_error);
}

TEST_CASE("nothing, none and nonsense are no results") {
  for (const char* text : {"", "requests in", "  0 requests in 1.00s, 0B read\n", " x requests in 1.00s\n", "9 requests in never\n",
                           "9 requests in 0.00s\n", "9 requests in 1.00 fortnights\n", " requests in 1.00s\n"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_client_report(text, "request"), std::runtime_error);
  }
  CHECK_THROWS_AS(parse_client_report(of_wrk, "message"), std::runtime_error);
}
}
