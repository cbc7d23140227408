// The csgi command as its users meet it: the real program, real sockets.
#include "served_command.hpp"

namespace {

const std::string program = CSGI_COMMAND;
const std::string told = CSGI_TEST_APP;
const std::string guarded = CSGI_TEST_CHAIN;

const std::vector<std::string> servers{
    "threaded", "evented", "beast",
#ifdef CSGI_HAS_HTTPLIB
    "httplib",
#endif
};

}  // namespace

TEST_SUITE("csgi") {
TEST_CASE("serve answers and logs, on each server, until SIGINT or SIGTERM") {
  for (const std::string& name : servers) {
    for (const int end : {SIGINT, SIGTERM}) {
      CAPTURE(name);
      child_process server({program, "serve", told, "--server", name, "--port", "0", "--", "one", "two words"});
      const auto where = ready(server);
      CHECK(where.what == "told (blocking) on " + name);
      CHECK(where.url == "http://127.0.0.1:" + std::to_string(where.port));

      const auto response = answer(where.port, get("/a?b=c"));
      CHECK(response.starts_with("HTTP/1.1 200 OK\r\n"));
      CHECK(response.ends_with("\r\n\r\none\ntwo words\n"));
      const auto access = server.output_line();
      CHECK(access.starts_with("127.0.0.1:"));
      CHECK(access.find(" \"GET /a?b=c HTTP/1.1\" 200 14 ") != std::string::npos);
      CHECK(access.ends_with("ms"));
      const auto message = server.error_line();
      CHECK(message.starts_with("csgi: warning: "));
      CHECK(message.find("asked") != std::string::npos);

      server.signal(end);
      CHECK(server.exit_code() == 0);
    }
  }
}

TEST_CASE("--status-port tells of health and metrics beside the app") {
  for (const std::string& name : servers) {
    CAPTURE(name);
    child_process server({program, "serve", told, "--server", name, "--port", "0", "--status-port", "0", "--no-access-log"});
    const auto where = ready(server);
    const auto line = server.output_line();
    REQUIRE_MESSAGE(line.starts_with("health and metrics on http://127.0.0.1:"), line);
    const auto status_port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    CHECK(answer(status_port, get("/health")).ends_with("\r\n\r\nok\n"));
    answer(where.port, get("/a"));
    const auto metrics = answer(status_port, get("/metrics"));
    CHECK(metrics.find("csgi_info{server=\"" + name + "\"} 1\n") != std::string::npos);
    CHECK(metrics.find("csgi_requests_total{method=\"GET\",status=\"200\"} 1\n") != std::string::npos);
    CHECK(answer(where.port, get("/health")).find("ok\n") == std::string::npos);      // that is the app's
    server.signal(SIGTERM);
    CHECK(server.exit_code() == 0);
  }
}

TEST_CASE("a port for the status that is taken is told by its option") {
  child_process first({program, "serve", told, "--port", "0", "--status-port", "0", "--status-host", "::1"});
  ready(first);
  const auto line = first.output_line();
  REQUIRE_MESSAGE(line.starts_with("health and metrics on http://[::1]:"), line);
  const auto port = line.substr(line.rfind(':') + 1);
  for (const char* workers : {"0", "1"}) {
    CAPTURE(workers);
    child_process second({program, "serve", told, "--port", "0", "--status-port", port, "--status-host", "::1", "--workers", workers});
    const auto why = second.rest_of_errors();
    CHECK_MESSAGE(why.starts_with("csgi: --status-port: cannot listen on "), why);
    CHECK(second.exit_code() == 1);
  }
}

TEST_CASE("--no-access-log and --log-level keep it quiet") {
  child_process server({program, "serve", told, "--port", "0", "--no-access-log", "--log-level", "error"});
  CHECK(answer(ready(server).port, get("/")).starts_with("HTTP/1.1 200 OK\r\n"));
  server.signal(SIGTERM);
  CHECK(server.rest_of_output().empty());
  CHECK(server.rest_of_errors().empty());
  CHECK(server.exit_code() == 0);
}

TEST_CASE("--lint tells what the app does against the rules, and changes no answer") {
  for (const std::string name : {"threaded", "evented"}) {
    CAPTURE(name);
    child_process server({program, "serve", told, "--server", name, "--port", "0", "--lint", "--", "one"});
    const auto port = ready(server).port;
    CHECK(answer(port, get("/")).ends_with("\r\n\r\none\n"));
    CHECK(answer(port, get("/silent")).starts_with("HTTP/1.1 500 "));
    CHECK(server.error_line().find("GET /: asked") != std::string::npos);
    CHECK(server.error_line().find("GET /silent: asked") != std::string::npos);
    CHECK(server.error_line() == "csgi: error: told: GET /silent: lint: CSGI-HTTP-064 (app): "
                                 "done without having finished or aborted its response, in http()");
    server.signal(SIGTERM);
    CHECK(server.exit_code() == 0);
  }
}

TEST_CASE("a port in use is told, whoever uses it") {
  for (const std::string& name : servers) {
    CAPTURE(name);
    child_process first({program, "serve", told, "--server", name, "--port", "0"});
    const auto port = std::to_string(ready(first).port);
    child_process second({program, "serve", told, "--server", name, "--port", port});
    CHECK(second.rest_of_errors() == "csgi: cannot listen on 127.0.0.1:" + port + ": Address already in use\n");
    CHECK(second.exit_code() == 1);
  }
}

TEST_CASE("what cannot be served is told in one line, and nothing on standard output") {
  struct refusal {
    std::vector<std::string> arguments;
    std::string message;
    int code;
  };
  const refusal refusals[] = {
      {{"serve", "./absent.so"}, "no such file: ./absent.so", 1},
      {{"inspect", "./absent.so"}, "no such file: ./absent.so", 1},
      {{"inspect", guarded, "--", "Ada", "Bob"}, guarded + " did not start: whom to greet? -- NAME", 1},
      {{"serve", "/"}, "/ is not a file", 1},
      {{"serve", told, "--port", "66000"}, "--port: 66000 is too big, at most 65535", 2},
      {{"serve"}, "APP is required", 2},
  };
  for (const auto& [arguments, message, code] : refusals) {
    std::vector<std::string> command{program};
    command.insert(command.end(), arguments.begin(), arguments.end());
    child_process refused(std::move(command));
    CHECK(refused.rest_of_output().empty());
    CHECK(refused.rest_of_errors() == "csgi: " + message + "\n");
    CHECK(refused.exit_code() == code);
  }
}

TEST_CASE("an unknown name lists the bundled apps") {
  child_process refused({program, "serve", "no_such_app"});
  CHECK(refused.error_line().starts_with("csgi: no bundled app is called \"no_such_app\", but these are: "));
  CHECK(refused.exit_code() == 1);
}

TEST_CASE("inspect says what a plug-in is") {
  child_process inspect({program, "inspect", told});
  CHECK(inspect.output_line() == "path:       " + told);
  CHECK(inspect.output_line() == "name:       told");
  CHECK(inspect.output_line() == "kind:       blocking");
  CHECK(inspect.output_line().starts_with("interface:  "));
  CHECK(inspect.output_line().starts_with("toolchain:  "));
  CHECK(inspect.rest_of_output().empty());
  CHECK(inspect.exit_code() == 0);
}

TEST_CASE("inspect shows what an app is made of, from the arguments it is given") {
  child_process inspect({program, "inspect", guarded, "--", "Ada"});
  for (int line = 0; line < 5; ++line) inspect.output_line();
  CHECK(inspect.rest_of_output() ==
        "\n"
        "guarded                chain, 1 switch\n"
        "├─ csgi::identity      blocking, could be either\n"
        "├─ doorkeeper          blocking only\n"
        "├─ csgi::as_blocking   bridge\n"
        "└─ greeter             async\n");
  CHECK(inspect.exit_code() == 0);
}

TEST_CASE("inspect of an app that is not made without arguments says so, and what it can say anyway") {
  child_process inspect({program, "inspect", guarded});
  CHECK(inspect.output_line() == "path:       " + guarded);
  for (int line = 0; line < 4; ++line) inspect.output_line();
  CHECK(inspect.rest_of_output() == "\n" + guarded + " did not start: whom to greet? -- NAME\n" +
                                        "What it is made of is shown with its arguments: csgi inspect " + guarded + " -- ARGUMENTS\n");
  CHECK(inspect.exit_code() == 0);
}

TEST_CASE("a plug-in that is a chain is served") {
  child_process server({program, "serve", guarded, "--port", "0", "--", "Ada"});
  const auto where = ready(server);
  CHECK(where.what == "guarded (composite) on evented");
  CHECK(answer(where.port, get("/")).ends_with("\r\n\r\nhello Ada\n"));
  CHECK(answer(where.port, get("/secret")).starts_with("HTTP/1.1 403 "));
  server.signal(SIGTERM);
  CHECK(server.exit_code() == 0);
}
}
