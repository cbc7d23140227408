// The csgi_soak program: what is sound passes, and each kind of fault is found, named, and fails it.
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include "child_process.hpp"
#include "temporary_directory.hpp"

namespace {

struct outcome {
  int code;
  std::string output;
};

outcome soak(std::vector<std::string> arguments, const std::string& fault = {}) {
  arguments.insert(arguments.begin(), CSGI_SOAK);
  child_process child(std::move(arguments), {}, [&] { ::setenv("CSGI_SOAK_FAULT", fault.c_str(), 1); });
  outcome how;
  how.output = child.rest_of_output() + child.rest_of_errors();
  how.code = child.exit_code();
  return how;
}

/// By two kinds of clients, on one server.
outcome soak_faulty(const std::string& fault) {
  return soak({"--app", CSGI_SOAK_FAULTY, "--server", "evented", "--seconds", "1", "--client", "pulse", "--client", "polite", "--seed", "1"}, fault);
}

bool says(const outcome& how, const std::string& words) { return how.output.find(words) != std::string::npos; }

/// A csgi that is not told one of its options, or does not care.
std::string forgetful_server(const temporary_directory& in, const std::string& option) {
  const auto path = in.path() / "csgi";
  std::ofstream(path) << "#!/bin/sh\nfor word; do\n  shift\n  case $dropping$word in\n    " << option
                      << ") dropping=its: ;;\n    its:*) dropping= ;;\n    *) set -- \"$@\" \"$word\" ;;\n  esac\ndone\nexec " CSGI_COMMAND " \"$@\"\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

}  // namespace

TEST_SUITE("csgi_soak") {
TEST_CASE("a sound app on both servers passes among all clients, and the table has a row for each") {
  const auto how = soak({"--app", "echo", "--seconds", "1", "--seed", "1"});
  CHECK_MESSAGE(how.code == 0, how.output);
  CHECK(says(how, "echo on evented"));
  CHECK(says(how, "echo on threaded"));
}

TEST_CASE("an app without its faults passes") {
  const auto how = soak_faulty("");
  CHECK_MESSAGE(how.code == 0, how.output);
}

TEST_CASE("each fault of an app is found out") {
  struct fault {
    std::string name, complaint;
  };
  const fault faults[] = {
      {"crashes", "ends with exit code 134"},
      {"throws", "faulty: GET /: threw no luck"},
      {"changes", "body was the same\\n and is another\\n"},
      {"loses-descriptors", "its descriptors have grown from "},
      {"keeps-memory", "its memory has grown from "},
      {"never-ends", "does not end at SIGTERM"},
  };
  for (const fault& each : faults) {
    const auto how = soak_faulty(each.name);
    CAPTURE(each.name);
    CAPTURE(how.output);
    CHECK(how.code == 1);
    CHECK(says(how, "faulty.so on evented: "));
    CHECK(says(how, each.complaint));
  }
}

TEST_CASE("a server without a limit is found out, by a visit that can be repeated") {
  const temporary_directory directory;
  const std::string csgi = forgetful_server(directory, "--limit-head");
  const std::vector<std::string> told{"--csgi", csgi, "--app", "hello_async", "--server", "threaded", "--client", "too-large"};
  auto first = told;
  first.insert(first.end(), {"--seconds", "2", "--seed", "1"});
  const auto how = soak(first);
  CAPTURE(how.output);
  CHECK(how.code == 1);
  CHECK(says(how, "hello_async on threaded: too-large: the status is 200, not 431"));
  const auto at = how.output.find("--visit ");
  REQUIRE(at != std::string::npos);
  auto again = told;
  again.insert(again.end(), {"--visit", how.output.substr(at + 8, how.output.find('\n', at) - at - 8)});
  CHECK(says(soak(again), "the status is 200, not 431"));
}

TEST_CASE("what does not serve is an unexpected end, and what is not there a mistake") {
  const auto how = soak({"--csgi", "/bin/false", "--app", "hello_async", "--server", "evented", "--seconds", "1"});
  CHECK(how.code == 1);
  CHECK(says(how, "it does not serve: "));
  CHECK(soak({"--app", "nobody"}).code == 2);
  CHECK(soak({"--client", "nobody"}).code == 2);
}

TEST_CASE("an interruption ends it with what was found until then") {
  child_process child({CSGI_SOAK, "--app", "hello_async", "--server", "evented", "--seconds", "300", "--client", "pulse"});
  child.output_line();
  child.signal(SIGINT);
  CHECK(child.rest_of_output().find("interrupted") != std::string::npos);
  CHECK(child.exit_code() == 0);
}
}
