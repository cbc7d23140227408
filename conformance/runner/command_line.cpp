// command_line.cpp - see command_line.hpp.
#include "command_line.hpp"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <charconv>
#include <csgi/version.hpp>

namespace csgi::conformance {

namespace {

constexpr unsigned most_parallel = 256;
constexpr std::chrono::minutes longest_patience{10};

std::uint64_t to_number(const std::string& option, std::string_view text, const std::string& whole, const char* wanted) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number == 0 || number > 1'000'000)
    throw usage_error(option + ": \"" + whole + "\" is not " + wanted);
  return number;
}

unsigned to_parallel(const std::string& text) {
  const char* wanted = "a whole number from 1 to 256";
  const auto number = to_number("--parallel", text, text, wanted);
  if (number > most_parallel) throw usage_error("--parallel: \"" + text + "\" is not " + wanted);
  return static_cast<unsigned>(number);
}

std::chrono::milliseconds to_time(const std::string& option, const std::string& text) {
  const char* wanted = "a time such as 500ms or 5s, 10min at most";
  struct unit {
    std::string_view name;
    std::chrono::milliseconds one;
  };
  using namespace std::chrono_literals;
  for (const unit& each : {unit{"ms", 1ms}, unit{"s", 1s}, unit{"min", 1min}}) {
    const std::string_view digits = std::string_view(text).substr(0, text.find_first_not_of("0123456789"));
    if (text.substr(digits.size()) != each.name) continue;
    const auto time = each.one * static_cast<std::int64_t>(to_number(option, digits, text, wanted));
    if (time <= longest_patience) return time;
  }
  throw usage_error(option + ": \"" + text + "\" is not " + wanted);
}

std::vector<std::string> names_of_forms() {
  std::vector<std::string> names;
  for (const form& each : all_forms()) names.push_back(each.name);
  return names;
}

void add_what_options(CLI::App& server, command_line& asked) {
  server.add_option("--only", asked.only, "cases whose name or clauses have this in it; * and ? match anything; repeatable")
      ->type_name("PATTERN")->allow_extra_args(false)->group("What is judged");
  server.add_option("--except", asked.except, "the same; these are left out")
      ->type_name("PATTERN")->allow_extra_args(false)->group("What is judged");
  server.add_option_function<std::string>("--level",
            [&asked](const std::string& name) { asked.least = name == "MUST" ? strength::must : strength::should; },
            "MUST: leave out cases that can only warn")
      ->check(CLI::IsMember({"MUST", "SHOULD"}))->type_name("LEVEL")->default_str("SHOULD")->group("What is judged");
  server.add_option_function<std::string>("--kind",
            [&asked](const std::string& name) {
              asked.apps = name == "full" ? kinds::both : name == "blocking" ? kinds::blocking_only : kinds::async_only;
            },
            "apps that the server runs: of every kind, or of one")
      ->check(CLI::IsMember({"full", "blocking", "async"}))->type_name("KIND")->default_str("full")->group("What is judged");
  server.add_option("--form", asked.forms, "form of the probe app, as results name them, such as \"async\"; repeatable")
      ->check(CLI::IsMember(names_of_forms()))->type_name("NAME")->allow_extra_args(false)->group("What is judged");
  server.add_flag_callback("--list", [&asked] { asked.what = verb::list; }, "say what would be judged; needs no COMMAND")
      ->group("What is judged");
}

void add_how_options(CLI::App& server, command_line& asked) {
  server.add_option_function<std::string>("--parallel", [&asked](const std::string& text) { asked.parallel = to_parallel(text); },
                                          "cases at the same time")
      ->type_name("N")->default_str("8")->group("How");
  server.add_option_function<std::string>("--patience", [&asked](const std::string& text) { asked.patience = to_time("--patience", text); },
                                          "for anything the server has to do")
      ->type_name("TIME")->default_str("5s")->group("How");
  server.add_option("--probe-dir", asked.probe_directory, "where the probe plug-ins are, if not beside this program")
      ->type_name("DIR")->group("How");
}

void add_app_options(CLI::App& app, command_line& asked) {
  app.add_option("PLUGIN", asked.plugin, "the app: a shared library")->type_name("");
  app.add_option("--request", asked.requests, "a file of further requests, as HTTP/1.1 messages parted by lines of ###; repeatable")
      ->type_name("FILE")->allow_extra_args(false)->group("What is judged");
  app.add_flag_callback("--list", [&asked] { asked.what = verb::app_list; }, "say what is looked at, and with which requests; needs no PLUGIN")
      ->group("What is judged");
  app.add_option_function<std::string>("--most-faults",
         [&asked](const std::string& text) { asked.most_faults = to_number("--most-faults", text, text, "a whole number from 1 to 1000000"); },
         "up to so many operations of a request are made to fail, one by one")
      ->type_name("N")->default_str("64")->group("How");
  app.add_option_function<std::string>("--patience", [&asked](const std::string& text) { asked.patience = to_time("--patience", text); },
                                       "for one request")
      ->type_name("TIME")->default_str("5s")->group("How");
  app.add_option_function<std::string>("--time", [&asked](const std::string& text) { asked.time = to_time("--time", text); },
                                       "for all of it, and as long again where requests hang; what it does not suffice for is told")
      ->type_name("TIME")->default_str("15s")->group("How");
  app.add_flag("--real-time", asked.real_time, "let sleeps of the app take their time: for apps with threads of their own")->group("How");
}

void add_swap_options(CLI::App& swap, command_line& asked) {
  swap.add_option("PLUGIN", asked.plugin, "the app: a shared library")->required()->type_name("");
  swap.add_option("--server", asked.servers, "a server's command, or NAME=COMMAND; two or more of these")
      ->required()->type_name("COMMAND")->allow_extra_args(false)->group("What is compared");
  swap.add_option("--request", asked.requests, "a file of further requests, as HTTP/1.1 messages parted by lines of ###; repeatable")
      ->type_name("FILE")->allow_extra_args(false)->group("What is compared");
  swap.add_option("--mask", asked.masks, "a regular expression: what it matches in bodies is not compared; repeatable")
      ->type_name("REGEX")->allow_extra_args(false)->group("What is compared");
  swap.add_option("--forbid", asked.forbidden,
                  "a regular expression: no server may write a line that it is found in to standard error; repeatable")
      ->type_name("REGEX")->allow_extra_args(false)->group("What is compared");
  swap.add_option_function<std::string>("--patience", [&asked](const std::string& text) { asked.patience = to_time("--patience", text); },
                                        "for anything a server has to do")
      ->type_name("TIME")->default_str("5s")->group("How");
  swap.add_option_function<std::string>("--enough", [&asked](const std::string& text) { asked.enough = to_time("--enough", text); },
                                        "a response that goes on for longer is compared as far as it has come")
      ->type_name("TIME")->default_str("1s")->group("How");
}

void add_report_options(CLI::App& server, command_line& asked) {
  server.add_option("--label", asked.label, "what reports call it, if not its command")
      ->type_name("NAME")->group("Reports");
  server.add_option("--json", asked.files.json, "for programs, and for `csgi-conformance report`")
      ->type_name("FILE")->group("Reports");
  server.add_option("--junit", asked.files.junit, "for continuous integration")->type_name("FILE")->group("Reports");
  server.add_option("--html", asked.files.html, "a page of its own: every clause, failures with all bytes")
      ->type_name("FILE")->group("Reports");
}

/// Takes what follows the first "--" out of `words`. Whether there was one.
bool take_command(std::vector<std::string>& words, std::vector<std::string>& command) {
  const auto dashes = std::ranges::find(words, "--");
  if (dashes == words.end()) return false;
  command.assign(dashes + 1, words.end());
  words.erase(dashes, words.end());
  return true;
}

void check(const command_line& asked, bool has_dashes) {
  if (asked.what == verb::server && asked.command.empty())
    throw usage_error("which server? its command follows `--`:  csgi-conformance server -- SERVER --port {port} {app} {options}");
  if (asked.what == verb::app && asked.plugin.empty())
    throw usage_error("which app? `csgi-conformance app PLUGIN -- ARGUMENTS…`");
  if (asked.what == verb::swap && asked.servers.size() < 2)
    throw usage_error("one server cannot be compared: give --server twice, or more often");
  const bool takes_dashes = asked.what == verb::server || asked.what == verb::list || asked.what == verb::app || asked.what == verb::swap;
  if (has_dashes && !takes_dashes) throw usage_error("only `csgi-conformance server`, `app` and `swap` take `--`");
}

}  // namespace

command_line parse_command_line(int argc, const char* const* argv) {
  command_line asked;
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  const bool has_dashes = take_command(words, asked.command);

  CLI::App program("Judges CSGI servers and apps by the clauses of the specification.", "csgi-conformance");
  program.set_version_flag("--version", "csgi-conformance " CSGI_VERSION ", interface " + std::to_string(interface_major) +
                                            '.' + std::to_string(interface_minor));
  program.get_formatter()->column_width(32);
  auto* server = program.add_subcommand("server", "Start a server with the probe app and judge what it does");
  server->footer("What follows -- starts the server in the foreground. In its words {app} stands for the plug-in to host and\n"
                 "{port} for the port of 127.0.0.1 to listen on; SIGTERM has to end it:\n\n"
                 "  csgi-conformance server -- csgi serve {app} --port {port} {options}\n\n"
                 "Some cases set limits and deadlines. {options} stands for theirs, two words each, as `csgi serve` has them:\n"
                 "--limit-body 100, --deadline-idle 400ms, --deadline-websocket-ping 400ms, --root-path /shop. Without it these cases\n"
                 "do not apply; nor do those of an extension, such as csgi.websocket, that the server does not offer.\n\n"
                 "Exit code: 0 no MUST is broken; 1 some is; 2 nothing was judged, and standard error says why.");
  server->callback([&asked] { asked.what = asked.what == verb::list ? verb::list : verb::server; });
  add_what_options(*server, asked);
  add_how_options(*server, asked);
  add_report_options(*server, asked);
  auto* app = program.add_subcommand("app", "Run an app through scripted clients and faults, and judge what it does");
  app->footer("What follows -- are the app's own arguments, as for `csgi serve`:\n\n"
              "  csgi-conformance app files.so --request mine.http -- --root .\n\n"
              "The app is run in memory, in a process of its own, with requests of every kind: friendly and hostile, in pieces, to\n"
              "slow and to leaving clients, several at once, and with each operation failing in turn.\n\n"
              "Exit code: 0 no MUST is broken; 1 some is; 2 nothing was judged, and standard error says why.");
  app->callback([&asked] { asked.what = asked.what == verb::app_list ? verb::app_list : verb::app; });
  add_app_options(*app, asked);
  add_report_options(*app, asked);
  auto* swap = program.add_subcommand("swap", "Run an app on several servers and tell whether a client sees a difference");
  swap->footer("A COMMAND starts a server in the foreground, quoted as in a shell: {app} stands for PLUGIN, {port} for the port of\n"
               "127.0.0.1 to listen on, {arguments} for what follows --, which is the app's. SIGTERM has to end it:\n\n"
               "  csgi-conformance swap files.so --server 'threaded=csgi serve {app} --port {port} --server threaded -- {arguments}' \\\n"
               "                                 --server 'evented=csgi serve {app} --port {port} --server evented -- {arguments}' \\\n"
               "                                 -- --root public\n\n"
               "All get the same requests, each on a connection of its own, all on one connection, and in pieces. Date, Server, and what\n"
               "concerns the connection alone is not compared, nor what the app itself varies.\n\n"
               "With `csgi serve --lint` among the servers, --forbid ' lint: ' tells what it finds.\n\n"
               "Exit code: 0 no difference, and nothing forbidden was said; 1 some; 2 nothing was compared, and standard error says why.");
  swap->callback([&asked] { asked.what = verb::swap; });
  add_swap_options(*swap, asked);
  add_report_options(*swap, asked);
  auto* clauses = program.add_subcommand("clauses", "List the clauses of the specification");
  clauses->add_flag("--json", asked.as_json, "for programs");
  clauses->callback([&asked] { asked.what = verb::clauses; });
  auto* report = program.add_subcommand("report", "Put several results on one page");
  report->add_option("FILES", asked.reports, "written by --json")->required()->type_name("");
  report->add_option("--html", asked.files.html, "the page to write")->required()->type_name("FILE");
  report->callback([&asked] { asked.what = verb::report; });

  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    program.parse(words);
  } catch (const CLI::CallForHelp&) {
    asked.what = verb::show;
    asked.text = program.help();
    return asked;
  } catch (const CLI::CallForVersion& version) {
    asked.what = verb::show;
    asked.text = version.what() + std::string("\n");
    return asked;
  } catch (const CLI::ParseError& error) {
    throw usage_error(error.what());
  }
  if (asked.what == verb::show)
    throw usage_error("what to do? `csgi-conformance server -- COMMAND…`; `csgi-conformance --help` tells more");
  check(asked, has_dashes);
  return asked;
}

}  // namespace csgi::conformance
