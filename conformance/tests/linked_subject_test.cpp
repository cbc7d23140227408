// A server of the test's own process, judged by the suite.
#include <algorithm>
#include <csgi/conformance/suite.hpp>
#include <csgi/evented/server.hpp>
#include <doctest/doctest.h>

namespace {

using namespace csgi::conformance;

std::unique_ptr<csgi::server> make(const csgi::server_options& options) {
  return std::make_unique<csgi::evented::server>(options);
}

std::vector<test_case> cases_with(std::string_view clause) {
  auto cases = all_cases();
  std::erase_if(cases, [&](const test_case& c) { return std::ranges::find(c.clauses, clause) == c.clauses.end(); });
  REQUIRE_FALSE(cases.empty());
  return cases;
}

void must_pass(const std::vector<test_case>& cases, run_options options, std::size_t forms) {
  options.patience = std::chrono::seconds(30);      // beside other tests, and with a sanitizer
  const auto judged = linked(make, {}, CSGI_PROBE_DIRECTORY);
  const auto results = run(*judged, cases, options);
  CHECK(results.size() == cases.size() * forms);
  for (const auto& each : results) CHECK_MESSAGE(each.how == verdict::pass, each.of->name, " (", each.form, "): ", each.reason);
}

}  // namespace

TEST_SUITE("a linked subject") {
TEST_CASE("is judged in every form") {
  must_pass(cases_with("CSGI-HTTP-108"), {}, all_forms().size());
}

TEST_CASE("is judged in the forms of one kind") {
  must_pass(cases_with("CSGI-HTTP-076"), {.apps = kinds::blocking_only}, all_forms().size() / 2);
}

TEST_CASE("is told every option that a case sets") {
  auto cases = all_cases();
  std::erase_if(cases, [](const test_case& c) { return c.told.empty(); });
  for (auto& c : cases) {
    c.steps = {send(get("/hello")), receive(answer(200))};
    c.for_kinds = kinds::both;
    c.through_bridges = true;
    c.capability.clear();
  }
  must_pass(cases, {.apps = kinds::async_only}, all_forms().size() / 2);
}

TEST_CASE("fails a case with an option whose value it cannot read, as one in other units") {
  for (const server_option& odd : {server_option{"deadline-queue", "60s"}, server_option{"queue", "1x"}, server_option{"queue", "x"}}) {
    CAPTURE(odd.value);
    auto cases = cases_with("CSGI-HTTP-108");
    for (auto& c : cases) c.told = {odd};
    const auto judged = linked(make, {}, CSGI_PROBE_DIRECTORY);
    for (const auto& each : run(*judged, cases, {})) {
      CHECK(each.how == verdict::fail);
      CHECK_MESSAGE(each.reason.find(odd.value) != each.reason.npos, each.reason);
    }
  }
}

TEST_CASE("has its extensions judged where they are offered, and is told where they are not") {
  const auto judged = linked(make, {}, CSGI_PROBE_DIRECTORY);
  const auto cases = cases_with("CSGI-WS-001");
  std::size_t offered = 0;
  for (const auto& each : run(*judged, cases, {})) {
    CAPTURE(each.form);
    const bool none = each.form.starts_with("blocking") || each.form.find(" as ") != each.form.npos;   // nor through bridges
    CHECK(each.how == (none ? verdict::not_applicable : verdict::pass));
    if (each.how == verdict::not_applicable) CHECK(each.reason == "csgi.websocket is not offered");
    offered += each.how == verdict::pass;
  }
  CHECK(offered >= cases.size());
}

TEST_CASE("is not started with an option for an extension that it does not offer") {
  auto cases = cases_with("CSGI-WS-001");
  for (auto& c : cases) c.told = {{"limit-websocket-message", "100"}};
  for (const bool own_server : {false, true}) {
    for (auto& c : cases) c.own_server = own_server;
    const auto judged = linked([](const csgi::server_options& options) {
      if (options.limits.websocket_message == 100) throw std::runtime_error("there are no WebSockets");
      return make(options);
    }, {}, CSGI_PROBE_DIRECTORY);
    for (const auto& each : run(*judged, cases, {.apps = kinds::blocking_only})) {     // which are offered none
      CHECK(each.how == verdict::not_applicable);
      CHECK(each.reason == "csgi.websocket is not offered");
    }
    for (const auto& each : run(*judged, cases, {.apps = kinds::async_only, .in_forms = [](const form& f) { return f.name == "async"; }})) {
      CHECK(each.how == verdict::fail);
      CHECK(each.reason == "there are no WebSockets");
    }
  }
}

TEST_CASE("is stopped as by its launcher") {
  auto cases = cases_with("CSGI-SERVER-018");
  must_pass(cases, {}, all_forms().size());
}

TEST_CASE("whose constructor throws is none") {
  const auto none = linked([](const csgi::server_options&) -> std::unique_ptr<csgi::server> { throw std::runtime_error("no sockets left"); },
                           {}, CSGI_PROBE_DIRECTORY);
  CHECK_THROWS_WITH_AS(run(*none, cases_with("CSGI-HTTP-108"), {}), "no sockets left", not_a_subject);
}
}
