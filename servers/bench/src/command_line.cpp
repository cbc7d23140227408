#include "command_line.hpp"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

namespace csgi::bench {

namespace {

constexpr const char* purpose =
    "Compares what a request, or a WebSocket's message, costs servers with the least that a server can do, the floor.\n"
    "\n"
    "Each server runs alone on one core and its client on another; they take turns, round after round. Tables of medians\n"
    "(least – most) go to the standard output, progress to standard error. CPU time is that of the server's core, user, system\n"
    "and soft interrupts: the honest figure, as a client on one core is the bottleneck of every fast server. The floor of a\n"
    "file is sendfile, of a stream a bare send. Instructions are those of user space, by callgrind; allocations are calls of\n"
    "malloc and its kin; memory of idle connections, 10,000 of them, is the server's own, without the system's.";

constexpr const char* remarks =
    "Through ./dev bench, `--install` alone fetches the Debian packages of the servers of others, and valgrind. What is not\n"
    "installed is skipped, and told at the end. Ends with 0; 1 where something that was tried failed; 2 for a wrong command line.";

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

void settle(command_line& asked, bool quick, bool http, bool websocket) {
  if (http && websocket) throw usage_error("--http and --websocket are the two halves: leave both away for the whole");
  if (http) asked.wanted.of = halves::http;
  if (websocket) asked.wanted.of = halves::websocket;
  if (quick) asked.wanted.how = thoroughness::quick;
}

}  // namespace

command_line parse_command_line(std::vector<std::string> words) {
  command_line asked;
  bool quick = false, list = false, http = false, websocket = false;
  CLI::App app(purpose, "csgi_bench");
  app.footer(remarks);
  app.add_flag("--quick", quick,
               "the floor and our servers, what matters most, 3 rounds of a second without warm-up: about two minutes");
  app.add_flag("--http", http, "HTTP alone");
  app.add_flag("--websocket", websocket, "WebSockets alone");
  app.add_option("--only", asked.wanted.only,
                 "servers or scenarios that hold this in their names, in either case, * standing for anything; may be given several "
                 "times, of both sorts. Floors are always there")
      ->type_name("PATTERN")->allow_extra_args(false);
  auto* const rounds = app.add_option("--rounds", asked.rounds, "turns of each server")
                           ->type_name("N")->check(CLI::Range(1, 1'000))->default_str("5, quick 3");
  auto* const seconds = app.add_option("--seconds", asked.seconds, "that each measurement takes; wrk takes whole ones")
                            ->type_name("S")->check(CLI::Range(0.05, 3'600.0))->default_str("3, quick 1");
  app.add_option("--json", asked.json, "writes all figures there, too")->type_name("FILE");
  app.add_flag("--list", list, "tells which servers and scenarios there are, and which of them are missing here");
  std::ranges::reverse(words);    // CLI11 takes them from the back
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    asked.what = command_line::verb::help;
    asked.help = app.help();
    return asked;
  } catch (const CLI::ParseError& error) {
    throw usage_error(one_line(error.what()));
  }
  settle(asked, quick, http, websocket);
  if (list) asked.what = command_line::verb::list;
  if (quick) {
    if (rounds->empty()) asked.rounds = 3;
    if (seconds->empty()) asked.seconds = 1;
    asked.warm_up_seconds = 0;
  }
  if (!seconds->empty()) asked.warm_up_seconds = std::min(asked.warm_up_seconds, asked.seconds / 3);
  return asked;
}

}  // namespace csgi::bench
