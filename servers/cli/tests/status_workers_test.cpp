// Health and metrics of several processes, as who watches them asks.
#include <fstream>
#include "served_workers.hpp"
#include "temporary_directory.hpp"

namespace {

const std::string fragile = CSGI_TEST_FRAGILE;

/// Two workers, and where they are watched.
struct watched_workers {
  explicit watched_workers(const std::string& server, unsigned count = 2, words more = {})
      : command(serve(fragile, server, count, with_status(std::move(more)))), port(ready(command).port), ids(workers_of(command, count)) {
    const auto line = command.output_line();
    REQUIRE_MESSAGE(line.starts_with("health and metrics on http://127.0.0.1:"), line);
    status_port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }

  static words with_status(words more) {
    more.insert(more.begin(), {"--status-port", "0"});
    return more;
  }

  std::string health() const {
    const auto all = answer(status_port, get("/health"));
    return all.substr(9, 3) + all.substr(all.find("\r\n\r\n") + 3);
  }

  /// The value behind that name and its labels; -1: there is none.
  double metric(const std::string& name) const {
    const auto all = answer(status_port, get("/metrics"));
    const auto at = all.find('\n' + name + ' ');
    return at == std::string::npos ? -1 : std::stod(all.substr(at + name.size() + 2));
  }

  double requests() const { return metric("csgi_requests_total{method=\"GET\",status=\"200\"}"); }

  /// A response is counted when it has ended, which its client may see first.
  void await_requests(double count) const {
    while (requests() < count) {
    }
    CHECK(requests() == count);
  }

  child_process command;
  std::uint16_t port;
  std::vector<pid_t> ids;
  std::uint16_t status_port = 0;
};

/// The process that a program has beside its workers.
pid_t companion_of(const watched_workers& all) {
  const auto parent = std::to_string(all.command.id());
  std::ifstream children("/proc/" + parent + "/task/" + parent + "/children");
  for (pid_t id; children >> id;)
    if (std::ranges::find(all.ids, id) == all.ids.end()) return id;
  return -1;
}

/// A connection with a request that runs until "cd" comes.
int half_a_request(watched_workers& all) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(all.port);
  REQUIRE(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const std::string half = "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab";
  send(client, half.data(), half.size(), MSG_NOSIGNAL);
  line_with(all.command, {"POST /read: reads"});
  return client;
}

}  // namespace

TEST_SUITE("status of workers") {
TEST_CASE("what all of them count is one sum, whoever answered, and does not go back when one is killed or all are replaced") {
  for (const std::string server : {"evented", "threaded"}) {
    CAPTURE(server);
    watched_workers all(server);
    CHECK(all.health() == "200\nok, 2 of 2 workers\n");
    std::vector<std::string> who;
    double count = 0;
    while (who.size() < 2) {      // connections are dealt as chance has it
      const auto one = answer(all.port, get("/"));
      ++count;
      if (std::ranges::find(who, one.substr(one.find("\r\n\r\n"))) == who.end()) who.push_back(one.substr(one.find("\r\n\r\n")));
    }
    all.await_requests(count);
    kill(all.ids[0], SIGKILL);
    workers_of(all.command, 1);
    CHECK(all.requests() == count);
    CHECK(all.metric("csgi_worker_starts_total{worker=\"0\"}") + all.metric("csgi_worker_starts_total{worker=\"1\"}") == 3);
    all.command.signal(SIGHUP);
    line_with(all.command, {"all workers have been replaced"});
    CHECK(all.requests() == count);
    answer(all.port, get("/"));
    all.await_requests(count + 1);
    CHECK(all.metric("csgi_worker_starts_total{worker=\"0\"}") + all.metric("csgi_worker_starts_total{worker=\"1\"}") == 5);
    CHECK(all.metric("csgi_worker_up{worker=\"1\"}") == 1);
    CHECK(all.metric("csgi_threads_busy") == 0);
    CHECK(all.metric("csgi_worker_resident_memory_bytes{worker=\"0\"}") > 0);
    all.command.signal(SIGTERM);
    CHECK(all.command.exit_code() == 0);
  }
}

TEST_CASE("health is answered when no worker serves, and says so") {
  const temporary_directory directory;
  watched_workers all("evented", 1, {"--restart-first", "1h", "--restart-most", "1h", "--", directory.path().string()});
  CHECK(all.health() == "200\nok, 1 of 1 workers\n");
  kill(all.ids[0], SIGKILL);
  line_with(all.command, {"was killed by signal 9"});
  CHECK(all.health() == "503\nno worker serves\n");
  CHECK(all.metric("csgi_worker_up{worker=\"0\"}") == 0);
  all.command.signal(SIGTERM);
  CHECK(all.command.exit_code() == 0);
}

TEST_CASE("while the only worker drains, told to by somebody else, no worker serves, until its successor does") {
  for (const std::string server : {"evented", "threaded", "beast"}) {
    CAPTURE(server);
    watched_workers all(server, 1, {"--restart-first", "1ms"});
    const int client = half_a_request(all);
    kill(all.ids[0], SIGTERM);
    while (all.health() != "503\nno worker serves\n") {
    }
    CHECK(all.metric("csgi_worker_up{worker=\"0\"}") == 0);
    CHECK(all.metric("csgi_draining") == 0);
    send(client, "cd", 2, MSG_NOSIGNAL);
    workers_of(all.command, 1);
    while (all.health() != "200\nok, 1 of 1 workers\n") {
    }
    all.command.signal(SIGTERM);
    CHECK(all.command.exit_code() == 0);
    close(client);
  }
}

TEST_CASE("while the last requests end, it is told that they do") {
  watched_workers all("threaded");
  const int client = half_a_request(all);
  all.command.signal(SIGTERM);
  while (all.health() != "503\ndraining\n") {
  }
  CHECK(all.metric("csgi_draining") == 1);
  send(client, "cd", 2, MSG_NOSIGNAL);
  CHECK(all.command.exit_code() == 0);
  close(client);
}

TEST_CASE("who tells is started again when it ends, and has lost nothing") {
  watched_workers all("evented", 2, {"--restart-first", "1ms"});
  answer(all.port, get("/"));
  all.await_requests(1);
  const auto first = companion_of(all);
  REQUIRE(first > 0);
  kill(first, SIGKILL);
  line_with(all.command, {"the status process " + std::to_string(first) + " was killed by signal 9 (Killed); another one starts in 1 ms"});
  CHECK(all.requests() == 1);
  CHECK(all.health() == "200\nok, 2 of 2 workers\n");
  CHECK(companion_of(all) != first);
  all.command.signal(SIGTERM);
  CHECK(all.command.exit_code() == 0);
}

TEST_CASE("a port for it that is in use is told before any worker starts") {
  const watched_workers first("evented");
  child_process second(serve(fragile, "evented", 2, {"--status-port", std::to_string(first.status_port)}));
  CHECK(second.rest_of_errors() == "csgi: --status-port: cannot listen on 127.0.0.1:" + std::to_string(first.status_port) + ": Address already in use\n");
  CHECK(second.exit_code() == 1);
}
}
