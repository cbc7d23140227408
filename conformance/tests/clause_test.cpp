#include <csgi/conformance/clause.hpp>
#include <doctest/doctest.h>

using namespace csgi::conformance;

namespace {

parsed_chapters parsed(std::string text) {
  const chapter_source only[] = {{"a.md", std::move(text)}};
  return parse(only);
}

/// The one fault of a chapter.
std::string fault(std::string text) {
  const auto faults = parsed(std::move(text)).faults;
  REQUIRE(faults.size() == 1);
  return faults.front();
}

std::string fault_of_heading(const std::string& heading) { return fault("### " + heading + "\nText.\n"); }

}  // namespace

TEST_SUITE("clause") {
TEST_CASE("a heading and its text become a clause") {
  const auto found = parsed(
      "# A title\n\nProse of the chapter.\n\n## A section\n\nMore prose.\n\n"
      "### CSGI-HTTP-001 · server MUST NOT · wire · if csgi.file_sender · planned\n\n"
      "It MUST NOT\nsay `this`.\n\n\nA second paragraph.\n> Why: because.\n\nNot of the clause.\n");
  REQUIRE(found.faults.empty());
  REQUIRE(found.clauses.size() == 1);
  const clause& c = found.clauses.front();
  CHECK(c.id == "CSGI-HTTP-001");
  CHECK(c.role == party::server);
  CHECK(c.level == strength::must_not);
  CHECK(c.how == proof::wire);
  CHECK(c.capability == "csgi.file_sender");
  CHECK(c.planned);
  CHECK(c.text == "It MUST NOT\nsay `this`.\n\nA second paragraph.");
  CHECK(c.chapter == "A title");
  CHECK(c.section == "A section");
}

TEST_CASE("condition and state are optional, and every name is known") {
  const auto found = parsed(
      "### CSGI-CORE-001 · app MUST · in-process\nText.\n### CSGI-CORE-002 · middleware SHOULD NOT · review · planned\nText.\n"
      "### CSGI-CORE-003 · host SHOULD · wire · if x\nText.\n### CSGI-CORE-004 · server MAY · wire\nText.\n");
  CHECK(found.faults.empty());
  REQUIRE(found.clauses.size() == 4);
  CHECK(found.clauses[0].binding());
  CHECK_FALSE(found.clauses[0].planned);
  CHECK(found.clauses[1].planned);
  CHECK(found.clauses[1].level == strength::should_not);
  CHECK(found.clauses[2].capability == "x");
  CHECK_FALSE(found.clauses[2].wants_case());
  CHECK(found.clauses[3].wants_case());
  CHECK_FALSE(found.clauses[3].binding());
}

TEST_CASE("other headings end a clause and are none; nor is what an example shows") {
  const auto found = parsed(
      "### CSGI-CORE-001 · app MUST · review\nText.\n### Something else\nNot of it.\n"
      "```\n### CSGI-CORE-007 · app MUST · review\n```\n");
  CHECK(found.faults.empty());
  REQUIRE(found.clauses.size() == 1);
  CHECK(found.clauses.front().text == "Text.");
}

TEST_CASE("line feeds of other systems change nothing") {
  const auto found = parsed("### CSGI-CORE-001 · app MUST · review\r\n\r\nText.\r\n");
  CHECK(found.faults.empty());
  CHECK(found.clauses.front().text == "Text.");
}

TEST_CASE("a bad heading is told with its file and line") {
  CHECK(fault("Prose\n\n### CSGI-HTTP-1 · server MUST · wire\nText.\n") ==
        "a.md:3: \"CSGI-HTTP-1\" is not an id such as CSGI-HTTP-012");
  CHECK(fault_of_heading("CSGI-HTTP-000 · server MUST · wire").ends_with("is not an id such as CSGI-HTTP-012"));
  CHECK(fault_of_heading("CSGI-HTTP-0x1 · server MUST · wire").ends_with("is not an id such as CSGI-HTTP-012"));
  CHECK(fault_of_heading("CSGI-SMTP-001 · server MUST · wire") == "a.md:1: there is no group SMTP");
  CHECK(fault_of_heading("CSGI-HTTP-001 · server MUST") == "a.md:1: a clause's heading is \"ID · ROLE LEVEL · HOW\"");
  CHECK(fault_of_heading("CSGI-HTTP-001 · client MUST · wire") ==
        "a.md:1: \"client\" is not a role: server, app, middleware, host or library");
  CHECK(fault_of_heading("CSGI-HTTP-001 · server must · wire") ==
        "a.md:1: \"must\" is not a level: MUST, MUST NOT, SHOULD, SHOULD NOT or MAY");
  CHECK(fault_of_heading("CSGI-HTTP-001 · server · wire").find("\"\" is not a level") != std::string::npos);
  CHECK(fault_of_heading("CSGI-HTTP-001 · server MUST · by wire") ==
        "a.md:1: \"by wire\" is not how it shows: wire, in-process or review");
  CHECK(fault_of_heading("CSGI-HTTP-001 - server MUST - wire").ends_with("is not an id such as CSGI-HTTP-012"));
}

TEST_CASE("conditions out of their place are refused") {
  for (const char* conditions : {"· built", "· planned · if x", "· if x · if y", "· planned · planned", "· if", "· if x y", "·"})
    CHECK(fault_of_heading(std::string("CSGI-HTTP-001 · server MUST · wire ") + conditions).starts_with("a.md:1: "));
}

TEST_CASE("a clause at another level of headings is not overlooked") {
  CHECK(fault("## CSGI-HTTP-001 · server MUST · wire\nText.\n") == "a.md:1: a clause's heading begins with \"### CSGI-\"");
  CHECK(fault("###CSGI-HTTP-001 · server MUST · wire\nText.\n") == "a.md:1: a clause's heading begins with \"### CSGI-\"");
}

TEST_CASE("a clause without text is refused") {
  CHECK(fault("### CSGI-CORE-001 · app MUST · review\n\n> Why: because.\n") == "a.md:1: CSGI-CORE-001 has no text");
}

TEST_CASE("numbers come once and without gap, over all chapters together, in any order") {
  const auto heading = [](int number) { return "### CSGI-CORE-00" + std::to_string(number) + " · app MUST · review\nText.\n"; };
  const chapter_source fine[] = {{"a.md", heading(2) + heading(1)}, {"b.md", heading(3)}};
  CHECK(parse(fine).faults.empty());
  const chapter_source twice[] = {{"a.md", heading(1) + heading(2)}, {"b.md", heading(2)}};
  CHECK(parse(twice).faults == std::vector<std::string>{"b.md:1: CSGI-CORE-002 is also at a.md:3"});
  CHECK(fault(heading(1) + heading(3)) == "a.md:3: CSGI-CORE has 3, but no 2");
  CHECK(fault(heading(2)) == "a.md:1: CSGI-CORE has 2, but no 1");
}

TEST_CASE("all faults are told at once, and the good clauses still read") {
  const auto found = parsed("### CSGI-CORE-1\nText.\n### CSGI-CORE-001 · app MUST · review\nText.\n### CSGI-CORE\n");
  CHECK(found.faults.size() == 2);
  CHECK(found.clauses.size() == 1);
}
}
