// all_scenarios.cpp - everything that is done to servers, and by whom.
#include "footprint.hpp"
#include "requests.hpp"
#include "scenario.hpp"
#include "timing.hpp"
#include <cmath>
#include <sys/resource.h>

namespace csgi::bench {

namespace {

scenario timed(std::string name, workload asks_for, const std::string& unit, client_command client, thoroughness part_of) {
  return {.name = std::move(name),
          .asks_for = asks_for,
          .metrics = {{"cpu_microseconds_per_" + unit, "CPU µs/" + unit}, {unit + "s_per_second", unit + "s/s", detail::ratio},
                      {"p50_microseconds", "p50 µs", detail::medians}, {"p99_microseconds", "p99 µs", detail::medians}},
          .measure = [unit, client](const subject& server, const conditions& with) { return measure_time(server, with, client, unit); },
          .part_of = part_of};
}

// Of a program, which Debian has in a package of its name.
auto lack_of(const std::string& name) {
  return [name]() -> std::optional<std::string> {
    if (program(name)) return std::nullopt;
    return name + " is not installed (Debian: " + name + ')';
  };
}

std::optional<std::string> lack_of_descriptors() {
  constexpr rlim_t wanted = 10'000 + 100;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted) return std::nullopt;
  return "a process may open " + std::to_string(limit.rlim_cur) + " files here (ulimit -n), and it takes " + std::to_string(wanted);
}

// Where several are in flight on a connection, clients do not know it, or it says nothing.
scenario without_latency(scenario of) {
  of.metrics.resize(2);
  return of;
}

// wrk knows whole seconds only.
scenario by_wrk(std::string name, workload asks_for, const std::string& path, const std::vector<std::string>& options, thoroughness part_of) {
  const auto client = [path, options](const directories&, const std::string& url, double seconds) {
    const auto whole = std::to_string(std::lround(std::ceil(seconds)));
    std::vector<std::string> command{program("wrk").value_or("wrk"), "-t1", "--latency", "-d" + whole + 's'};
    command.insert(command.end(), options.begin(), options.end());
    command.push_back(url + path);
    return command;
  };
  auto made = timed(std::move(name), asks_for, "request", client, part_of);
  made.obstacle = lack_of("wrk");
  return made;
}

scenario hello(std::string name, const std::vector<std::string>& options, thoroughness part_of) {
  return by_wrk(std::move(name), workload::hello, "", options, part_of);
}

// Their throughput is the threads' to decide, so it is this that matters, and not the time of a processor that has time.
scenario waiting(std::string name, const std::string& path, const std::vector<std::string>& options) {
  auto made = by_wrk(std::move(name), workload::waiting, path, options, thoroughness::quick);
  std::swap(made.metrics[0].shown, made.metrics[1].shown);
  return made;
}

scenario bodies(std::string name, workload asks_for, const std::string& path, int connections, std::size_t up, std::size_t down) {
  const auto client = [=](const directories& in, const std::string& url, double seconds) {
    return std::vector<std::string>{in.build / "bench/body_load", url + path,           std::to_string(connections),
                                    std::to_string(up),           std::to_string(down), std::to_string(seconds)};
  };
  return timed(std::move(name), asks_for, "request", client, thoroughness::quick);
}

scenario messages(std::string name, const std::string& in_flight, const std::string& bytes, thoroughness part_of) {
  const auto client = [=](const directories& in, const std::string& url, double seconds) {
    return std::vector<std::string>{in.build / "bench/websocket_load", url, "64", in_flight, bytes, std::to_string(seconds)};
  };
  return without_latency(timed(std::move(name), workload::messages, "message", client, part_of));
}

template <class Measure>
scenario counted(std::string name, workload asks_for, metric what, Measure measure, thoroughness part_of) {
  return {.name = std::move(name),
          .asks_for = asks_for,
          .metrics = {std::move(what)},
          .measure = [measure](const subject& server, const conditions& with) { return measurement{{measure(server, with)}}; },
          .part_of = part_of,
          .repeatable = true};
}

template <class Measure>
scenario idle(std::string name, workload asks_for, Measure measure, thoroughness part_of) {
  auto made = counted(std::move(name), asks_for, {"bytes_per_connection", "bytes/connection", detail::no_ratio}, measure, part_of);
  made.obstacle = lack_of_descriptors;
  return made;
}

scenario instructions(std::string name, std::string_view request) {
  auto made = counted(
      std::move(name), workload::hello, {"instructions_per_request", "instructions/request"},
      [request](const subject& server, const conditions& with) { return instructions_per_request(server, with, request); },
      thoroughness::whole);
  made.obstacle = lack_of("valgrind");
  return made;
}

}  // namespace

std::vector<scenario> all_scenarios() {
  constexpr auto quick = thoroughness::quick, whole = thoroughness::whole;
  constexpr std::size_t MiB = 1024 * 1024;
  const metric allocations{"allocations_per_request", "allocations/request", detail::no_ratio};
  return {
      hello("hello c64", {"-c64"}, quick),
      hello("hello c512", {"-c512"}, quick),
      hello("hello c1", {"-c1"}, whole),
      without_latency(hello("hello pipelined 16", {"-c64", "-s", CSGI_SCRIPTS "/pipeline.lua"}, quick)),
      waiting("handlers of 1 ms", "/wait", {"-c64"}),
      waiting("1 handler of 5,000 slow", "", {"-c64", "-s", CSGI_SCRIPTS "/mixed.lua"}),
      bodies("echo 1 MiB", workload::echo, "/echo", 8, MiB, MiB),
      bodies("download 1 MiB", workload::file, "/file", 8, 0, MiB),
      bodies("stream 100 MiB", workload::stream, "/stream", 2, 0, 100 * MiB),
      messages("WebSocket, 125 B, 1 in flight", "1", "125", quick),
      messages("WebSocket, 125 B, 16 in flight", "16", "125", whole),
      messages("WebSocket, 16 KiB, 1 in flight", "1", "16384", whole),
      instructions("instructions, small", small_request),
      instructions("instructions, browser-like", browser_request),
      counted("allocations", workload::hello, allocations, allocations_per_request, quick),
      idle("idle connections", workload::hello, bytes_per_idle_connection, quick),
      idle("idle WebSockets", workload::messages, bytes_per_idle_websocket, whole),
  };
}

}  // namespace csgi::bench
