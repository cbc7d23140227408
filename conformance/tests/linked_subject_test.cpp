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

void must_pass(const std::vector<test_case>& cases, const run_options& options, std::size_t forms) {
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
