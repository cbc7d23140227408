// csgi_bench: what a request, or a WebSocket's message, costs each server in CPU time, compared with the floor.
//
// Every server runs alone on one core and the client, wrk or websocket_load, on another. A load generator on one core is the bottleneck of every fast
// server, so requests per second say little; what ranks them is the server core's CPU time per request. The subjects
// take turns, round after round, so that a drift of the machine meets all of them.
#include <sched.h>
#include <sys/resource.h>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <span>
#include <sstream>
#include <stdexcept>
#include "child_process.hpp"

namespace {

struct subject {
  std::string name;
  std::vector<std::string> command;
};

// What a client does to each of the subjects, of which the first is the floor.
struct load {
  std::string name;
  std::string unit;       // what the client counts: "request"
  std::vector<subject> subjects;
  std::function<std::vector<std::string>(const std::string& url, int seconds)> client;    // its command
};

struct plan {
  int rounds = 5;
  int seconds = 3;          // of each measurement
  int warm_up_seconds = 1;  // before it; fills caches, pools and the connection table
};

struct measurement {
  double microseconds_each = 0;
  double per_second = 0;
  double foreign_share = 0;  // of the server core's time, spent by other programs
};

struct cores {
  int server;
  int client;
};

cores two_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  std::vector<int> found;
  for (int core = 0; core < CPU_SETSIZE && found.size() < 2; ++core)
    if (CPU_ISSET(static_cast<std::size_t>(core), &allowed)) found.push_back(core);
  if (found.size() < 2) throw std::runtime_error("needs two cores: one for the server, one for the client");
  return {found[0], found[1]};
}

std::string program(const std::string& name) {
  std::istringstream directories(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string directory; std::getline(directories, directory, ':');)
    if (const auto file = directory + '/' + name; access(file.c_str(), X_OK) == 0) return file;
  throw std::runtime_error(name + " is not installed; `./dev bench` installs it, or: apt-get install " + name);
}

double microseconds(double clock_ticks) { return clock_ticks * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK)); }

struct core_time {
  double processes;  // user and system time
  double busy;       // and that of soft interrupts
};

core_time time_of_core(int core) {
  std::ifstream stat("/proc/stat");
  const std::string wanted = "cpu" + std::to_string(core);
  for (std::string line; std::getline(stat, line);) {
    std::istringstream columns(line);
    std::string name;
    double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0;
    columns >> name >> user >> nice >> system >> idle >> iowait >> irq >> softirq;
    const double processes = user + nice + system;
    if (name == wanted) return {microseconds(processes), microseconds(processes + softirq)};
  }
  throw std::runtime_error("/proc/stat does not know " + wanted);
}

// User and system time of all threads of a process.
double time_of_process(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stat, text);
  std::istringstream columns(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int column = 3; column < 14; ++column) columns >> skipped;
  double user = 0, system = 0;
  columns >> user >> system;
  return microseconds(user + system);
}

// The number before `unit` in wrk's report, or 0.
double number_before(const std::string& report, const std::string& unit) {
  const auto at = report.find(unit);
  if (at == std::string::npos) return 0;
  return std::stod(report.substr(report.find_last_of('\n', at) + 1));
}

double run_client(const load& with, int seconds, const std::string& url, int core) {
  child_process client(with.client(url, seconds), core);
  const auto report = client.rest_of_output();
  if (client.exit_code() != 0) throw std::runtime_error("the client failed: " + client.rest_of_errors());
  for (const char* fault : {"Socket errors", "Non-2xx"})
    if (const auto at = report.find(fault); at != std::string::npos)
      throw std::runtime_error("wrk reports: " + report.substr(at, report.find('\n', at) - at));
  return number_before(report, ' ' + with.unit + "s in");
}

measurement measure(const subject& of, const load& with, const plan& wanted, cores on) {
  child_process server(of.command, on.server);
  const auto ready = server.output_line();
  const auto url = ready.substr(0, ready.find(' '));
  if (wanted.warm_up_seconds > 0) run_client(with, wanted.warm_up_seconds, url, on.client);

  const auto core_before = time_of_core(on.server);
  const double own_before = time_of_process(server.id());
  const double count = run_client(with, wanted.seconds, url, on.client);
  const double own = time_of_process(server.id()) - own_before;
  const auto core = time_of_core(on.server);
  if (count == 0) throw std::runtime_error("no " + with.unit + " was answered");
  server.signal(SIGTERM);
  server.exit_code();
  const double busy = core.busy - core_before.busy;
  const double foreign = core.processes - core_before.processes - own;
  return {busy / count, count / wanted.seconds, std::max(0.0, foreign / busy)};
}

struct spread {
  double median;
  double least;
  double most;
};

spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  return {values[values.size() / 2], values.front(), values.back()};
}

void print_table(const load& with, const std::vector<std::vector<measurement>>& results) {
  std::printf("\n%-36s %24s %24s %12s %24s\n", with.name.c_str(), ("CPU µs/" + with.unit).c_str(), "cost, floor = 1",
              (with.unit + "s/s").c_str(), "rate, floor = 1");
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::vector<double> cost, cost_ratio, rate, rate_ratio;
    for (std::size_t round = 0; round < results[i].size(); ++round) {
      const measurement& own = results[i][round];
      const measurement& floor = results[0][round];
      cost.push_back(own.microseconds_each);
      cost_ratio.push_back(own.microseconds_each / floor.microseconds_each);
      rate.push_back(own.per_second);
      rate_ratio.push_back(own.per_second / floor.per_second);
    }
    const auto c = spread_of(cost);
    const auto r = spread_of(cost_ratio);
    const auto p = spread_of(rate_ratio);
    std::printf("%-36s %8.2f (%5.2f – %5.2f) %8.2f (%5.2f – %5.2f) %12.0f %8.2f (%5.2f – %5.2f)\n", with.subjects[i].name.c_str(),
                c.median, c.least, c.most, r.median, r.least, r.most, spread_of(rate).median, p.median, p.least, p.most);
  }
  double foreign = 0;
  for (const auto& of_subject : results)
    for (const auto& each : of_subject) foreign = std::max(foreign, each.foreign_share);
  if (foreign > 0.05)
    std::printf("not to be trusted: other programs took up to %.0f %% of the server core's busy time\n", foreign * 100);
  std::fflush(stdout);
}

double resident_bytes(pid_t process) {
  std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// What connections that say nothing cost in memory, of the process alone: the system's own for sockets is the same for all.
void print_idle_memory(const std::vector<subject>& subjects, const std::filesystem::path& client, int connections, cores on) {
  std::printf("\n%-36s %24s\n", (std::to_string(connections) + " idle WebSockets").c_str(), "bytes/connection");
  for (const subject& each : subjects) {
    child_process server(each.command, on.server);
    const auto ready = server.output_line();
    const auto url = ready.substr(0, ready.find(' '));
    const double before = resident_bytes(server.id());
    child_process holding({client, url, std::to_string(connections), "0", "125", "2"}, on.client);
    holding.output_line();      // all are open
    const double after = resident_bytes(server.id());
    holding.exit_code();
    std::printf("%-36s %24.0f\n", each.name.c_str(), (after - before) / connections);
    server.signal(SIGTERM);
    server.exit_code();
  }
  std::fflush(stdout);
}

/// As many descriptors as may be had; servers and clients inherit that.
void allow_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

struct programs {
  std::filesystem::path floors;
  std::filesystem::path root;

  subject csgi(const std::string& server, const std::string& app) const {
    return {server + ' ' + app, {root / "bin/csgi", "serve", root / "apps" / (app + ".so"), "--server", server, "--port", "0", "--no-access-log"}};
  }
};

void add_http_loads(std::vector<load>& to, const programs& in) {
  std::vector<subject> subjects{{"floor", {in.floors / "floor"}}};
  for (const std::string server : {"threaded", "evented"})
    for (const std::string app : {"hello_blocking", "hello_async"}) subjects.push_back(in.csgi(server, app));
  const auto add = [&](const std::string& name, const std::vector<std::string>& options) {
    const auto client = [wrk = program("wrk"), options](const std::string& url, int seconds) {
      std::vector<std::string> command{wrk, "-t1", "-d" + std::to_string(seconds) + "s"};
      command.insert(command.end(), options.begin(), options.end());
      command.push_back(url);
      return command;
    };
    to.push_back({name, "request", subjects, client});
  };
  add("64 connections", {"-c64"});
  add("512 connections", {"-c512"});
  add("64 connections, 16 pipelined", {"-c64", "-s", CSGI_PIPELINE_SCRIPT});
}

std::vector<subject> echoes(const programs& in) { return {{"floor", {in.floors / "frame_echo_floor"}}, in.csgi("evented", "echo")}; }

void add_websocket_loads(std::vector<load>& to, const programs& in) {
  const auto subjects = echoes(in);
  const auto add = [&](const std::string& name, const std::string& in_flight, const std::string& bytes) {
    const auto client = [program = in.floors / "websocket_load", in_flight, bytes](const std::string& url, int seconds) {
      return std::vector<std::string>{program, url, "64", in_flight, bytes, std::to_string(seconds)};
    };
    to.push_back({name, "message", subjects, client});
  };
  add("WebSocket, 125 B, 1 in flight", "1", "125");
  add("WebSocket, 125 B, 16 in flight", "16", "125");
  add("WebSocket, 16 KiB, 1 in flight", "1", "16384");
}

void bench(const plan& wanted, const std::vector<load>& loads) {
  const auto on = two_cores();
  std::size_t measurements = 0;
  for (const load& with : loads) measurements += with.subjects.size() * static_cast<std::size_t>(wanted.rounds);
  std::printf("%d rounds of %d s for each server and load, about %zu s in all\n", wanted.rounds, wanted.seconds,
              measurements * static_cast<std::size_t>(wanted.seconds + wanted.warm_up_seconds));
  std::printf("server on core %d, client on core %d; medians (least – most)\n", on.server, on.client);
  std::fflush(stdout);
  for (const load& with : loads) {
    std::vector<std::vector<measurement>> results(with.subjects.size());
    for (int round = 0; round < wanted.rounds; ++round) {
      for (std::size_t i = 0; i < with.subjects.size(); ++i) {
        try {
          results[i].push_back(measure(with.subjects[i], with, wanted, on));
        } catch (const std::exception& error) {
          throw std::runtime_error(with.subjects[i].name + ", " + with.name + ": " + error.what());
        }
      }
    }
    print_table(with, results);
  }
}

}  // namespace

int main(int argc, char** argv) {
  plan wanted;
  bool http = true, websocket = true;
  for (const std::string argument : std::span(argv + 1, argv + argc)) {
    if (argument == "--quick") wanted = {.rounds = 3, .seconds = 1, .warm_up_seconds = 0};
    else if (argument == "--http") websocket = false;
    else if (argument == "--websocket") http = false;
    else return std::cerr << "csgi_bench: takes --quick, and --http or --websocket for one half; not " << argument << '\n', 2;
  }
  try {
    const auto floors = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const programs in{floors, floors.parent_path()};
    std::vector<load> loads;
    if (http) add_http_loads(loads, in);
    if (websocket) add_websocket_loads(loads, in);
    allow_descriptors();
    bench(wanted, loads);
    if (websocket) print_idle_memory(echoes(in), floors / "websocket_load", 10'000, two_cores());
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "csgi_bench: " << error.what() << '\n';
    return 1;
  }
}
