// csgi-conformance app: what is broken is found, and told by its clause.
#include "check.hpp"
#include <boost/json.hpp>
#include <csgi/conformance/clause.hpp>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <unistd.h>
#include "child_process.hpp"
#include "markup_check.hpp"

using namespace csgi::conformance;

namespace {

struct outcome {
  int code;
  std::string output;
  std::string errors;
};

outcome run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), CSGI_CONFORMANCE_COMMAND);
  child_process child(std::move(arguments));
  outcome how;
  how.output = child.rest_of_output();
  how.errors = child.rest_of_errors();
  how.code = child.exit_code();
  return how;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A name for a file of one test, gone with it.
struct scratch {
  std::string name = (std::filesystem::temp_directory_path() / ("app-conformance-" + std::to_string(::getpid()))).string();
  ~scratch() { std::filesystem::remove(name); }
};

struct broken_app {
  const char* name;
  const char* clause;
  std::set<std::string> besides = {};     ///< what may be found too, and why
  std::vector<std::string> arguments = {};
};

const broken_app all_broken[] = {
    {"background_with_exchange", "CSGI-LIFE-019", {"CSGI-CORE-008", "CSGI-CORE-019", "CSGI-CORE-086"}},   // while
    // the app runs, on another thread; with a frame from the exchange's memory; which a thread sanitizer tells from many at once
    {"begins_again", "CSGI-CORE-026"},
    {"body_for_204", "CSGI-HTTP-090"},
    {"chooses_by_turns", "CSGI-CORE-053", {"CSGI-LIFE-007"}},           // names its parts by turns, too
    {"chunks_itself", "CSGI-HTTP-065"},
    {"counts_chunks", "CSGI-HTTP-137"},
    {"counts_on_numbers", "CSGI-EXT-007"},
    {"crashes_on_a_path", "CSGI-CORE-085"},
    {"crashes_without_log", "CSGI-EXT-007"},
    {"drains_slowly", "CSGI-LIFE-010"},
    {"finishes_twice", "CSGI-CORE-083"},
    {"forgets_a_coroutine", "CSGI-CORE-086"},
    {"head_of_another_length", "CSGI-HTTP-136"},
    {"hints_too_late", "CSGI-CORE-083"},
    {"hints_with_a_length", "CSGI-EXT-061"},
    {"hook_asks_the_exchange", "CSGI-EXT-020"},
    {"ignores_disconnects", "CSGI-CORE-036"},
    {"ignores_draining", "CSGI-EXT-044"},
    {"keeps_a_chunk", "CSGI-CORE-084"},
    {"keeps_a_trailer", "CSGI-CORE-005"},
    {"keeps_a_view", "CSGI-CORE-005", {"CSGI-CORE-008"}},               // and keeps it where every request sees it
    {"keeps_bytes_of_a_stream", "CSGI-CORE-084"},
    {"keeps_its_arguments", "CSGI-PLUG-008", {}, {"hello"}},
    {"leaves_a_wait", "CSGI-CORE-006"},
    {"locks_over_an_await", "CSGI-CORE-008", {"CSGI-HTTP-064"}},         // it may be another's answer that does not come
    {"made_once", "CSGI-PLUG-005"},
    {"manifest_by_turns", "CSGI-PLUG-002"},
    {"names_parts_by_turns", "CSGI-LIFE-007"},
    {"never_finishes", "CSGI-HTTP-064"},
    {"of_another_kind", "CSGI-PLUG-004"},
    {"other_thread", "CSGI-CORE-019"},
    {"reads_past_a_view", "CSGI-CORE-085"},
    {"receives_for_ever", "CSGI-CORE-083"},
    {"repeats_a_field", "CSGI-HTTP-135"},
    {"sends_latin_1", "CSGI-WS-042"},
    {"shares_state", "CSGI-CORE-008"},
    {"silent_without_websocket", "CSGI-WS-041"},
    {"sleeps", "CSGI-CORE-018"},
    {"speaks_after_closing", "CSGI-CORE-083"},
    {"spins_on_disconnect", "CSGI-CORE-036"},
    {"throws_a_number", "CSGI-PLUG-006"},
    {"trails_unannounced", "CSGI-EXT-062"},
    {"upgrades_by_the_field", "CSGI-EXT-007"},
    {"upgrades_unasked", "CSGI-EXT-063"},
    {"uses_the_exchange_later", "CSGI-CORE-005", {"CSGI-CORE-008", "CSGI-CORE-019"}},  // that of another thread's request
    {"waits_for_nothing", "CSGI-HTTP-064"},
    {"wrong_length", "CSGI-HTTP-136"},
};

}  // namespace

TEST_SUITE("csgi-conformance app") {
TEST_CASE("each app that is broken on purpose breaks its clause, and no other") {
  for (const auto& app : all_broken) {
    CAPTURE(std::string(app.name));
    const scratch json;
    std::vector<std::string> words = {
        "app", std::string(CSGI_BROKEN_APPS "/") + app.name + ".so", "--time", "3s", "--patience", "2s", "--json", json.name,
        "--"};
    words.insert(words.end(), app.arguments.begin(), app.arguments.end());
    const auto how = run(std::move(words));
    CHECK(how.errors == "");
    CHECK(how.code == (find_clause(app.clause)->binding() ? 1 : 0));
    const auto report = boost::json::parse(read(json.name));
    std::set<std::string> found;
    for (const auto& [id, standing] : report.at("clauses").as_object())
      if (standing == "failed" || standing == "warned") found.insert(id);
    CHECK_MESSAGE(found.contains(app.clause), how.output);
    found.erase(app.clause);
    for (const auto& other : app.besides) found.erase(other);
    CHECK_MESSAGE(found.empty(), how.output);
  }
}

TEST_CASE("every broken app that there is is judged here") {
  std::set<std::string> there, listed;
  for (const auto& each : std::filesystem::directory_iterator(CSGI_BROKEN_APPS)) there.insert(each.path().stem().string());
  for (const auto& each : all_broken) listed.insert(each.name);
  CHECK(there == listed);
}

TEST_CASE("every duty of apps that is checked is broken by one, but for those that keep an app from being judged") {
  std::set<std::string> broken = {
      "CSGI-PLUG-001", "CSGI-PLUG-003",       // then it is no plug-in: exit code 2, see below
      "CSGI-PLUG-007",                        // whether it takes arguments is only known of an app that refuses some
  };
  for (const auto& each : all_broken) broken.insert(each.clause);
  for (const auto& each : all_app_checks())
    for (const auto& id : each.clauses)
      if (find_clause(id)->binding()) CHECK_MESSAGE(broken.contains(id), id);
}

TEST_CASE("checks are about clauses of apps that are judged in-process") {
  REQUIRE(all_app_checks().size() == checks);
  for (const auto& each : all_app_checks())
    for (const auto& id : each.clauses) {
      const clause* const c = find_clause(id);
      REQUIRE_MESSAGE(c != nullptr, id);
      CHECK_MESSAGE((c->role == party::app && c->how == proof::in_process && !c->planned), id);
    }
}

TEST_CASE("every built duty of apps that shows in-process is checked, but for those that do not show between app and exchange") {
  std::set<std::string> checked = {"CSGI-BRIDGE-013", "CSGI-BRIDGE-014", "CSGI-TASK-024", "CSGI-EXT-034", "CSGI-EXT-039", "CSGI-LIFE-028"};
  for (const auto& each : all_app_checks()) checked.insert(each.clauses.begin(), each.clauses.end());
  for (const auto& c : all_clauses())
    if (c.role == party::app && c.how == proof::in_process && !c.planned) CHECK_MESSAGE(checked.contains(c.id), c.id);
}

TEST_CASE("a good app passes, and every report says so") {
  const scratch file;
  for (const char* kind : {"--json", "--junit", "--html"}) {
    const auto how = run({"app", CSGI_GOOD_APP, kind, file.name, "--label", "good"});
    CHECK(how.code == 0);
    CHECK(how.output.find("\npassed: ") != std::string::npos);
    if (kind == std::string("--junit")) CHECK(markup_fault(read(file.name)) == "");
    if (kind == std::string("--html")) CHECK(read(file.name).find("CSGI app conformance") != std::string::npos);
  }
}

TEST_CASE("an author's WebSocket is spoken to in every way, and who looks at a message too late is found") {
  const auto judged = [](const char* path) {
    const scratch file;
    std::ofstream(file.name) << "### a chat\nGET " << path << " HTTP/1.1\nUpgrade: websocket\n\none message\nanother one\n";
    return run({"app", CSGI_PARROT, "--request", file.name});
  };
  const auto careful = judged("/careful");
  CHECK_MESSAGE(careful.code == 0, careful.output);
  const auto careless = judged("/careless");
  CHECK(careless.code == 1);
  CHECK_MESSAGE(careless.output.find("CSGI-CORE-084") != std::string::npos, careless.output);
}

TEST_CASE("what is no app is not judged") {
  const auto refusal = [](std::vector<std::string> words) {
    words.insert(words.begin(), "app");
    const auto how = run(std::move(words));
    CHECK(how.code == 2);
    CHECK(how.output == "");
    CHECK(how.errors.find('\n') == how.errors.size() - 1);
    return how.errors;
  };
  CHECK(refusal({}).find("which app?") != std::string::npos);
  CHECK(refusal({"/no/such.so"}) == "csgi-conformance: no such file: /no/such.so\n");
  CHECK(refusal({CSGI_GOOD_APP, "--", "argument"}).find("takes no arguments") != std::string::npos);
  CHECK(refusal({CSGI_GOOD_APP, "--request", "/no/such"}).find("cannot read /no/such") != std::string::npos);
  CHECK(refusal({CSGI_GOOD_APP, "--time", "soon"}).find("--time: \"soon\" is not a time") != std::string::npos);
  CHECK(refusal({CSGI_GOOD_APP, "--json", "/no/such"}).find("cannot write /no/such") != std::string::npos);
}

TEST_CASE("a long answer is not taken for one without an end") {
  const auto how = run({"app", CSGI_LONG_ANSWER, "--time", "3s"});
  CHECK(how.code == 0);
  CHECK_MESSAGE(how.output.find("warning") == std::string::npos, how.output);
}

TEST_CASE("what bounds the suite is told") {
  const auto few = run({"app", CSGI_BROKEN_APPS "/finishes_twice.so", "--most-faults", "1"});
  CHECK(few.output.find("only the first 1 were made to fail (--most-faults): GET / has 2") != std::string::npos);
  const auto late = run({"app", CSGI_GOOD_APP, "--time", "1ms"});
  CHECK(late.output.find("the time was over (--time)") != std::string::npos);
}

TEST_CASE("checks and requests are listed") {
  const auto list = run({"app", "--list"}).output;
  for (const auto& each : all_app_checks()) CHECK_MESSAGE(list.find(each.name) != std::string::npos, each.name);
  CHECK(list.find("\nGET /\n") != std::string::npos);
}
}
