#include "command_line.hpp"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <charconv>
#include <concepts>
#include <csgi/version.hpp>
#include "make_server.hpp"

namespace csgi::cli {

namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr unit bytes[] = {{"", 1},          {"K", 1 << 10},   {"KiB", 1 << 10}, {"M", 1 << 20},
                          {"MiB", 1 << 20}, {"G", 1 << 30},   {"GiB", 1 << 30}};
constexpr unit milliseconds[] = {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}};
constexpr unit pieces[] = {{"", 1}};

// What an option takes: a whole number of one of its units, within bounds.
struct quantity {
  const char* type;
  const char* wanted;
  std::span<const unit> units;
};

constexpr quantity count{"N", "a whole number", pieces};
constexpr quantity size{"BYTES", "a size such as 512, 64K or 10M", bytes};
constexpr quantity duration{"TIME", "a time such as 500ms, 10s or 2min", milliseconds};

struct bounds {
  std::uint64_t least = 1;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

constexpr bounds up_to_a_day{1, 24 * 3'600'000};

std::string to_text(std::uint64_t value, const quantity& kind) {
  auto best = kind.units.front();
  for (const auto& each : kind.units)
    if (value >= each.factor && value % each.factor == 0) best = each;
  return std::to_string(value / best.factor) + std::string(best.name);
}

std::uint64_t to_number(const std::string& option, const std::string& text, const quantity& kind, bounds within) {
  const auto refuse = [&](const std::string& why) { throw usage_error(option + ": " + why); };
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view name(end, text.data() + text.size());
  const auto found = std::ranges::find(kind.units, name, &unit::name);
  if (error == std::errc::invalid_argument || found == kind.units.end())
    refuse('"' + text + "\" is not " + kind.wanted);
  if (error == std::errc::result_out_of_range || number > within.most / found->factor)
    refuse(text + " is too big, at most " + to_text(within.most, kind));
  number *= found->factor;
  if (number < within.least) refuse(text + " is too small, at least " + to_text(within.least, kind));
  return number;
}

std::uint64_t number_of(std::unsigned_integral auto value) { return value; }
std::uint64_t number_of(std::chrono::milliseconds value) { return static_cast<std::uint64_t>(value.count()); }

// The options of one heading in the help text.
class option_group {
 public:
  option_group(CLI::App& verb, const char* heading) : verb_(verb), heading_(heading) {}

  template <class Value>
  void add(const std::string& name, Value& value, const quantity& kind, bounds within, std::string help) {
    if constexpr (std::unsigned_integral<Value>)
      within.most = std::min<std::uint64_t>(within.most, std::numeric_limits<Value>::max());
    const auto take = [name, &value, &kind, within](const std::string& text) {
      value = static_cast<Value>(to_number(name, text, kind, within));
    };
    verb_.add_option_function<std::string>(name, take, std::move(help))
        ->type_name(kind.type)
        ->default_str(to_text(number_of(value), kind))
        ->group(heading_);
  }

  void add(const std::string& name, std::string& value, const char* type, std::string help) {
    verb_.add_option(name, value, std::move(help))->type_name(type)->default_str(value)->group(heading_);
  }

  template <class Take>
  void add_choice(const std::string& name, const std::vector<std::string>& choices, const std::string& usual, Take take,
                  std::string help) {
    verb_.add_option_function<std::string>(name, take, std::move(help))
        ->check(CLI::IsMember(choices))
        ->type_name("NAME")
        ->default_str(usual)
        ->group(heading_);
  }

  /// Without a default.
  template <class Take>
  void add_given(const std::string& name, const char* type, Take take, std::string help) {
    verb_.add_option_function<std::string>(name, take, std::move(help))->type_name(type)->group(heading_);
  }

  void add_flag(const std::string& name, bool& value, bool given, std::string help) {
    verb_.add_flag_callback(name, [&value, given] { value = given; }, std::move(help))->group(heading_);
  }

 private:
  CLI::App& verb_;
  const char* heading_;
};

/// Permission bits, as chmod(1) takes them.
unsigned to_mode(const std::string& option, const std::string& text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || end != text.data() + text.size() || mode > 0777)
    throw usage_error(option + ": \"" + text + "\" are no permissions such as 660");
  return mode;
}

/// There is one place to listen at.
void demand_one_place(CLI::App& serve, command& asked) {
  for (const char* other : {"--host", "--port", "--unix"}) {
    serve.get_option("--fd")->excludes(other);
    if (std::string_view(other) != "--unix") serve.get_option("--unix")->excludes(other);
    serve.get_option(other)->each([&asked, other](const std::string&) { asked.listens_at = other; });
  }
}

void add_worker_options(CLI::App& serve, supervision& supervised) {
  auto& [workers, restart_first, restart_most, grace, startup, same_wish, has_companion, ending] = supervised;
  option_group processes(serve, "Workers");
  processes.add("--workers", workers, count, {0, 1'024},
                "processes that serve, each with its threads and loops: those that end are started again, SIGHUP replaces one "
                "after the other; 0: this one serves");
  processes.add("--restart-first", restart_first, duration, up_to_a_day,
                "before a worker that has ended is started again; twice as long each time");
  processes.add("--restart-most", restart_most, duration, up_to_a_day,
                "at most; a worker that has served for as long begins anew");
  processes.add("--deadline-startup", startup, duration, {0, up_to_a_day.most},
                "for a worker to serve, its app's startup included; then it is killed, and started again as one that crashed; 0: none");
}

void add_serve_options(CLI::App& serve, command& asked) {
  auto& [host, port, socket, root_path, paths, app_name, threads, loops, websocket_deflate, queue, limits, deadlines, observer] = asked.options;

  option_group where(serve, "Where");
  std::string which = "which server; beast and httplib refuse options that they do nothing with";
  for (const auto& name : server_names(built::elsewhere)) which += "; " + name + " was not built, as its library was not found";
  where.add_choice("--server", server_names(built::all), asked.server, [&asked](const std::string& name) { asked.server = name; },
                   which);
  where.add("--host", host, "HOST", "address or name of this machine to listen on");
  where.add("--port", port, count, {.least = 0}, "port to listen on; 0: any free one, which is printed");
  where.add_given("--unix", "PATH", [&asked](const std::string& path) { asked.unix_path = path; },
                  "UNIX socket to listen at, instead; what a server that was killed has left there is replaced");
  where.add_given("--unix-mode", "MODE", [&asked](const std::string& mode) { asked.unix_mode = to_mode("--unix-mode", mode); },
                  "its permissions (default 660): who may connect");
  where.add_given("--fd", "N",
                  [&asked](const std::string& number) {
                    asked.descriptor = static_cast<int>(to_number("--fd", number, count, {0, 1 << 20}));
                  },
                  "descriptor of a bound socket to listen with, instead; one from systemd (LISTEN_FDS) is found without");
  demand_one_place(serve, asked);
  where.add("--root-path", root_path, "PATH", "path the app is mounted at, such as /shop; other paths get 404");
  where.add_choice("--paths", {"any", "plain"}, "any",
                   [&to = paths](const std::string& name) { to = name == "plain" ? served_paths::plain : served_paths::any; },
                   "plain: those that could be read in two ways, as by rules of a front-end, get 400: dot segments, empty ones, encoded "
                   "slashes and dots, backslashes, control characters");

  add_worker_options(serve, asked.supervised);

  option_group work(serve, "Threads");
  work.add("--threads", threads, count, {.most = 10'000}, "threads that run blocking code; requests whose body is still on its way get half of them");
  work.add("--loops", loops, count, {.least = 0, .most = 1'024}, "event loops of the evented server; 0: one for each core");
  work.add("--queue", queue, count, {.least = 0, .most = 1'000'000'000},
           "blocking requests that may wait for a thread, and as many uploads; more get 503");
  work.add_flag("--no-websocket-deflate", websocket_deflate, false, "WebSocket messages are not compressed, whatever a client offers");

  option_group limit(serve, "Limits");
  limit.add("--limit-line", limits.request_line, size, {.most = 60 << 10}, "request line; longer ones get 414");
  limit.add("--limit-head", limits.request_head, size, {.most = 60 << 10},
            "request line and fields together; longer ones get 431");
  limit.add("--limit-fields", limits.request_fields, count, {.most = 100'000}, "fields of a request; more get 431");
  limit.add("--limit-body", limits.request_body, size, {.least = 0}, "request body; longer ones get 413");
  limit.add("--limit-websocket-message", limits.websocket_message, size, {}, "WebSocket message taken whole; longer ones are closed with 1009");
  limit.add("--limit-connections", limits.connections, count, {.least = 0}, "open connections; more get 503; 0: any number");
  limit.add("--limit-connections-per-address", limits.connections_per_address, count, {.least = 0},
            "those of one IPv4 address, or one /64 network of IPv6; 0: any number, as behind a proxy");
  limit.add("--limit-requests-per-connection", limits.requests_per_connection, count, {.least = 0},
            "requests until a connection is closed; 0: any number");

  option_group deadline(serve, "Deadlines");
  deadline.add("--deadline-head", deadlines.head, duration, up_to_a_day,
               "from a request's first byte to the end of its head");
  deadline.add("--deadline-body", deadlines.body, duration, up_to_a_day, "for more of a body that is wanted");
  deadline.add("--deadline-write", deadlines.write, duration, up_to_a_day, "for the client to take some of a response");
  deadline.add("--deadline-first-byte", deadlines.first_byte, duration, up_to_a_day, "for a new connection's client to say anything");
  deadline.add("--deadline-idle", deadlines.idle, duration, up_to_a_day, "for the next request of a connection");
  deadline.add("--deadline-queue", deadlines.queue, duration, {0, up_to_a_day.most},
               "for a request that waits for a thread; then it gets 503; 0: none");
  deadline.add("--deadline-app", deadlines.app, duration, {0, up_to_a_day.most},
               "for the app to end a request, however much it streams; then it is asked to, 503; 0: none");
  deadline.add("--deadline-lane", deadlines.lane, duration, up_to_a_day,
               "for blocking code that waits for other such code of its request");
  deadline.add("--deadline-websocket-ping", deadlines.websocket_ping, duration, {0, up_to_a_day.most},
               "without a sign of a WebSocket's client, before it is pinged, and after; 0: none");
  deadline.add("--deadline-websocket-close", deadlines.websocket_close, duration, up_to_a_day,
               "for a WebSocket's client to close, once it was told to");
  deadline.add("--deadline-farewell", deadlines.farewell, duration, {0, up_to_a_day.most},
               "after SIGINT or SIGTERM, for one more request on a connection that was just in use; 0: none");
  deadline.add("--grace", deadlines.grace, duration, {0, up_to_a_day.most},
               "for running requests after SIGINT or SIGTERM; a second signal ends it, a third the process; those within 200ms are one");

  option_group status(serve, "Status");
  status.add_given("--status-port", "N",
                   [&asked](const std::string& number) {
                     asked.status_port = static_cast<std::uint16_t>(to_number("--status-port", number, count, {0, 65'535}));
                   },
                   "tell of health (/health) and metrics (/metrics, for Prometheus) on this port, a thread's own, or with --workers "
                   "a process's; 0: any free one, which is printed");
  status.add("--status-host", asked.status_host, "HOST", "address or name for that");

  option_group output(serve, "Output");
  output.add_flag("--no-access-log", asked.access_log, false, "no line on standard output for each request");
  const std::vector<std::string> levels{"debug", "info", "warning", "error"};
  output.add_choice("--log-level", levels, "info",
                    [&asked, levels](const std::string& name) {
                      asked.least_level = static_cast<log_level>(std::ranges::find(levels, name) - levels.begin());
                    },
                    "least level of messages on standard error");
  output.add_flag("--lint", asked.lint, true, "tell on standard error what app or server does against the rules, by clause");
}

void demand_mount(const std::string& root) {
  const auto refuse = [&](const char* why) { throw usage_error("--root-path: \"" + root + "\" " + why); };
  if (root.empty()) return;
  if (root.front() != '/') refuse("does not begin with /");
  if (root.back() == '/') refuse("ends with /");
}

void demand_verb(const std::vector<std::string>& words) {
  if (words.empty() || words.front().starts_with('-') || words.front() == "serve" || words.front() == "inspect") return;
  throw usage_error('"' + words.front() + "\" is nothing to do, but `csgi serve APP` and `csgi inspect APP` are; `csgi --help` tells more");
}

/// Options of limits and deadlines that this server does not look at.
std::vector<const char*> useless_for(std::string_view server) {
  if (server != "beast" && server != "httplib") return {};
  std::vector<const char*> all{"--limit-connections", "--limit-connections-per-address", "--limit-requests-per-connection", "--deadline-app",
                               "--deadline-farewell", "--limit-websocket-message", "--deadline-websocket-ping",
                               "--deadline-websocket-close", "--no-websocket-deflate"};
  if (server == "httplib") all.push_back("--deadline-lane");      // its async apps have the process's threads
  return all;
}

/// What would do nothing, or cannot be done, is a mistake.
void demand_company(const CLI::App& serve, const command& asked) {
  const auto demand = [&](const char* option, bool holds, const std::string& what) {
    if (serve.get_option(option)->count() > 0 && !holds) throw usage_error(option + what);
  };
  demand("--unix-mode", !asked.unix_path.empty(), " requires --unix");
  demand("--status-host", asked.status_port.has_value(), " requires --status-port");
  for (const char* each : {"--restart-first", "--restart-most", "--deadline-startup"})
    demand(each, asked.supervised.workers > 0, " requires --workers");
  demand("--loops", asked.server == "evented", " requires --server evented");
  for (const char* each : useless_for(asked.server)) demand(each, false, ": the " + asked.server + " server does nothing with it");
  const std::string alone = ": the httplib server takes no --workers, --fd and --unix, as it binds its own socket";
  const bool binds = asked.server == "httplib";
  demand("--workers", !binds || asked.supervised.workers == 0, alone);
  demand("--fd", !binds, alone);
  demand("--unix", !binds, alone);
}

}  // namespace

command parse(int argc, const char* const* argv) {
  command asked;
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (const auto dashes = std::ranges::find(words, "--"); dashes != words.end()) {
    asked.app_arguments.assign(dashes + 1, words.end());
    words.erase(dashes, words.end());
  }

  CLI::App csgi("Serves CSGI applications over HTTP.", "csgi");
  csgi.set_version_flag("--version", "csgi " CSGI_VERSION ", interface " + std::to_string(interface_major) + '.' +
                                         std::to_string(interface_minor) + ", " + toolchain);
  csgi.get_formatter()->column_width(36);
  const char* app_help = "path of a plug-in, or name of a bundled app";
  auto* serve = csgi.add_subcommand("serve", "Serve an app until SIGINT or SIGTERM");
  serve->add_option("APP", asked.app, app_help)->required()->type_name("");
  serve->footer("What follows -- is for the app:  csgi serve files --port 8080 -- --root public");
  add_serve_options(*serve, asked);
  auto* inspect = csgi.add_subcommand("inspect", "Say what a plug-in is, and what its app is made of");
  inspect->add_option("APP", asked.app, app_help)->required()->type_name("");
  inspect->footer(
      "What follows -- is for the app:  csgi inspect files -- --root public\n"
      "The app is made as by `csgi serve`, but not started. Arguments that it refuses are an error; an app that wants\n"
      "some and is given none is shown as far as it is known, which is no error.");

  demand_verb(words);
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    csgi.parse(words);
  } catch (const CLI::CallForHelp&) {
    asked.text = csgi.help();
    return asked;
  } catch (const CLI::CallForVersion& version) {
    asked.text = version.what() + std::string("\n");
    return asked;
  } catch (const CLI::ParseError& error) {
    throw usage_error(error.what());
  }
  if (serve->parsed()) {
    demand_mount(asked.options.root_path);
    demand_company(*serve, asked);
  }
  if (serve->parsed()) asked.what = verb::serve;
  else if (inspect->parsed()) asked.what = verb::inspect;
  else throw usage_error("what to do? `csgi serve APP` or `csgi inspect APP`; `csgi --help` tells more");
  return asked;
}

}  // namespace csgi::cli
