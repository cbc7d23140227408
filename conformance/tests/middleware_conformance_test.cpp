// Every bundled middleware around the probe, judged by the server suite on both servers: behind a middleware there is a server.
#include <algorithm>
#include <csgi/chain.hpp>
#include <csgi/conformance/suite.hpp>
#include <csgi/evented/server.hpp>
#include <csgi/middleware/access_log.hpp>
#include <csgi/middleware/body_limit.hpp>
#include <csgi/middleware/cors.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/middleware/gzip.hpp>
#include <csgi/middleware/request_ids.hpp>
#include <csgi/middleware/timeout.hpp>
#include <csgi/middleware/timing.hpp>
#include <csgi/middleware/trusted_proxy.hpp>
#include <csgi/threaded/server.hpp>
#include <doctest/doctest.h>
#include "../broken/server_around.hpp"

namespace {

using namespace csgi::conformance;

/// Cases that a middleware is meant to answer differently, by a part of their names.
using exceptions = std::vector<std::string_view>;

template <class Server>
void must_pass(server_around::serve with, const exceptions& left_out) {
  const auto judged = linked(
      [with](const csgi::server_options& options) {
        return std::make_unique<server_around>(std::make_unique<Server>(options), with);
      },
      {}, CSGI_PROBE_DIRECTORY);
  const auto cases = all_cases();
  run_options options;
  options.parallel = 24;
  options.wanted = [&](const test_case& c) {
    const bool picked = (&c - cases.data()) % CSGI_EVERY_NTH_CASE == 0;
    return picked && std::ranges::none_of(left_out, [&](std::string_view name) { return c.name.find(name) != c.name.npos; });
  };
  std::size_t passed = 0;
  for (const auto& each : run(*judged, cases, options)) {
    CHECK_MESSAGE(each.how != verdict::fail, each.of->name, " (", each.form, "): ", each.reason);
    passed += each.how == verdict::pass;
  }
  CHECK(passed > cases.size() / CSGI_EVERY_NTH_CASE);
}

void must_pass_everywhere(server_around::serve with, const exceptions& left_out) {
  SUBCASE("on the threaded server") { must_pass<csgi::threaded::server>(with, left_out); }
  SUBCASE("on the evented server") { must_pass<csgi::evented::server>(with, left_out); }
}

/// Takes every body through on_body() and leaves it as it is, and with it the length.
class copying final : public csgi::hooks {
 public:
  using hooks::hooks;
  void on_start(csgi::head_edit& head) override {
    const std::optional<std::string_view> length = head.fields.find("content-length");
    if (head.rewrite_body() && length) head.fields.add("content-length", *length);
  }
};

}  // namespace

TEST_SUITE("middleware around the probe") {
TEST_CASE("a rewriting one that changes nothing") {
  must_pass_everywhere(
      [](csgi::server& server, csgi::application app) {
        csgi::chain with{csgi::hooked<copying>(), app};
        server.run(with);
      },
      {
          "a large body arrives whole",             // one write becomes several, so its length is not known beforehand
          "HEAD tells the length that GET has",     // nor is that of a body which is not made
      });
}

TEST_CASE("all of them, one around the other") {
  must_pass_everywhere(
      [](csgi::server& server, csgi::application app) {
        csgi::chain all{csgi::trusted_proxy({.peers = {"127.0.0.1", "::1"}}),
                        csgi::access_log(),
                        csgi::request_ids(),
                        csgi::errors(),
                        csgi::timeout(std::chrono::minutes(5)),
                        csgi::cors({.origins = {"https://shop.example"}}),
                        csgi::gzip(),
                        csgi::timing(),
                        csgi::body_limit(1'000'000'000),
                        app};
        server.run(all);
      },
      {
          "has no fields but the app's",            // nor has it: it has Server-Timing and X-Request-Id
          "whatever a client claims",               // this one is a trusted proxy
      });
}
}
