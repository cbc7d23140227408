// The specification and the suite, held against each other.
#include <algorithm>
#include <csgi/conformance/case.hpp>
#include <csgi/conformance/clause.hpp>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace csgi::conformance;

namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// What the case is offered only with: for "async" and "blocking" the kind of probe, else an extension.
bool applies_where(const test_case& c, const clause& judged) {
  if (judged.capability.empty() || judged.capability == "async" || judged.capability == "blocking") return true;
  return c.capability == judged.capability;
}

}  // namespace

TEST_SUITE("clauses and cases") {
TEST_CASE("every chapter is in the table") {
  std::vector<chapter_source> chapters;
  for (const auto& each : std::filesystem::directory_iterator(CSGI_SPEC_DIR))
    if (each.path().extension() == ".md") chapters.push_back({each.path().filename().string(), read(each.path())});
  std::set<std::string> written;
  for (const auto& c : parse(chapters).clauses) written.insert(c.id);
  std::set<std::string> known;
  for (const auto& c : all_clauses()) known.insert(c.id);
  CHECK(written == known);
  CHECK(known.size() == all_clauses().size());
}

TEST_CASE("a clause's text says its level") {
  for (const auto& c : all_clauses())
    CHECK_MESSAGE(c.text.find(to_string(c.level)) != std::string::npos, c.id, " is not about what one ", to_string(c.level));
}

TEST_CASE("every built clause that the wire shows of a server has a case") {
  std::set<std::string> judged;
  for (const auto& c : all_cases()) judged.insert(c.clauses.begin(), c.clauses.end());
  for (const auto& c : all_clauses())
    if (c.wants_case()) CHECK_MESSAGE(judged.contains(c.id), c.id, " has no case: ", c.text);
}

TEST_CASE("every case judges clauses that exist, that are built, and that the wire shows") {
  for (const auto& c : all_cases()) {
    CAPTURE(c.name);
    CHECK_FALSE(c.clauses.empty());
    for (const auto& id : c.clauses) {
      const clause* judged = find_clause(id);
      REQUIRE_MESSAGE(judged != nullptr, "there is no clause ", id);
      CHECK_MESSAGE(!judged->planned, id, " is not built yet");
      CHECK_MESSAGE(judged->how == proof::wire, id, " does not show on the wire");
      CHECK_MESSAGE(applies_where(c, *judged), id, " holds only if ", judged->capability, " is offered");
    }
  }
}

TEST_CASE("a case has a name of its own, and names each clause once") {
  std::set<std::string> names;
  for (const auto& c : all_cases()) {
    CHECK_MESSAGE(names.insert(c.name).second, "two cases are called: ", c.name);
    CHECK_MESSAGE(std::set(c.clauses.begin(), c.clauses.end()).size() == c.clauses.size(), c.name);
    CHECK_MESSAGE(!c.steps.empty(), c.name);
  }
}

TEST_CASE("what the lint says is said by clauses of whom it holds at fault") {
  const std::regex row(R"re(\{"(CSGI-[A-Z]+-\d+)", (error|warning), (app|server|unclear),)re");
  const std::string rows = read(CSGI_LINT_FAULTS);
  std::size_t seen = 0;
  for (std::sregex_iterator at(rows.begin(), rows.end(), row), end; at != end; ++at, ++seen) {
    const clause* const c = find_clause((*at)[1].str());
    REQUIRE_MESSAGE(c != nullptr, (*at)[1].str());
    if ((*at)[3] != "unclear") CHECK_MESSAGE(c->role == ((*at)[3] == "app" ? party::app : party::server), c->id);
  }
  CHECK(seen > 50);
}
}
