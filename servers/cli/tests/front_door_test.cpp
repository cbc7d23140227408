// Where the command listens: sockets that were handed over, UNIX sockets, IPv6.
#include <cstddef>
#include <sys/stat.h>
#include <sys/un.h>
#include "served_command.hpp"
#include "temporary_directory.hpp"

namespace {

const std::string program = CSGI_COMMAND;
const std::string told = CSGI_TEST_APP;

using words = std::vector<std::string>;

words serve(const std::string& server, words more) {
  words all{program, "serve", told, "--server", server, "--no-access-log", "--log-level", "error"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// A socket that listens, as a service manager has it.
struct listening {
  listening() {
    const auto any = loopback(0);
    REQUIRE(bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0);
    REQUIRE(listen(socket, 100) == 0);
  }
  listening(const listening&) = delete;
  listening& operator=(const listening&) = delete;
  ~listening() { close(socket); }

  std::uint16_t port() const {
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
    return ntohs(bound.sin_port);
  }

  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

/// As systemd starts a service: the socket is descriptor 3, and the environment says whose it is.
std::function<void()> as_by_systemd(const listening& given, int count = 1, bool for_somebody_else = false) {
  return [&given, count, for_somebody_else] {
    if (given.socket == 3) fcntl(3, F_SETFD, 0);
    else dup2(given.socket, 3);
    for (int each = 4; each < 3 + count; ++each) dup2(3, each);
    setenv("LISTEN_PID", std::to_string(for_somebody_else ? getppid() : getpid()).c_str(), 1);
    setenv("LISTEN_FDS", std::to_string(count).c_str(), 1);
  };
}

/// Where a service manager listens: sd_notify(3).
class told_socket {
 public:
  explicit told_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (path.front() == '@') address.sun_path[0] = 0;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    const timeval patience{30, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  }
  told_socket(const told_socket&) = delete;
  told_socket& operator=(const told_socket&) = delete;
  ~told_socket() { close(socket_); }

  std::string next() const {
    char text[64];
    const auto size = recv(socket_, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "";
  }
  bool is_told_nothing() const {
    char text;
    return recv(socket_, &text, 1, MSG_DONTWAIT) < 0;
  }

 private:
  const int socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

std::string answer_at(const std::string& path, const std::string& request) {
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  std::string all;
  if (connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    send(client, request.data(), request.size(), MSG_NOSIGNAL);
    char block[4096];
    for (ssize_t size; (size = recv(client, block, sizeof block, 0)) > 0;) all.append(block, static_cast<std::size_t>(size));
  }
  close(client);
  return all;
}

}  // namespace

TEST_SUITE("front door") {
TEST_CASE("a socket from systemd is served, by this process or by workers, and goes on when they have gone") {
  for (const std::string name : {"evented", "threaded", "beast"}) {
    for (const char* workers : {"0", "2"}) {
      CAPTURE(name);
      CAPTURE(workers);
      const listening given;
      for (int life = 0; life < 2; ++life) {
        child_process server(serve(name, {"--workers", workers, "--", "here"}), {}, as_by_systemd(given));
        CHECK(ready(server).port == given.port());
        CHECK(answer(given.port(), get("/")).ends_with("\r\n\r\nhere\n"));
        server.signal(SIGTERM);
        CHECK(server.exit_code() == 0);
      }
    }
  }
}

TEST_CASE("a socket is taken by its number, too, whatever else was handed over") {
  const listening given;
  child_process server(serve("evented", {"--fd", "4", "--loops", "2"}), {}, as_by_systemd(given, 2));
  CHECK(ready(server).port == given.port());
  CHECK(answer(given.port(), get("/")).starts_with("HTTP/1.1 200 OK\r\n"));
  server.signal(SIGTERM);
  CHECK(server.exit_code() == 0);
}

TEST_CASE("what was handed over to another process is left alone") {
  const listening given;
  child_process server(serve("evented", {"--port", "0"}), {}, as_by_systemd(given, 1, true));
  CHECK(ready(server).port != given.port());
  server.signal(SIGTERM);
  CHECK(server.exit_code() == 0);
}

TEST_CASE("what is handed over and not clear, or no socket to listen with, is refused in one line") {
  const listening given;
  struct refusal {
    words options;
    std::function<void()> prepare;
    std::string message;
  };
  const refusal refusals[] = {
      {{}, as_by_systemd(given, 2), "LISTEN_FDS: 2 sockets were handed over; choose one with --fd, from 3 on"},
      {{"--port", "1"}, as_by_systemd(given), "--port: a socket was handed over (LISTEN_FDS), which is not there"},
      {{"--fd", "0"}, {}, "socket 0 is no stream socket that is bound"},
      {{"--fd", "1000"}, {}, "descriptor 1000 is not open"},
      {{"--fd", "3", "--port", "1"}, as_by_systemd(given), "--port excludes --fd"},
      {{"--unix", "x", "--host", "::1"}, {}, "--host excludes --unix"},
  };
  for (const auto& [options, prepare, message] : refusals) {
    child_process refused(serve("evented", options), {}, prepare);
    CHECK(refused.rest_of_output().empty());
    CHECK(refused.rest_of_errors() == "csgi: " + message + "\n");
    CHECK(refused.exit_code() == 2);
  }
}

TEST_CASE("a service manager is told once when it serves, by this process or for all workers") {
  for (const char* workers : {"0", "2"}) {
    for (const bool abstract : {false, true}) {
      CAPTURE(workers);
      CAPTURE(abstract);
      const temporary_directory directory;
      const auto path = (abstract ? "@" : "") + (directory / "notify");
      const told_socket manager(path);
      child_process server(serve("evented", {"--port", "0", "--workers", workers}), {},
                           [&] { setenv("NOTIFY_SOCKET", path.c_str(), 1); });
      CHECK(manager.next() == "READY=1");
      CHECK(answer(ready(server).port, get("/")).starts_with("HTTP/1.1 200 OK\r\n"));
      server.signal(SIGTERM);
      CHECK(server.exit_code() == 0);
      CHECK(manager.is_told_nothing());
    }
  }
}

TEST_CASE("a UNIX socket has the permissions it was to have, and goes with its server, however many processes that has") {
  const temporary_directory directory;
  const auto path = directory / "app.sock";
  for (const std::string name : {"evented", "threaded"}) {
    for (const char* workers : {"0", "2"}) {
      CAPTURE(name);
      child_process server(serve(name, {"--unix", path, "--unix-mode", "606", "--workers", workers, "--", "here"}));
      CHECK(server.output_line().starts_with("unix:" + path + " – told (blocking) on " + name));
      CHECK(answer_at(path, get("/")).ends_with("\r\n\r\nhere\n"));
      struct stat there {};
      REQUIRE(stat(path.c_str(), &there) == 0);
      CHECK((there.st_mode & 0777) == 0606);
      server.signal(SIGTERM);
      CHECK(server.exit_code() == 0);
      CHECK_FALSE(std::filesystem::exists(path));
    }
  }
}

TEST_CASE("the path of a UNIX socket names its clients in the access log") {
  const temporary_directory directory;
  const auto path = directory / "app.sock";
  child_process server({program, "serve", told, "--unix", path});
  server.output_line();
  CHECK(answer_at(path, get("/")).starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(server.output_line().starts_with(path + " \"GET / HTTP/1.1\" 200 "));
}

TEST_CASE("a UNIX socket that a killed server has left is replaced; one that is in use, and what is none, are not") {
  const temporary_directory directory;
  const auto path = directory / "app.sock";
  {
    child_process killed(serve("evented", {"--unix", path}));
    killed.output_line();
    killed.signal(SIGKILL);
    CHECK(killed.exit_code() == -SIGKILL);
  }
  CHECK(std::filesystem::is_socket(path));
  child_process server(serve("evented", {"--unix", path}));
  server.output_line();
  child_process second(serve("evented", {"--unix", path}));
  CHECK(second.rest_of_errors() == "csgi: cannot listen on " + path + ": Address already in use\n");
  CHECK(second.exit_code() == 1);
  CHECK(answer_at(path, get("/")).starts_with("HTTP/1.1 200 OK\r\n"));

  directory.touch("file");
  child_process third(serve("evented", {"--unix", directory / "file"}));
  CHECK(third.rest_of_errors() == "csgi: cannot listen on " + (directory / "file") + ": it is no socket: File exists\n");
  CHECK(third.exit_code() == 1);
  CHECK(std::filesystem::is_regular_file(directory / "file"));
}

TEST_CASE("servers that take no such socket say so") {
  const temporary_directory directory;
  child_process beast(serve("beast", {"--unix", directory / "a"}));
  CHECK(beast.rest_of_errors() == "csgi: the beast server takes no UNIX sockets\n");
  CHECK(beast.exit_code() == 2);
#ifdef CSGI_HAS_HTTPLIB
  child_process httplib(serve("httplib", {"--unix", directory / "b"}));
  CHECK(httplib.rest_of_errors() == "csgi: --unix: the httplib server takes no --workers, --fd and --unix, as it binds its own socket\n");
  CHECK(httplib.exit_code() == 2);
#endif
}

TEST_CASE("an IPv6 address is served, by this process or by workers") {
  const int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool has_it = bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  if (!has_it) {
    MESSAGE("there is no IPv6 here");
    return;
  }
  for (const std::string name : {"evented", "threaded", "beast"}) {
    for (const char* workers : {"0", "1"}) {
      CAPTURE(name);
      child_process server(serve(name, {"--host", "::1", "--port", "0", "--workers", workers}));
      const auto where = ready(server);
      CHECK(where.url == "http://[::1]:" + std::to_string(where.port));
      address.sin6_port = htons(where.port);
      const int client = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
      REQUIRE(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
      const auto request = get("/");
      send(client, request.data(), request.size(), MSG_NOSIGNAL);
      char begin[12];
      CHECK(recv(client, begin, sizeof begin, MSG_WAITALL) == sizeof begin);
      CHECK(std::string(begin, sizeof begin) == "HTTP/1.1 200");
      close(client);
      server.signal(SIGTERM);
      CHECK(server.exit_code() == 0);
    }
  }
}
}
