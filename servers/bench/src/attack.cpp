// csgi_attack: what thousands of clients that are idle or slow cost a server in memory, and a healthy client beside them in time.
//
// The server runs alone on one core; the attackers and the healthy clients share another, so that what a healthy client waits for
// is the server, and a little of its neighbours. Each attack gets a new server, with the bundled apps (tour), blocking ones and
// async ones; where a blocking app reads bodies, it is one of its own, beside the same healthy clients. Memory is the process's
// own: the system's, for sockets, is not in it.
#include "attackers.hpp"
#include "child_process.hpp"
#include "vanishing_directory.hpp"
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sys/resource.h>
#include <thread>

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr const char* tour = "apps/tour.so";
constexpr const char* body_reader = "bench/body_reader.so";

struct attack {
  std::string name;
  std::vector<troop> troops;
  std::string plugin = tour;    ///< that is attacked
};

struct latencies {
  std::vector<double> milliseconds;
  std::size_t refused = 0;    // 503
  std::size_t failed = 0;     // closed, or nothing came in two seconds

  double at(double share) const {
    if (milliseconds.empty()) return 0;
    return milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))];
  }
};

/// A client as it should be: one request after the other, ten on each connection.
latencies ask_for(std::uint16_t port, const std::string& path, std::chrono::seconds time) {
  latencies seen;
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: healthy\r\n\r\n";
  const auto until = steady_clock::now() + time;
  while (steady_clock::now() < until) {
    const client_socket socket(port, {.patience = 2s});
    for (int i = 0; i < 10 && steady_clock::now() < until; ++i) {
      const auto begin = steady_clock::now();
      const std::string answer = socket.ask(request);
      if (answer.starts_with("HTTP/1.1 200")) {
        seen.milliseconds.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
        continue;
      }
      ++(answer.starts_with("HTTP/1.1 503") ? seen.refused : seen.failed);
      break;
    }
    std::this_thread::sleep_for(1ms);   // it is no attack
  }
  std::ranges::sort(seen.milliseconds);
  return seen;
}

double resident_mebibytes(pid_t process) {
  std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

std::size_t descriptors(pid_t process) {
  const std::filesystem::directory_iterator open("/proc/" + std::to_string(process) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

struct report {
  double before, with, after;     // MiB
  std::size_t held;               // connections that the server has
  std::size_t left;               // descriptors that it has more than before, at the end
  latencies blocking, async;
};

void stay_on(int core) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<std::size_t>(core), &only);
  sched_setaffinity(0, sizeof only, &only);
}

report run(const std::vector<std::string>& command, const attack& what, std::chrono::seconds time) {
  child_process server(command, 0);
  const auto ready = server.output_line();      // http://127.0.0.1:8000 …
  const auto port = static_cast<std::uint16_t>(std::stoi(ready.substr(ready.find(':', 7) + 1)));
  ask_for(port, "/hello-blocking", 1s);
  ask_for(port, "/hello-async", 1s);
  report seen{};
  seen.before = resident_mebibytes(server.id());
  const auto descriptors_before = descriptors(server.id());
  {
    const attackers beside(port, what.troops);
    std::jthread async([&] { seen.async = ask_for(port, "/hello-async", time); });
    seen.blocking = ask_for(port, "/hello-blocking", time);
    async.join();
    seen.with = resident_mebibytes(server.id());
    seen.held = descriptors(server.id()) - descriptors_before;
  }
  for (const auto until = steady_clock::now() + 5s; descriptors(server.id()) > descriptors_before && steady_clock::now() < until;)
    std::this_thread::sleep_for(50ms);
  seen.left = std::max(descriptors(server.id()), descriptors_before) - descriptors_before;
  seen.after = resident_mebibytes(server.id());
  server.signal(SIGTERM);
  server.signal_anew(SIGTERM);
  server.exit_code();
  return seen;
}

void print(const std::string& server, const attack& what, const report& r) {
  std::printf("%-9s %-33s %6zu %7.1f %7.1f %7.1f %5zu", server.c_str(), what.name.c_str(), r.held, r.before, r.with, r.after, r.left);
  for (const latencies* each : {&r.blocking, &r.async})
    std::printf(" %8zu %8.2f %8.2f %6zu %6zu", each->milliseconds.size(), each->at(0.5), each->at(0.99), each->refused, each->failed);
  std::printf("\n");
  std::fflush(stdout);
}

std::vector<attack> attacks(std::size_t share) {
  const troop idle{troop::habit::idle, 10'000 / share, "/hello-async"}, heads{troop::habit::slow_head, 1'000 / share, "/hello-async"},
      bodies{troop::habit::slow_body, 1'000 / share, "/echo/any"}, files{troop::habit::slow_reader, 1'000 / share, "/files/large"},
      streams{troop::habit::slow_reader, 1'000 / share, "/stream/?count=100000&interval=1000"};
  const auto named = [](std::vector<troop> troops) {
    constexpr const char* what[] = {"idle", "slow heads", "slow bodies", "slow readers"};
    std::string name;
    for (const troop& each : troops) {
      name += (name.empty() ? "" : " + ") + std::to_string(each.count) + ' ';
      name += each.path.starts_with("/stream") ? "streams" : what[static_cast<std::size_t>(each.how)];
    }
    return attack{.name = name.empty() ? "nothing" : name, .troops = std::move(troops)};
  };
  attack to_blocking_app = named({{troop::habit::slow_body, 1'000 / share, "/"}});
  to_blocking_app.name += ", blocking app";
  to_blocking_app.plugin = body_reader;
  return {named({}), named({idle}), named({heads}), named({files}), {.name = "idle, heads and readers together", .troops = {idle, heads, files}},
          named({bodies}), to_blocking_app, named({streams}), {.name = "all of these together", .troops = {idle, heads, files, bodies, streams}}};
}

/// Clients and servers need as many as may be had.
void allow_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Something to read slowly.
void make_large_file(const std::filesystem::path& at) {
  std::ofstream(at).put('x');
  std::filesystem::resize_file(at, 100'000'000);    // without taking place
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t share = 1;
  auto time = 5s;
  std::vector<std::string> options(argv + 1, argv + argc);
  if (!options.empty() && options.front() == "--quick") {
    options.erase(options.begin());
    share = 10;
    time = 2s;
  }
  if (!options.empty() && options.front() != "--")
    return std::cerr << "csgi_attack: takes --quick, for a tenth of it, and behind -- options of csgi serve; not " << options.front() << '\n', 2;
  if (!options.empty()) options.erase(options.begin());
  try {
    const vanishing_directory files("csgi_attack");
    make_large_file(files.path() / "large");
    allow_descriptors();
    stay_on(1);
    const auto root = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
    std::printf("%-9s %-33s %6s %7s %7s %7s %5s %8s %8s %8s %6s %6s %8s %8s %8s %6s %6s\n", "server", "attack", "held", "before", "with",
                "after", "left", "blocking", "p50 ms", "p99 ms", "503", "failed", "async", "p50 ms", "p99 ms", "503", "failed");
    std::fflush(stdout);
    for (const std::string server : {"evented", "threaded"})
      for (const attack& what : attacks(share)) {
        std::vector<std::string> command{root / "bin/csgi", "serve", root / what.plugin, "--server", server, "--port", "0",
                                         "--no-access-log", "--log-level", "error"};
        command.insert(command.end(), options.begin(), options.end());
        if (what.plugin == tour) command.insert(command.end(), {"--", "--root", files.path()});
        print(server, what, run(command, what, time));
      }
    std::printf("memory in MiB, of the server's process; held: its connections under attack; left: descriptors it did not give back\n");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "csgi_attack: " << error.what() << '\n';
    return 1;
  }
}
