// Worker processes as operators and clients meet them: real processes that crash, are replaced, and end.
#include <algorithm>
#include <set>
#include <sys/syscall.h>
#include "keeping_client.hpp"
#include "served_workers.hpp"
#include "temporary_directory.hpp"

namespace {

const std::string fragile = CSGI_TEST_FRAGILE;
const std::string told = CSGI_TEST_APP;
const std::vector<std::string> servers{"evented", "threaded"};

/// What comes to its end is awaited, whoever its parent is.
class watched_process {
 public:
  explicit watched_process(pid_t id) : descriptor_(static_cast<int>(syscall(SYS_pidfd_open, id, 0))) {}
  watched_process(const watched_process&) = delete;
  watched_process& operator=(const watched_process&) = delete;
  ~watched_process() { close(descriptor_); }
  bool ends() const {
    pollfd state{descriptor_, POLLIN, 0};
    return descriptor_ >= 0 && poll(&state, 1, 30'000) == 1;
  }

 private:
  int descriptor_;
};

bool accepts(std::uint16_t port) { return keeping_client(port).connected(); }

std::string upload(std::size_t size) { return "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n"; }

}  // namespace

TEST_SUITE("workers") {
TEST_CASE("several processes serve at one port, which is told once, and SIGINT or SIGTERM ends them") {
  for (const std::string name : {"evented", "threaded", "beast"}) {
    for (const int end : {SIGINT, SIGTERM}) {
      CAPTURE(name);
      child_process server(serve(fragile, name, 3));
      const auto where = ready(server);
      CHECK(where.what == "fragile (blocking) on " + name + ", 3 workers");
      const auto ids = workers_of(server, 3);
      CHECK(std::set<pid_t>(ids.begin(), ids.end()).size() == 3);
      const auto response = answer(where.port, get("/"));
      CHECK(response.starts_with("HTTP/1.1 200 OK\r\n"));
      CHECK(std::ranges::any_of(ids, [&](pid_t id) { return response.ends_with("\r\n\r\n" + std::to_string(id) + '\n'); }));
      server.signal(end);
      CHECK(server.rest_of_output().empty());
      CHECK(server.exit_code() == 0);
      CHECK_FALSE(accepts(where.port));
    }
  }
}

TEST_CASE("a worker that is killed loses its own requests only, is told of in one line, and restarted") {
  constexpr unsigned clients = 8;
  for (const std::string& name : servers) {
    CAPTURE(name);
    child_process server(serve(fragile, name, 3));
    const auto port = ready(server).port;
    const auto ids = workers_of(server, 3);
    load all(port, clients);
    all.go_on(2000);
    for (int round = 0; round < 3; ++round) {
      CAPTURE(round);
      const auto victim = round == 0 ? ids[0] : ids[static_cast<std::size_t>(round)];
      const auto lost_before = all.lost().size();
      kill(victim, SIGKILL);
      const auto line = line_with(server, {"worker " + std::to_string(victim) + " "});
      CHECK(line.find("csgi: warning: worker " + std::to_string(victim) + " was killed by signal 9 (Killed) after ") == 0);
      CHECK(line.find(" s; another one starts in ") != std::string::npos);
      const auto successor = worker_in(line_with(server, {" serves"}));
      CHECK(std::ranges::find(ids, successor) == ids.end());
      all.go_on(2000);
      auto lost = all.lost();
      lost.erase(lost.begin(), lost.begin() + static_cast<std::ptrdiff_t>(lost_before));
      CHECK(lost.size() <= clients);
      for (const auto& whose : lost) CHECK((whose.empty() || whose == std::to_string(victim)));
      // Connections are dealt as chance has it, so that the new one comes to its turn at some time.
      while (!answer(port, get("/")).ends_with("\r\n\r\n" + std::to_string(successor) + '\n')) {
      }
    }
    all.stop();
    CHECK(all.refused == 0);
    server.signal(SIGTERM);
    CHECK(server.exit_code() == 0);
  }
}

TEST_CASE("a worker that ends by itself is told of and restarted as one that is killed") {
  child_process server(serve(fragile, "evented", 1, {"--restart-first", "1ms"}));
  const auto port = ready(server).port;
  const auto id = std::to_string(workers_of(server, 1).front());
  CHECK(answer(port, get("/crash")).empty());
  CHECK(line_with(server, {"ended"}).starts_with("csgi: warning: worker " + id + " ended with exit code 3 after "));
  const auto successor = std::to_string(workers_of(server, 1).front());
  CHECK(answer(port, get("/")).ends_with("\r\n\r\n" + successor + '\n'));
  kill(static_cast<pid_t>(std::stoi(successor)), SIGTERM);      // drains it
  CHECK(line_with(server, {"ended"}).starts_with("csgi: warning: worker " + successor + " ended with exit code 0 after "));
  workers_of(server, 1);
  server.signal(SIGTERM);
  CHECK(server.exit_code() == 0);
}

TEST_CASE("SIGHUP replaces one worker after the other without a lost request or a refused connection, and loads the plug-in anew") {
  for (const std::string& name : servers) {
    CAPTURE(name);
    const temporary_directory directory;
    const auto app = directory / "app.so";
    std::filesystem::copy_file(fragile, app);
    child_process server(serve(app, name, 2));
    const auto port = ready(server).port;
    auto before = workers_of(server, 2);
    const auto next_of_supervisor = [&server] {     // a worker may say what its stop waits for
      auto line = server.error_line();
      while (line.starts_with("csgi: info: stopping: ")) line = server.error_line();
      return line;
    };
    load all(port, 8);
    for (int round = 0; round < 2; ++round) {
      all.go_on(1000);
      server.signal(SIGHUP);
      std::vector<pid_t> after;
      for (int i = 0; i < 2; ++i) {
        const auto line = line_with(server, {" serves in place of worker "});
        after.push_back(worker_in(line));
        const auto old = line.substr(line.rfind(' ') + 1);
        CHECK(std::ranges::find(before, std::stoi(old)) != before.end());
        CHECK(next_of_supervisor().starts_with("csgi: info: worker " + old + " ended with exit code 0 after "));
      }
      CHECK(next_of_supervisor() == "csgi: info: all workers have been replaced");
      before = after;
    }
    all.stop();
    CHECK(all.refused == 0);
    CHECK(all.lost().empty());
    CHECK(all.told_to_close > 0);

    std::filesystem::copy_file(told, directory / "changed.so");
    std::filesystem::rename(directory / "changed.so", app);
    server.signal(SIGHUP);
    line_with(server, {"all workers have been replaced"});
    CHECK(answer(port, get("/")).ends_with("\r\n\r\n"));     // told, without arguments
    server.signal(SIGTERM);
    CHECK(server.exit_code() == 0);
  }
}

TEST_CASE("a replacement that does not come to serve leaves the workers that there are") {
  const temporary_directory directory;
  child_process server(serve(fragile, "evented", 2, {"--", directory.path().string()}));
  const auto port = ready(server).port;
  const auto ids = workers_of(server, 2);
  directory.touch("broken");
  server.signal(SIGHUP);
  line_with(server, {"ended with exit code 1 after ", ", before it served: no more workers are replaced"});
  for (const pid_t id : ids) CHECK(kill(id, 0) == 0);
  CHECK(answer(port, get("/")).starts_with("HTTP/1.1 200 OK\r\n"));
  server.signal(SIGTERM);
  CHECK(server.rest_of_errors().empty());
  CHECK(server.exit_code() == 0);
}

TEST_CASE("an app that cannot be started ends everything at once, with a word of the first worker") {
  const temporary_directory directory;
  directory.touch("broken");
  const std::string end = " s, before it served\n";
  struct refusal {
    words command;
    std::string message;
    int code;
  };
  const refusal refusals[] = {
      {serve("./absent.so", "evented", 2), "csgi: no such file: ./absent.so\n", 1},
      {serve(fragile, "evented", 2, {"--", directory.path().string()}), "csgi: the app's startup failed: broken\n", 1},
      {{CSGI_COMMAND, "serve", fragile, "--server", "beast", "--workers", "2", "--unix", directory / "s"},
       "csgi: the beast server takes no UNIX sockets\n", 2},
  };
  for (const auto& [command, message, code] : refusals) {
    child_process refused(command);
    CHECK(refused.rest_of_output().empty());
    const auto errors = refused.rest_of_errors();
    CHECK(errors.starts_with(message + "csgi: error: worker "));
    CHECK(errors.find(" ended with exit code " + std::to_string(code) + " after ") != std::string::npos);
    CHECK(errors.ends_with(end));
    CHECK(std::ranges::count(errors, '\n') == 2);
    CHECK(refused.exit_code() == code);
  }
}

TEST_CASE("the delay before a restart doubles up to its bound while others serve, and it comes back when the cause is gone") {
  const temporary_directory directory;
  child_process server(serve(fragile, "evented", 2, {"--restart-first", "2ms", "--restart-most", "9ms", "--", directory.path().string()}));
  const auto port = ready(server).port;
  const auto ids = workers_of(server, 2);
  directory.touch("broken");
  kill(ids[0], SIGKILL);
  // One that has served for longer than the bound begins anew: after 2 ms, or as late as the first one had.
  for (const char* delay : {"2", "4", "8", "9", "9", "9", "9"})
    line_with(server, {std::string("; another one starts in ") + delay + " ms"});
  CHECK(answer(port, get("/")).ends_with("\r\n\r\n" + std::to_string(ids[1]) + '\n'));
  std::filesystem::remove(directory / "broken");
  workers_of(server, 1);
  server.signal(SIGTERM);
  CHECK(server.exit_code() == 0);
}

TEST_CASE("a worker whose startup hangs is killed when its time is over, and started again as one that crashed") {
  const temporary_directory directory;
  child_process server(serve(fragile, "evented", 2, {"--restart-first", "1ms", "--deadline-startup", "300ms", "--", directory.path().string()}));
  const auto port = ready(server).port;
  const auto ids = workers_of(server, 2);
  directory.touch("stuck");
  kill(ids[0], SIGKILL);
  line_with(server, {"worker " + std::to_string(ids[0]) + " was killed by signal 9"});
  for (int round = 0; round < 2; ++round) {
    const auto line = line_with(server, {" does not serve after 0.3 s, and is killed"});
    CHECK(line.starts_with("csgi: error: worker "));
    CHECK(server.error_line().starts_with("csgi: warning: worker " + std::to_string(worker_in(line)) + " was killed by signal 9 (Killed) after "));
  }
  CHECK(answer(port, get("/")).ends_with("\r\n\r\n" + std::to_string(ids[1]) + '\n'));
  std::filesystem::remove(directory / "stuck");
  workers_of(server, 1);
  server.signal(SIGTERM);
  CHECK(server.exit_code() == 0);
}

TEST_CASE("a first startup that hangs ends everything when its time is over, and a stop is not held up by one for longer") {
  const temporary_directory directory;
  directory.touch("stuck");
  child_process hangs(serve(fragile, "evented", 2, {"--deadline-startup", "100ms", "--", directory.path().string()}));
  CHECK(hangs.rest_of_output().empty());
  CHECK(hangs.rest_of_errors().find(", before it served\n") != std::string::npos);
  CHECK(hangs.exit_code() == 1);
  child_process stopped(serve(fragile, "evented", 2, {"--deadline-startup", "1s", "--", directory.path().string()}));
  std::filesystem::remove(directory / "hangs");
  while (!std::filesystem::exists(directory / "hangs")) std::this_thread::yield();
  stopped.signal(SIGTERM);
  CHECK(stopped.rest_of_errors().find(" was killed by signal 9 (Killed) after 1.0 s, when it was to end\n") != std::string::npos);
  CHECK(stopped.exit_code() == 1);
}

TEST_CASE("when nobody serves and five starts in a row have failed, it ends") {
  const temporary_directory directory;
  child_process server(serve(fragile, "evented", 1, {"--restart-first", "1ms", "--restart-most", "2ms", "--", directory.path().string()}));
  ready(server);
  const auto id = workers_of(server, 1).front();
  directory.touch("broken");
  kill(id, SIGKILL);
  const auto errors = server.rest_of_errors();
  const std::string failed = "the app's startup failed: broken";
  std::size_t count = 0;
  for (auto at = errors.find(failed); at != std::string::npos; at = errors.find(failed, at + 1)) ++count;
  CHECK(count == 5);
  CHECK(errors.ends_with(", as did those before it: 5 starts in a row have failed, and no worker serves\n"));
  CHECK(server.exit_code() == 1);
}

TEST_CASE("a stop lets running requests finish and refuses new ones, also when every process is sent the signal") {
  for (const std::string& name : servers) {
    for (const bool to_all : {false, true}) {
      CAPTURE(name);
      CAPTURE(to_all);
      child_process server(serve(fragile, name, 2));
      const auto port = ready(server).port;
      const auto ids = workers_of(server, 2);
      std::optional<keeping_client> client(std::in_place, port);
      REQUIRE(client->sends(upload(4) + "ab"));
      line_with(server, {"POST /read: reads"});
      if (to_all)
        for (const pid_t id : ids) kill(id, SIGTERM);
      server.signal(SIGTERM);
      while (accepts(port)) std::this_thread::yield();
      REQUIRE(client->sends("cd"));
      const auto body = client->body();
      REQUIRE(body);
      CHECK(body->ends_with("\nabcd"));
      CHECK(client->told_to_close());
      CHECK(client->ended());
      client.reset();
      CHECK(server.exit_code() == 0);
    }
  }
}

TEST_CASE("a second signal ends what still runs") {
  for (const std::string& name : servers) {
    CAPTURE(name);
    child_process server(serve(fragile, name, 2, {"--grace", "1h"}));
    const auto port = ready(server).port;
    keeping_client client(port);
    REQUIRE(client.sends(upload(4) + "ab"));
    line_with(server, {"POST /read: reads"});
    server.signal(SIGTERM);
    while (accepts(port)) std::this_thread::yield();
    server.signal_anew(SIGTERM);
    CHECK(server.exit_code() == 0);
    CHECK_FALSE(client.ok());
  }
}

TEST_CASE("signals that come at once, as from a terminal and a program around it, are one") {
  for (const std::string& name : servers) {
    for (const unsigned workers : {0u, 2u}) {
      CAPTURE(name);
      CAPTURE(workers);
      child_process server(serve(fragile, name, workers, {"--grace", "1h"}));
      const auto port = ready(server).port;
      std::optional<keeping_client> client(std::in_place, port);
      REQUIRE(client->sends(upload(4) + "ab"));
      line_with(server, {"POST /read: reads"});
      server.signal(SIGINT);
      server.signal(SIGTERM);     // of another number: two of one number that wait would be one anyway
      server.signal(SIGINT);
      while (accepts(port)) std::this_thread::yield();
      REQUIRE(client->sends("cd"));
      const auto body = client->body();
      REQUIRE(body);
      CHECK(body->ends_with("\nabcd"));
      client.reset();
      CHECK(server.exit_code() == 0);
    }
  }
}

TEST_CASE("workers end when their supervisor is killed") {
  for (const std::string& name : servers) {
    CAPTURE(name);
    child_process server(serve(fragile, name, 3));
    const auto port = ready(server).port;
    std::vector<std::unique_ptr<watched_process>> all;
    for (const pid_t id : workers_of(server, 3)) all.push_back(std::make_unique<watched_process>(id));
    server.signal(SIGKILL);
    for (const auto& each : all) CHECK(each->ends());
    CHECK(server.exit_code() == -SIGKILL);
    CHECK_FALSE(accepts(port));
  }
}
}
