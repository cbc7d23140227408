#include <algorithm>
#include <boost/json.hpp>
#include <doctest/doctest.h>
#include "coverage.hpp"
#include "html_report.hpp"
#include "json_report.hpp"
#include "junit_report.hpp"
#include "markup_check.hpp"
#include "summary.hpp"
#include "utf8.hpp"

using namespace csgi::conformance;
using namespace std::chrono_literals;

namespace {

/// The first clauses that the wire shows of a server: binding ones, or the others.
std::vector<std::string> some_clauses(bool binding, std::size_t count) {
  std::vector<std::string> ids;
  for (const auto& c : all_clauses())
    if (c.wants_case() && c.binding() == binding && ids.size() < count) ids.push_back(c.id);
  REQUIRE(ids.size() == count);
  return ids;
}

const char* const nasty = "<b>\"&'\xff\x1b[31m\n]]>";

/// Results as a run gives them: a failure, a warning, a pass and a case that does not apply.
report sample() {
  const auto musts = some_clauses(true, 3);
  static const std::vector<test_case> cases = {
      {{musts[0]}, std::string("breaks a duty ") + nasty, {}},
      {some_clauses(false, 1), "warns", {}},
      {{musts[1]}, "passes", {}},
      {{musts[2]}, "does not apply", {}},
  };
  const std::vector<result> results = {
      {&cases[0], "blocking", verdict::fail, nasty, std::string("> ") + nasty, 2ms},
      {&cases[0], "async", verdict::fail, nasty, "> other", 3ms},
      {&cases[0], "async, mounted", verdict::pass, "", "", 1ms},
      {&cases[1], "blocking", verdict::fail, "late", "> GET", 1ms},
      {&cases[2], "blocking", verdict::pass, "", "", 1234ms},
      {&cases[3], "blocking", verdict::not_applicable, "x is not offered", "", 0ms},
  };
  report r{"a \"label\" & <more>", {"serve", "{app}", "{port}"}, "2026-01-02T03:04:05Z", "0.1.0", 1500ms, 7, by_case(results)};
  return r;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

standing standing_in(const report& r, std::size_t which) { return standing_of(*find_clause(r.cases[which].clauses.front()), r); }

}  // namespace

TEST_SUITE("reports") {
TEST_CASE("a clause stands as its cases say") {
  const report r = sample();
  CHECK(r.broken() == 1);
  CHECK(r.warnings() == 1);
  CHECK(r.results() == 6);
  CHECK(standing_in(r, 0) == standing::failed);
  CHECK(standing_in(r, 1) == standing::warned);
  CHECK(standing_in(r, 2) == standing::passed);
  CHECK(standing_in(r, 3) == standing::not_applicable);
}

TEST_CASE("what is planned is planned, whatever a case says") {
  const auto planned = std::ranges::find_if(all_clauses(), [](const clause& c) { return c.planned; });
  REQUIRE(planned != all_clauses().end());
  report r = sample();
  r.cases[2].clauses = {planned->id};
  CHECK(standing_of(*planned, r) == standing::planned);
}

TEST_CASE("coverage counts each clause once") {
  const auto sum = sum_of(coverage_of(sample()), "");
  const auto expected = std::ranges::count_if(all_clauses(), [](const clause& c) { return concerns(c, party::server) && within_reach(c, party::server); });
  CHECK(sum.built() + sum.of(standing::planned) == static_cast<std::size_t>(expected));
  CHECK(sum.of(standing::failed) == 1);
  CHECK(sum.of(standing::warned) == 1);
  CHECK(sum.of(standing::passed) == 1);
  CHECK(sum.of(standing::not_applicable) == 1);
}

TEST_CASE("JSON is read back as it was written") {
  const report before = sample();
  const std::string text = to_json(before);
  const auto value = boost::json::parse(text);
  CHECK(value.at("passed") == false);
  CHECK(value.at("clauses").at(before.cases[0].clauses.front()) == "failed");
  const report after = from_json(text, "a.json");
  CHECK(to_json(after) == text);
  CHECK(after.cases[0].forms[0].reason == "<b>\"&'\\xff\\x1b[31m\n]]>");
}

TEST_CASE("JSON of others is refused in one line") {
  for (const char* text : {"", "[]", "{}", "{\"format\":\"csgi-conformance/1\"}"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(from_json(text, "a.json"), doctest::Contains("a.json is no report of this program"), std::runtime_error);
  }
  report r = sample();
  r.cases[0].clauses = {"CSGI-HTTP-999"};
  CHECK_THROWS_WITH(from_json(to_json(r), "a.json"), doctest::Contains("CSGI-HTTP-999"));
}

TEST_CASE("the clauses as JSON are all there") {
  const auto all = boost::json::parse(clauses_json()).as_array();
  CHECK(all.size() == all_clauses().size());
  CHECK(all.front().at("id") == boost::json::string(all_clauses().front().id));
}

TEST_CASE("JUnit is well-formed and counts per form") {
  const std::string text = to_junit(sample());
  CHECK(markup_fault(text) == "");
  CHECK(has(text, " tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"1.237\""));
  CHECK(has(text, "<failure message=\"&lt;b&gt;&quot;&amp;'\\xff\\x1b[31m&#10;]]&gt;\""));
  CHECK(has(text, "warning: late"));
}

TEST_CASE("the page is well-formed and has every clause on servers, and every failure with its bytes") {
  const std::string page = to_html({sample(), sample()});
  const auto from = page.find("</style>");
  REQUIRE(from != std::string::npos);
  CHECK(markup_fault("<head><style>" + page.substr(from), {"!doctype", "html", "meta", "col", "input"}).empty() == false);
  CHECK(markup_fault("<html><head><style>" + page.substr(from), {"meta", "col", "input"}) == "");
  for (const auto& c : all_clauses())
    if (concerns(c, party::server)) CHECK_MESSAGE(has(page, "id=\"" + c.id + '"'), c.id);
  CHECK(has(page, "breaks a duty &lt;b&gt;"));
  CHECK(has(page, "<span class=\"sent\">&gt; &lt;b&gt;&quot;&amp;'\\xff\\x1b[31m</span>"));
  CHECK(has(page, "blocking; async<"));
  for (const char* foreign : {"src=", "href=\"http", "<link", "<script", "@import", "url("}) CHECK_FALSE(has(page, foreign));
}

TEST_CASE("the summary tells failures first, then coverage, then the verdict") {
  const std::string text = summary_of(sample(), terminal());
  const auto failure = text.find("FAILED  breaks a duty");
  const auto warning = text.find("warning  warns");
  const auto table = text.find("together");
  const auto verdict = text.find("FAILED: 1 of 4 cases, 6 runs (7 left out), 1 warning");
  CHECK(failure < warning);
  CHECK(warning < table);
  CHECK(table < verdict);
  CHECK(verdict != std::string::npos);
}

TEST_CASE("bytes that are no text are spelled") {
  CHECK(as_utf8("a\nb \xc3\xa9 \xe2\x82\xac \xf0\x9f\x99\x82") == "a\nb \xc3\xa9 \xe2\x82\xac \xf0\x9f\x99\x82");
  CHECK(as_utf8("\xc3") == "\\xc3");
  CHECK(as_utf8("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(as_utf8("\xc0\xaf\xf5\t\x7f") == "\\xc0\\xaf\\xf5\\x09\\x7f");
  CHECK(as_utf8(std::string_view("\0", 1)) == "\\x00");
  CHECK(characters("\xe2\x82\xac x") == 3);
}

TEST_CASE("lines are wrapped between words, and paragraphs stay apart") {
  const terminal to;
  const std::string words = "word word word word word word word word word word word word word word word word word word word word word";
  const std::string text = to.wrapped(words + "\n\nnext", 4);
  CHECK(text.starts_with("    word word"));
  CHECK(text.ends_with("\n    next\n"));
  CHECK(text.find("\n    word") != std::string::npos);
}
}
