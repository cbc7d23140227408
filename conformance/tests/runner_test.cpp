// The csgi-conformance command as its users meet it: options, exit codes, files.
#include <boost/json.hpp>
#include <csgi/conformance/clause.hpp>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sstream>
#include "child_process.hpp"
#include "markup_check.hpp"

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

/// `csgi-conformance server OPTIONS -- COMMAND`
outcome judge(std::vector<std::string> options, const std::vector<std::string>& command) {
  options.insert(options.begin(), "server");
  options.push_back("--");
  options.insert(options.end(), command.begin(), command.end());
  return run(std::move(options));
}

/// Why nothing was judged.
std::string refusal(const std::vector<std::string>& command) {
  const auto how = judge({}, command);
  CHECK(how.code == 2);
  CHECK(how.output.empty());
  return how.errors;
}

std::string bad_usage(std::vector<std::string> arguments) {
  const auto how = run(std::move(arguments));
  CHECK(how.code == 2);
  CHECK(how.output.empty());
  CHECK(how.errors.starts_with("csgi-conformance: "));
  CHECK(how.errors.find('\n') == how.errors.size() - 1);
  return how.errors;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Files of one test, gone with it.
struct scratch {
  std::filesystem::path directory;
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "csgi-conformance-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory = name;
  }
  ~scratch() { std::filesystem::remove_all(directory); }
  std::string operator/(const char* name) const { return (directory / name).string(); }
};

const std::vector<std::string> served = {CSGI_COMMAND, "serve", "{app}", "--port", "{port}", "--no-access-log"};

}  // namespace

TEST_SUITE("csgi-conformance") {
TEST_CASE("a command without its placeholders is not judged") {
  CHECK(refusal({"true", "{app}"}) ==
        "csgi-conformance: the command has no {port}, so it cannot be told what to serve where\n");
  CHECK(refusal({"true", "{port}"}).find("no {app}") != std::string::npos);
}

TEST_CASE("a command that ends, or cannot be run, is not judged") {
  CHECK(refusal({"false", "{app}", "{port}"}).find("ended with exit code 1") != std::string::npos);
  CHECK(refusal({"/no/such/server", "{app}", "{port}"}).find("cannot run /no/such/server") != std::string::npos);
}

TEST_CASE("a server that does not host the probe is not judged") {
  const auto told = refusal({CSGI_COMMAND, "serve", CSGI_OTHER_APP, "--port", "{port}", "--", "{app}"});
  CHECK(told.find("does not answer as the probe app would") != std::string::npos);
  CHECK(told.find('\n') == told.size() - 1);
}

TEST_CASE("a server that breaks a duty fails, and every report says so") {
  const scratch files;
  auto command = served;
  command.insert(command.end(), {"--limit-body", "1"});
  const auto how = judge({"--only", "chunked", "--label", "tight", "--json", files / "r.json", "--junit", files / "r.xml",
                          "--html", files / "r.html"}, command);
  CHECK(how.code == 1);
  CHECK(how.errors.empty());
  CHECK(how.output.find("\nFAILED: ") != std::string::npos);
  CHECK(how.output.find("left out") != std::string::npos);
  CHECK(boost::json::parse(read(files / "r.json")).at("passed") == false);
  CHECK(read(files / "r.xml").find("<failure") != std::string::npos);
  CHECK(markup_fault(read(files / "r.xml")) == "");
  CHECK(read(files / "r.html").find("class=\"failure failed\"") != std::string::npos);

  const auto merged = run({"report", files / "r.json", files / "r.json", "--html", files / "two.html"});
  CHECK(merged.code == 0);
  CHECK(read(files / "two.html").find(">tight</h3>") != std::string::npos);
}

TEST_CASE("a server that keeps its duties passes") {
  const auto how = judge({"--only", "GET reaches the app", "--parallel", "1", "--patience", "20s"}, served);
  CHECK(how.code == 0);
  CHECK(how.errors.empty());
  CHECK(how.output.find("\npassed: 1 case, 10 runs") != std::string::npos);
}

TEST_CASE("what ends with a word about why is quoted") {
  CHECK(refusal({CSGI_COMMAND, "serve", "{app}", "--port", "{port}", "--host", "no such host"}).find("its last words: csgi: ") != std::string::npos);
}

TEST_CASE("cases that set options apply where the command takes them") {
  const auto how = judge({"--only", "root path"}, served);
  CHECK(how.code == 0);
  CHECK(how.output.find("cases do not apply: the server cannot be told options\n") != std::string::npos);
  auto command = served;
  command.push_back("{options}");
  const auto with = judge({"--only", "outside the root path", "--kind", "blocking"}, command);
  CHECK(with.code == 0);
  CHECK(with.output.find("\npassed: 1 case, 5 runs") != std::string::npos);
  command.back() = "--options={options}";
  CHECK(refusal(command).find("{options} has to be a word of its own") != std::string::npos);
}

TEST_CASE("the server does not outlive who judges it") {
  const scratch files;
  const std::string fifo = files / "alive";     // its reading end comes to an end when nobody is left who writes
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  child_process judging({CSGI_CONFORMANCE_COMMAND, "server", "--", "/bin/sh", "-c", "exec 3>\"$0\"; echo alive >&3; exec sleep 1000", fifo, "{app}", "{port}"});
  std::ifstream alive(fifo);
  std::string line;
  REQUIRE(std::getline(alive, line));
  judging.signal(SIGKILL);
  CHECK_FALSE(std::getline(alive, line));
}

TEST_CASE("cases are listed as they would be chosen") {
  const auto all = run({"server", "--list"});
  CHECK(all.code == 0);
  const auto some = run({"server", "--list", "--only", "reaches the app", "--only", "csgi-core-*"});
  CHECK(some.code == 0);
  CHECK(some.output.size() < all.output.size());
  CHECK(some.output.find("GET reaches the app") != std::string::npos);
  CHECK(some.output.find("CSGI-CORE-") != std::string::npos);
}

TEST_CASE("clauses are listed for people and for programs") {
  const auto list = run({"clauses"}).output;
  for (const auto& c : csgi::conformance::all_clauses()) CHECK_MESSAGE(list.find(c.id + "  ") != std::string::npos, c.id);
  CHECK(boost::json::parse(run({"clauses", "--json"}).output).as_array().size() == csgi::conformance::all_clauses().size());
}

TEST_CASE("a command line that makes no sense is refused") {
  CHECK(bad_usage({}).find("what to do?") != std::string::npos);
  CHECK(bad_usage({"server"}).find("which server?") != std::string::npos);
  CHECK(bad_usage({"server", "--"}).find("which server?") != std::string::npos);
  CHECK(bad_usage({"server", "serve", "--", "x"}).find("not expected") != std::string::npos);
  CHECK(bad_usage({"server", "--only", "no such case", "--list"}).find("no case has \"no such case\"") != std::string::npos);
  CHECK(bad_usage({"server", "--level", "MAY", "--list"}).find("--level") != std::string::npos);
  CHECK(bad_usage({"server", "--patience", "5", "--list"}).find("is not a time such as 500ms or 5s") != std::string::npos);
  CHECK(bad_usage({"server", "--patience", "11min", "--list"}).find("10min at most") != std::string::npos);
  CHECK(bad_usage({"server", "--except", "no such case", "--list"}).find("--except: no case has \"no such case\"") != std::string::npos);
  CHECK(bad_usage({"server", "--except", "*", "--list"}).find("no case is left to be judged") != std::string::npos);
  CHECK(bad_usage({"server", "--form", "sideways", "--list"}).find("--form") != std::string::npos);
  CHECK(bad_usage({"server", "--parallel", "0", "--list"}).find("from 1 to 256") != std::string::npos);
  CHECK(bad_usage({"server", "--parallel", "257", "--list"}).find("from 1 to 256") != std::string::npos);
  CHECK(bad_usage({"clauses", "--", "x"}).find("only `csgi-conformance server`, `app` and `swap` take `--`") != std::string::npos);
  CHECK(bad_usage({"report", "--html", "x"}).find("FILES is required") != std::string::npos);
  CHECK(bad_usage({"report", "/no/such.json", "--html", "/no/x"}).find("cannot read /no/such.json") != std::string::npos);
}

TEST_CASE("what cannot be written or found is told before anything is judged") {
  const auto json = judge({"--json", "/no/such/file"}, served);
  CHECK(json.code == 2);
  CHECK(json.errors == "csgi-conformance: cannot write /no/such/file\n");
  const auto probes = judge({"--probe-dir", "/no/such"}, served);
  CHECK(probes.code == 2);
  CHECK(probes.errors.find("--probe-dir: /no/such") != std::string::npos);
}

TEST_CASE("help and version") {
  CHECK(run({"--version"}).output.starts_with("csgi-conformance "));
  CHECK(run({"--help"}).output.find("clauses") != std::string::npos);
  CHECK(run({"server", "--help"}).output.find("{port}") != std::string::npos);
}
}
