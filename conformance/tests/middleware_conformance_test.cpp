// Every bundled middleware around the probe, judged by the server suite on both servers: behind a middleware there is a server.
#include <algorithm>
#include <csgi/chain.hpp>
#include <csgi/conformance/suite.hpp>
#include <csgi/evented/server.hpp>
#include <csgi/lint.hpp>
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
#include <mutex>
#include <set>
#include <string>
#include "../broken/server_around.hpp"

namespace {

using namespace csgi::conformance;

/// Cases that a middleware is meant to answer differently, by a part of their names.
using exceptions = std::vector<std::string_view>;

/// Every how many-th case is judged, and in which forms: all of them, ten times, would take minutes.
#ifdef CSGI_SANITIZED
enum class share : std::size_t { large = 32, small = 64 };
bool is_judged(const form& f) { return f.name == "blocking" || f.name == "async"; }     // bridges are, where there is no middleware
#else
enum class share : std::size_t { large = 10, small = 40 };
bool is_judged(const form&) { return true; }
#endif

template <class Server>
void must_pass(server_around::serve with, const exceptions& left_out, share of_cases) {
  const auto every = static_cast<std::size_t>(of_cases);
  const auto judged = linked(
      [with](const csgi::server_options& options) {
        return std::make_unique<server_around>(std::make_unique<Server>(options), with);
      },
      {}, CSGI_PROBE_DIRECTORY);
  const auto cases = all_cases();
  run_options options;
  options.parallel = 24;
  options.patience = std::chrono::seconds(30);      // beside other tests, and with a sanitizer
  options.cuts = false;     // they never see how bytes are cut
  options.in_forms = is_judged;
  options.wanted = [&](const test_case& c) {
    const bool picked = static_cast<std::size_t>(&c - cases.data()) % every == 0;
    return picked && std::ranges::none_of(left_out, [&](std::string_view name) { return c.name.find(name) != c.name.npos; });
  };
  std::size_t passed = 0;
  for (const auto& each : run(*judged, cases, options)) {
    CHECK_MESSAGE(each.how != verdict::fail, each.of->name, " (", each.form, "): ", each.reason);
    passed += each.how == verdict::pass;
  }
  CHECK(passed > cases.size() / every);
}

void must_pass_everywhere(server_around::serve with, const exceptions& left_out, share of_cases = share::small) {
  SUBCASE("on the threaded server") { must_pass<csgi::threaded::server>(with, left_out, of_cases); }
  SUBCASE("on the evented server") { must_pass<csgi::evented::server>(with, left_out, of_cases); }
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

/// Where every lint of the test below reports.
std::mutex mutex;
std::set<std::string> found;

}  // namespace

TEST_SUITE("middleware around the probe") {
TEST_CASE("a lint, which has nothing against the servers, and against the probe what it is there for") {
  found.clear();
  must_pass_everywhere(
      [](csgi::server& server, csgi::application app) {
        csgi::lint_settings with;
        with.report = [](const csgi::lint_report& report) {
          const std::lock_guard lock(mutex);
          found.insert(report.text());
        };
        csgi::lint checked(app, with);
        server.run(checked);
      },
      {}, share::large);
  for (const auto& each : found) CHECK_MESSAGE(each.find(" (app): ") != each.npos, each);
  for (const auto& each : found) CHECK_MESSAGE(each.find("CSGI-CORE-019") == each.npos, each);
}

TEST_CASE("lints around all bundled middleware and within, which is none of it at fault") {
  found.clear();
  must_pass_everywhere(
      [](csgi::server& server, csgi::application app) {
        const auto named = [](const char* name) {
          csgi::lint_settings with;
          with.name = name;
          with.report = [](const csgi::lint_report& report) {
            const std::lock_guard lock(mutex);
            found.insert(report.text());
          };
          return with;
        };
        csgi::lint inner(app, named("app"));
        csgi::chain between{csgi::access_log(), csgi::errors(), csgi::gzip(), csgi::timing(), inner};
        csgi::lint outer(between, named("all"));
        server.run(outer);
      },
      {"has no fields but the app's"});
  for (const auto& each : found) CHECK_MESSAGE(each.find(" (app): ") != each.npos, each);
}

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
