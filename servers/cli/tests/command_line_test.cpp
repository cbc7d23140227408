#include "command_line.hpp"
#include <csgi/version.hpp>
#include <doctest/doctest.h>
#include "make_server.hpp"

using csgi::cli::built;
using csgi::cli::command;
using csgi::cli::verb;

namespace {

command parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "csgi");
  return csgi::cli::parse(static_cast<int>(words.size()), words.data());
}

std::string refusal(std::vector<const char*> words) {
  try {
    parsed(std::move(words));
  } catch (const csgi::cli::usage_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_SUITE("command_line") {
TEST_CASE("an app alone is served with the defaults of server_options") {
  const auto asked = parsed({"serve", "hello"});
  const csgi::server_options usual;
  CHECK(asked.what == verb::serve);
  CHECK(asked.app == "hello");
  CHECK(asked.app_arguments.empty());
  CHECK(asked.server == "evented");
  CHECK(asked.access_log);
  CHECK_FALSE(asked.lint);
  CHECK(asked.least_level == csgi::log_level::info);
  CHECK(asked.options.host == usual.host);
  CHECK(asked.options.port == usual.port);
  CHECK(asked.options.paths == csgi::served_paths::any);
  CHECK(asked.options.threads == usual.threads);
  CHECK(asked.options.limits.request_body == usual.limits.request_body);
  CHECK(asked.options.deadlines.grace == usual.deadlines.grace);
}

TEST_CASE("every option reaches its place") {
  using namespace std::chrono_literals;
  const auto asked = parsed({"serve", "./a.so", "--server", "evented", "--host", "::1", "--port", "0", "--root-path",
                             "/shop", "--paths", "plain", "--threads", "7", "--loops", "3", "--queue", "9", "--limit-line", "1K",
                             "--limit-head", "2KiB", "--limit-fields", "3", "--limit-body", "4G", "--deadline-head",
                             "5ms", "--deadline-body", "6s", "--deadline-write", "7min", "--deadline-idle", "8h",
                             "--deadline-first-byte", "9s", "--deadline-queue", "10s",
                             "--grace", "0s", "--no-access-log", "--log-level", "error", "--lint"});
  const auto& options = asked.options;
  CHECK(asked.server == "evented");
  CHECK(asked.lint);
  CHECK(options.host == "::1");
  CHECK(options.port == 0);
  CHECK(options.root_path == "/shop");
  CHECK(options.paths == csgi::served_paths::plain);
  CHECK(options.threads == 7);
  CHECK(options.loops == 3);
  CHECK(options.queue == 9);
  CHECK(options.limits.request_line == 1024);
  CHECK(options.limits.request_head == 2048);
  CHECK(options.limits.request_fields == 3);
  CHECK(options.limits.request_body == 4ull << 30);
  CHECK(options.deadlines.head == 5ms);
  CHECK(options.deadlines.body == 6s);
  CHECK(options.deadlines.write == 7min);
  CHECK(options.deadlines.idle == 8h);
  CHECK(options.deadlines.first_byte == 9s);
  CHECK(options.deadlines.queue == 10s);
  CHECK(options.deadlines.grace == 0s);
  CHECK_FALSE(asked.access_log);
  CHECK(asked.least_level == csgi::log_level::error);
}

TEST_CASE("workers, and other places to listen at") {
  using namespace std::chrono_literals;
  const auto usual = parsed({"serve", "a"});
  CHECK(usual.supervised.workers == 0);
  CHECK(usual.supervised.restart_first == 100ms);
  CHECK(usual.supervised.restart_most == 30s);
  CHECK(usual.supervised.startup == 60s);
  CHECK(usual.listens_at.empty());
  CHECK(usual.descriptor == -1);
  CHECK(usual.unix_mode == 0660);
  const auto asked = parsed({"serve", "a", "--workers", "4", "--restart-first", "5ms", "--restart-most", "6s", "--deadline-startup", "7s", "--unix", "/run/a", "--unix-mode", "0600"});
  CHECK(asked.supervised.workers == 4);
  CHECK(asked.supervised.restart_first == 5ms);
  CHECK(asked.supervised.restart_most == 6s);
  CHECK(asked.supervised.startup == 7s);
  CHECK(asked.unix_path == "/run/a");
  CHECK(asked.unix_mode == 0600);
  CHECK(asked.listens_at == "--unix");
  CHECK(parsed({"serve", "a", "--host", "x"}).listens_at == "--host");
  CHECK(parsed({"serve", "a", "--fd", "0"}).descriptor == 0);
  CHECK(refusal({"serve", "a", "--unix-mode", "rw"}) == "--unix-mode: \"rw\" are no permissions such as 660");
  CHECK(refusal({"serve", "a", "--unix-mode", "1777"}) == "--unix-mode: \"1777\" are no permissions such as 660");
  CHECK(refusal({"serve", "a", "--workers", "1025"}) == "--workers: 1025 is too big, at most 1024");
}

TEST_CASE("an option that would do nothing is refused") {
  CHECK(refusal({"serve", "a", "--unix-mode", "600"}) == "--unix-mode requires --unix");
  CHECK(refusal({"serve", "a", "--status-host", "::1"}) == "--status-host requires --status-port");
  CHECK(parsed({"serve", "a", "--status-host", "::1", "--status-port", "0"}).status_host == "::1");
  for (const std::string option : {"--restart-first", "--restart-most", "--deadline-startup"}) {
    CHECK(refusal({"serve", "a", option.c_str(), "1s"}) == option + " requires --workers");
    CHECK(refusal({"serve", "a", option.c_str(), "1s", "--workers", "0"}) == option + " requires --workers");
    CHECK(refusal({"serve", "a", option.c_str(), "1s", "--workers", "1"}) == "accepted");
  }
  for (const char* server : {"threaded", "beast", "httplib"})
    CHECK(refusal({"serve", "a", "--server", server, "--loops", "2"}) == "--loops requires --server evented");
}

TEST_CASE("an option that the server does nothing with is refused by name, the others are taken") {
  const std::vector<std::pair<std::string, const char*>> with_values{
      {"--limit-line", "1K"}, {"--limit-head", "1K"}, {"--limit-fields", "9"}, {"--limit-body", "1K"}, {"--limit-websocket-message", "1K"},
      {"--limit-connections", "0"}, {"--limit-connections-per-address", "9"}, {"--limit-requests-per-connection", "9"},
      {"--deadline-head", "1s"}, {"--deadline-body", "1s"}, {"--deadline-write", "1s"}, {"--deadline-first-byte", "1s"},
      {"--deadline-idle", "1s"}, {"--deadline-queue", "1s"}, {"--deadline-app", "1s"}, {"--deadline-lane", "1s"},
      {"--deadline-websocket-ping", "1s"}, {"--deadline-websocket-close", "1s"}, {"--deadline-farewell", "1s"}, {"--grace", "1s"},
      {"--threads", "2"}, {"--queue", "2"}, {"--paths", "plain"}, {"--root-path", "/shop"}};
  std::vector<std::string> refused{"--deadline-app", "--deadline-farewell", "--deadline-websocket-close", "--deadline-websocket-ping",
                                   "--limit-connections", "--limit-connections-per-address", "--limit-requests-per-connection",
                                   "--limit-websocket-message"};
  const auto check = [&](const std::string& server) {
    for (const auto& [option, value] : with_values) {
      const bool is_useless = std::ranges::find(refused, option) != refused.end();
      CHECK(refusal({"serve", "a", "--server", server.c_str(), option.c_str(), value}) ==
            (is_useless ? option + ": the " + server + " server does nothing with it" : "accepted"));
      CHECK(refusal({"serve", "a", option.c_str(), value}) == "accepted");
    }
    CHECK(refusal({"serve", "a", "--no-websocket-deflate", "--server", server.c_str()}) ==
          "--no-websocket-deflate: the " + server + " server does nothing with it");
  };
  check("beast");
  refused.push_back("--deadline-lane");
  check("httplib");
}

TEST_CASE("httplib is told that it takes no socket by the option that would need one") {
  const std::string why = ": the httplib server takes no --workers, --fd and --unix, as it binds its own socket";
  CHECK(refusal({"serve", "a", "--server", "httplib", "--workers", "2"}) == "--workers" + why);
  CHECK(refusal({"serve", "a", "--server", "httplib", "--fd", "3"}) == "--fd" + why);
  CHECK(refusal({"serve", "a", "--server", "httplib", "--unix", "/run/a"}) == "--unix" + why);
  CHECK(refusal({"serve", "a", "--server", "httplib", "--workers", "0"}) == "accepted");
}

TEST_CASE("what follows the first -- is the app's, whatever it looks like") {
  const auto asked = parsed({"serve", "files", "--port", "0", "--", "--root", "a b", "--", "--port", "1"});
  CHECK(asked.options.port == 0);
  CHECK(asked.app_arguments == std::vector<std::string>{"--root", "a b", "--", "--port", "1"});
}

TEST_CASE("numbers, sizes and times that make no sense are refused by name") {
  CHECK(refusal({"serve", "a", "--port", "65536"}) == "--port: 65536 is too big, at most 65535");
  CHECK(refusal({"serve", "a", "--port", "-1"}) == "--port: \"-1\" is not a whole number");
  CHECK(refusal({"serve", "a", "--port", ""}) == "--port: \"\" is not a whole number");
  CHECK(refusal({"serve", "a", "--port", "80x"}) == "--port: \"80x\" is not a whole number");
  CHECK(refusal({"serve", "a", "--port", "99999999999999999999999"}) ==
        "--port: 99999999999999999999999 is too big, at most 65535");
  CHECK(refusal({"serve", "a", "--threads", "0"}) == "--threads: 0 is too small, at least 1");
  CHECK(refusal({"serve", "a", "--limit-body", "18446744073709551615G"}) ==
        "--limit-body: 18446744073709551615G is too big, at most 18446744073709551615");
  CHECK(refusal({"serve", "a", "--limit-head", "1.5K"}) ==
        "--limit-head: \"1.5K\" is not a size such as 512, 64K or 10M");
  CHECK(refusal({"serve", "a", "--grace", "10"}) == "--grace: \"10\" is not a time such as 500ms, 10s or 2min");
  CHECK(refusal({"serve", "a", "--deadline-idle", "25h"}) == "--deadline-idle: 25h is too big, at most 24h");
  CHECK(refusal({"serve", "a", "--server", "x"}) == "--server: x not in {threaded,evented,beast,httplib}");
}

TEST_CASE("a server whose library was not found when this was built is known, and said to be missing") {
  for (const auto& name : csgi::cli::server_names(built::elsewhere)) {
    CHECK(parsed({"serve", "a", "--server", name.c_str()}).server == name);
    CHECK(parsed({"serve", "--help"}).text.find(name + " was not built") != std::string::npos);
    CHECK_THROWS_WITH_AS(csgi::cli::make_server(name, {}),
                         ("--server: this csgi was built without " + name + ", as its library was not found").c_str(),
                         std::invalid_argument);
  }
  for (const auto& name : csgi::cli::server_names(built::here)) CHECK(csgi::cli::make_server(name, {.port = 0})->port() > 0);
}

TEST_CASE("a path to be mounted at is refused for what is wrong with it") {
  CHECK(refusal({"serve", "a", "--root-path", "shop"}) == "--root-path: \"shop\" does not begin with /");
  CHECK(refusal({"serve", "a", "--root-path", "/shop/"}) == "--root-path: \"/shop/\" ends with /");
  CHECK(refusal({"serve", "a", "--root-path", "/"}) == "--root-path: \"/\" ends with /");
  CHECK(parsed({"serve", "a", "--root-path", "/shop"}).options.root_path == "/shop");
}

TEST_CASE("nothing is guessed") {
  CHECK(refusal({"serv", "x"}) == "\"serv\" is nothing to do, but `csgi serve APP` and `csgi inspect APP` are; `csgi --help` tells more");
  CHECK(refusal({}).starts_with("what to do?"));
  CHECK(refusal({"serve"}) == "APP is required");
  CHECK(refusal({"serve", "a", "b"}) == "The following argument was not expected: b");
  CHECK(refusal({"serve", "a", "--bogus"}) == "The following argument was not expected: --bogus");
}

TEST_CASE("what follows -- is for the app, also when it is inspected") {
  CHECK(parsed({"inspect", "a", "--", "b", "--port"}).app_arguments == std::vector<std::string>{"b", "--port"});
}

TEST_CASE("help and version are texts to show") {
  const auto interface = std::to_string(csgi::interface_major) + '.' + std::to_string(csgi::interface_minor);
  CHECK(parsed({"--version"}).text == "csgi " CSGI_VERSION ", interface " + interface + ", " + csgi::toolchain + "\n");
  CHECK(parsed({"--help"}).text.find("inspect") != std::string::npos);
  CHECK(parsed({"serve", "--help"}).text.find("--deadline-idle TIME=1min") != std::string::npos);
}
}
