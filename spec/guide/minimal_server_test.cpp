// minimal_server_test.cpp - the guide's server as a user starts it, and the guide's page beside its code.
#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace {

// The server as a process of its own, on any free port.
class process {
 public:
  explicit process(const char* app) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    id_ = ::fork();
    REQUIRE(id_ >= 0);
    if (id_ == 0) {
      ::dup2(ends[1], STDERR_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execl(SERVER, SERVER, app, "0", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(ends[1]);
    for (char byte; ::read(ends[0], &byte, 1) == 1 && byte != '\n';) line_ += byte;
    output_ = ends[0];
  }
  process(const process&) = delete;
  ~process() {
    if (id_ > 0) {
      ::kill(id_, SIGKILL);
      wait();
    }
    ::close(output_);
  }

  const std::string& line() const { return line_; }  // the first it printed
  std::string rest() const {                         // what it printed then, until its end
    std::string all;
    for (char byte; ::read(output_, &byte, 1) == 1;) all += byte;
    return all;
  }
  void terminate() const { ::kill(id_, SIGTERM); }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(id_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // What comes back for these bytes until the server ends the connection.
  std::string answer(std::string_view request) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(line_.substr(line_.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
    std::string all(64 * 1024, '\0');
    std::size_t size = 0;
    for (ssize_t got; size < all.size() && (got = ::recv(socket, all.data() + size, all.size() - size, 0)) > 0;)
      size += static_cast<std::size_t>(got);
    ::close(socket);
    return all.substr(0, size);
  }

 private:
  pid_t id_ = -1;
  int output_ = -1;
  std::string line_;
};

std::string text_of(const char* path) {
  std::ifstream file(path);
  REQUIRE(file);
  return (std::ostringstream() << file.rdbuf()).str();
}

}  // namespace

TEST_SUITE("minimal_server") {
TEST_CASE("it serves a blocking plug-in, keeps the connection, and ends with 0 at SIGTERM") {
  process server(BLOCKING_APP);
  REQUIRE(server.line().starts_with("http://127.0.0.1:"));
  const auto both = server.answer("GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(both.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"));
  const auto second = both.find("\r\n\r\nHello\nHTTP/1.1 200 OK\r\n");
  REQUIRE(second != both.npos);
  CHECK(both.find("Content-Length: 6\r\n") < second);
  CHECK(both.find("Connection: close\r\n") > second);
  CHECK(both.ends_with("\r\n\r\n"));
  server.terminate();
  CHECK(server.wait() == 0);
}

TEST_CASE("what is no request is answered 400") {
  process server(BLOCKING_APP);
  REQUIRE(server.line().starts_with("http://127.0.0.1:"));
  CHECK(server.answer("GET\r\n\r\n").starts_with("HTTP/1.1 400 Bad Request\r\n"));
}

TEST_CASE("CSGI-SERVER-007: an async plug-in is refused at the start") {
  process server(ASYNC_APP);
  CHECK(server.line().starts_with("http://127.0.0.1:"));
  CHECK(server.rest() == "minimal_server: this server runs no async apps\n");
  CHECK(server.wait() == 1);
}

TEST_CASE("CSGI-SERVER-020: an address that is taken is told in one line") {
  process first(BLOCKING_APP);
  const std::string taken = first.line().substr(first.line().rfind(':') + 1);
  const pid_t second = ::fork();
  REQUIRE(second >= 0);
  if (second == 0) {
    ::execl(SERVER, SERVER, BLOCKING_APP, taken.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(second, &status, 0);
  CHECK(WEXITSTATUS(status) == 1);
}

TEST_CASE("it has fewer than 200 lines, none longer than 120 columns") {
  std::istringstream code(text_of(GUIDE "/minimal_server.cpp"));
  int lines = 0;
  for (std::string line; std::getline(code, line); ++lines)
    CHECK_MESSAGE(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }) <= 120, line);
  CHECK(lines < 200);
}

TEST_CASE("what the page quotes is in the code") {
  const std::string code = text_of(GUIDE "/minimal_server.cpp"), page = text_of(GUIDE "/your-own-server.md");
  constexpr std::string_view begin = "```cpp\n", end = "```\n";
  int quotes = 0;
  for (auto at = page.find(begin); at != page.npos; at = page.find(begin, at + 1), ++quotes) {
    const auto first = at + begin.size();
    const std::string quote = page.substr(first, page.find(end, first) - first);
    CHECK_MESSAGE(code.find('\n' + quote) != code.npos, quote);
  }
  CHECK(quotes > 5);
}
}
