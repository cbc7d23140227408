// csgi_bench: what a request costs each server in CPU time, compared with the floor.
//
// Every server runs alone on one core and wrk on another. A load generator on one core is the bottleneck of every fast
// server, so requests per second say little; what ranks them is the server core's CPU time per request. The subjects
// take turns, round after round, so that a drift of the machine meets all of them.
#include <sched.h>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include "child_process.hpp"

namespace {

struct subject {
  std::string name;
  std::vector<std::string> command;
};

struct load {
  std::string name;
  std::vector<std::string> wrk_options;
};

struct plan {
  int rounds = 5;
  int seconds = 3;          // of each measurement
  int warm_up_seconds = 1;  // before it; fills caches, pools and the connection table
};

struct measurement {
  double microseconds_per_request = 0;
  double requests_per_second = 0;
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
  if (found.size() < 2) throw std::runtime_error("needs two cores: one for the server, one for wrk");
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

double run_wrk(const std::string& wrk, const load& with, int seconds, const std::string& url, int core) {
  std::vector<std::string> command{wrk, "-t1", "-d" + std::to_string(seconds) + "s"};
  command.insert(command.end(), with.wrk_options.begin(), with.wrk_options.end());
  command.push_back(url);
  child_process client(command, core);
  const auto report = client.rest_of_output();
  if (client.exit_code() != 0) throw std::runtime_error("wrk failed: " + client.rest_of_errors());
  for (const char* fault : {"Socket errors", "Non-2xx"})
    if (const auto at = report.find(fault); at != std::string::npos)
      throw std::runtime_error("wrk reports: " + report.substr(at, report.find('\n', at) - at));
  return number_before(report, " requests in");
}

measurement measure(const std::string& wrk, const subject& of, const load& with, const plan& wanted, cores on) {
  child_process server(of.command, on.server);
  const auto ready = server.output_line();
  const auto url = ready.substr(0, ready.find(' '));
  if (wanted.warm_up_seconds > 0) run_wrk(wrk, with, wanted.warm_up_seconds, url, on.client);

  const auto core_before = time_of_core(on.server);
  const double own_before = time_of_process(server.id());
  const double requests = run_wrk(wrk, with, wanted.seconds, url, on.client);
  const double own = time_of_process(server.id()) - own_before;
  const auto core = time_of_core(on.server);
  if (requests == 0) throw std::runtime_error("no request was answered");
  server.signal(SIGTERM);
  server.exit_code();
  const double busy = core.busy - core_before.busy;
  const double foreign = core.processes - core_before.processes - own;
  return {busy / requests, requests / wanted.seconds, std::max(0.0, foreign / busy)};
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

void print_table(const load& with, const std::vector<subject>& subjects,
                 const std::vector<std::vector<measurement>>& results) {
  std::printf("\n%-28s %24s %24s %12s\n", with.name.c_str(), "CPU µs/request", "cost, floor = 1", "requests/s");
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    std::vector<double> cost;
    std::vector<double> ratio;
    std::vector<double> rate;
    for (std::size_t round = 0; round < results[i].size(); ++round) {
      cost.push_back(results[i][round].microseconds_per_request);
      ratio.push_back(cost.back() / results[0][round].microseconds_per_request);
      rate.push_back(results[i][round].requests_per_second);
    }
    const auto c = spread_of(cost);
    const auto r = spread_of(ratio);
    std::printf("%-28s %8.2f (%5.2f – %5.2f) %8.2f (%5.2f – %5.2f) %12.0f\n", subjects[i].name.c_str(), c.median,
                c.least, c.most, r.median, r.least, r.most, spread_of(rate).median);
  }
  double foreign = 0;
  for (const auto& of_subject : results)
    for (const auto& each : of_subject) foreign = std::max(foreign, each.foreign_share);
  if (foreign > 0.05)
    std::printf("not to be trusted: other programs took up to %.0f %% of the server core's busy time\n", foreign * 100);
  std::fflush(stdout);
}

void bench(const plan& wanted) {
  const auto wrk = program("wrk");
  const auto on = two_cores();
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto root = here.parent_path();

  std::vector<subject> subjects{{"floor", {here / "floor"}}};
  for (const std::string server : {"threaded", "evented"})
    for (const std::string app : {"hello_blocking", "hello_async"})
      subjects.push_back({server + ' ' + app, {root / "bin/csgi", "serve", root / "apps" / (app + ".so"), "--server",
                                               server, "--port", "0", "--no-access-log"}});
  const load loads[] = {{"64 connections", {"-c64"}},
                        {"512 connections", {"-c512"}},
                        {"64 connections, 16 pipelined", {"-c64", "-s", CSGI_PIPELINE_SCRIPT}}};

  const auto total = static_cast<std::size_t>(wanted.rounds * (wanted.seconds + wanted.warm_up_seconds)) * subjects.size() * std::size(loads);
  std::printf("%d rounds of %d s for each of %zu servers and %zu loads, about %zu s in all\n", wanted.rounds,
              wanted.seconds, subjects.size(), std::size(loads), total);
  std::printf("server on core %d, wrk on core %d; medians (least – most)\n", on.server, on.client);
  std::fflush(stdout);
  for (const auto& with : loads) {
    std::vector<std::vector<measurement>> results(subjects.size());
    for (int round = 0; round < wanted.rounds; ++round) {
      for (std::size_t i = 0; i < subjects.size(); ++i) {
        try {
          results[i].push_back(measure(wrk, subjects[i], with, wanted, on));
        } catch (const std::exception& error) {
          throw std::runtime_error(subjects[i].name + ", " + with.name + ": " + error.what());
        }
      }
    }
    print_table(with, subjects, results);
  }
}

}  // namespace

int main(int argc, char** argv) {
  plan wanted;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments == std::vector<std::string>{"--quick"}) {
    wanted = {.rounds = 3, .seconds = 1, .warm_up_seconds = 0};
  } else if (!arguments.empty()) {
    std::cerr << "csgi_bench: takes --quick, or nothing\n";
    return 2;
  }
  try {
    bench(wanted);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "csgi_bench: " << error.what() << '\n';
    return 1;
  }
}
