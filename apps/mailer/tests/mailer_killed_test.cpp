// mailer_killed_test.cpp - the plug-ins in a process of their own, which is stopped, or killed, on each server.
#include "child_process.hpp"
#include "spool_directory.hpp"
#include "wire_client.hpp"
#include <csgi/json.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <mutex>
#include <set>
#include <sys/inotify.h>
#include <thread>

using csgi::tests::reply;
using csgi::tests::wire_client;

namespace {

/// Waits for letters to come into a directory of the spool.
class watched {
 public:
  explicit watched(const std::string& path) : notices_(inotify_init1(IN_CLOEXEC)) {
    if (inotify_add_watch(notices_, path.c_str(), IN_MOVED_TO) < 0) throw std::runtime_error("inotify");
  }
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;
  ~watched() { close(notices_); }

  /// Until it is so; ten seconds for each letter at most.
  void wait_until(const std::function<bool()>& over) {
    while (!over()) {
      pollfd readable{notices_, POLLIN, 0};
      if (poll(&readable, 1, 10'000) != 1) throw std::runtime_error("no letter comes");
      alignas(inotify_event) char events[4096];
      if (read(notices_, events, sizeof events) <= 0) throw std::runtime_error("inotify");
    }
  }

 private:
  int notices_;
};

/// A process that serves a mailer.
class served_mailer {
 public:
  served_mailer(const std::string& form, const std::string& server, const spool_directory& spool, const std::string& takes)
      : process_({CSGI_COMMAND, "serve", std::string(CSGI_MAILERS) + '/' + form + ".so", "--server", server, "--port", "0",
                  "--no-access-log", "--log-level", "warning", "--lint", "--", "--spool", spool.path(), "--takes", takes, "--most", "100000"}) {
    const auto line = process_.output_line();
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.find(':', line.find("//")) + 1)));
  }
  std::uint16_t port() const { return port_; }
  child_process& process() { return process_; }

 private:
  child_process process_;
  std::uint16_t port_;
};

const std::string posted =
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\n"
    "to=a@b&subject=s&body=text";

std::string member(const reply& r, const char* name) { return std::string(csgi::parse_json(r.body).at(name).as_string()); }

std::string post(wire_client& client) {
  const auto r = client.exchange(posted, "POST");
  if (r.status != 202) throw std::runtime_error("answered " + std::to_string(r.status) + ' ' + r.body);
  return member(r, "id");
}

std::string state(std::uint16_t port, const std::string& id) {
  wire_client client(port);
  return member(client.exchange("GET /" + id + " HTTP/1.1\r\nHost: h\r\n\r\n"), "state");
}

bool accepts(std::uint16_t port) {
  try {
    const wire_client client(port);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

const std::vector<std::string> all_servers{
    "threaded", "evented", "beast",
#ifdef CSGI_HAS_HTTPLIB
    "httplib",
#endif
};

void on_each(const std::function<void(const std::string& form, const std::string& server)>& f) {
  for (const std::string form : {"mailer", "mailer_blocking"}) {
    for (const auto& server : all_servers) {
      CAPTURE(form);
      CAPTURE(server);
      f(form, server);
    }
  }
}

}  // namespace

TEST_SUITE("mailer killed") {
TEST_CASE("SIGTERM waits for what is being sent") {
  on_each([](const std::string& form, const std::string& server) {
    const spool_directory spool;
    served_mailer mailer(form, server, spool, "300");
    wire_client client(mailer.port());
    const auto id = post(client);
    mailer.process().signal(SIGTERM);
    CHECK(mailer.process().rest_of_errors().empty());
    CHECK(mailer.process().exit_code() == 0);
    CHECK(spool.names("sent") == std::vector{id});
  });
}

TEST_CASE("a second SIGTERM waits for nothing, and loses nothing") {
  on_each([](const std::string& form, const std::string& server) {
    const spool_directory spool;
    served_mailer mailer(form, server, spool, "3600000");
    wire_client client(mailer.port());
    const auto id = post(client);
    mailer.process().signal(SIGTERM);
    while (accepts(mailer.port())) std::this_thread::yield();
    mailer.process().signal_anew(SIGINT);
    CHECK(mailer.process().exit_code() == 0);
    CHECK(spool.names("new") == std::vector{id});
  });
}

TEST_CASE("what SIGKILL has left is sent when it is served again") {
  on_each([](const std::string& form, const std::string& server) {
    const spool_directory spool;
    std::string id;
    {
      served_mailer mailer(form, server, spool, "3600000");
      wire_client client(mailer.port());
      id = post(client);
      CHECK(state(mailer.port(), id) == "waiting");
      mailer.process().signal(SIGKILL);
      CHECK(mailer.process().exit_code() == -SIGKILL);
    }
    CHECK(spool.names("new") == std::vector{id});
    CHECK(spool.names("sent").empty());
    watched sent(spool.path() + "/sent");
    served_mailer mailer(form, server, spool, "0");
    sent.wait_until([&] { return !spool.names("sent").empty(); });
    CHECK(state(mailer.port(), id) == "sent");
    CHECK(spool.names("new").empty());
  });
}

TEST_CASE("SIGKILL under load loses no letter that was answered, and leaves no part of one") {
  on_each([](const std::string& form, const std::string& server) {
    const spool_directory spool;
    std::mutex mutex;
    std::set<std::string> promised;
    {
      served_mailer mailer(form, server, spool, "1");
      watched sent(spool.path() + "/sent");
      std::vector<std::jthread> clients;
      for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
          try {
            for (wire_client client(mailer.port());;) {
              const auto id = post(client);
              const std::lock_guard guard(mutex);
              promised.insert(id);
            }
          } catch (const std::exception&) {     // it was killed
          }
        });
      }
      sent.wait_until([&] { return spool.names("sent").size() >= 20; });
      mailer.process().signal(SIGKILL);
      for (auto& client : clients) client.join();
      CHECK(mailer.process().exit_code() == -SIGKILL);
    }
    watched sent(spool.path() + "/sent");
    served_mailer mailer(form, server, spool, "1");
    sent.wait_until([&] { return spool.names("new").empty(); });
    mailer.process().signal(SIGTERM);
    CHECK(mailer.process().rest_of_errors().empty());
    CHECK(mailer.process().exit_code() == 0);
    CHECK(!promised.empty());
    const auto ids = spool.names("sent");
    CHECK(std::ranges::includes(ids, promised));
    CHECK(spool.names("tmp").empty());
    for (const auto& id : ids) CHECK(spool.bytes("sent", id) == "To: a@b\nSubject: s\n\ntext");
  });
}
}
