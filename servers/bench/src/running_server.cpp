#include "running_server.hpp"
#include "polite_client.hpp"
#include "requests.hpp"
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <system_error>

namespace csgi::bench {

namespace {

constexpr int given_descriptor = 3;
constexpr std::chrono::seconds patience(10);

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::filesystem::path log_of(const directories& in) { return in.here / "server.log"; }

// What a server says goes to a file: nobody reads while it is measured, and a pipe that is full would stop it.
void log_to(const std::filesystem::path& file, listening at) {
  const int log = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(log, STDERR_FILENO);
  if (at != listening::announced) ::dup2(log, STDOUT_FILENO);
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string write_configuration(const subject& what, const directories& in, const std::string& port) {
  if (what.configuration.empty()) return {};
  const auto path = in.here / what.configuration;
  std::ofstream(path) << filled_in(content_of(in.peers / what.configuration), in, port);
  return path;
}

std::vector<std::string> words(const subject& what, const directories& in, const circumstances& with, const std::string& port) {
  const auto configuration = write_configuration(what, in, port);
  auto all = with.under;
  for (const std::string& word : what.command) all.push_back(filled_in(word, in, port, configuration));
  auto& file = all[with.under.size()];
  file = program(file).value_or(file);
  return all;
}

}  // namespace

// A port of the system's choice, where the subject is not to choose one, and the socket that keeps it.
class running_server::given_socket {
 public:
  explicit given_socket(listening at) : at_(at) {
    if (at == listening::announced) return;
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) fail("no socket");
    const int on = 1;
    if (at == listening::told) ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) != 0) fail("cannot bind");
    if (at == listening::given && ::listen(descriptor_, 1024) != 0) fail("cannot listen");
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = std::to_string(ntohs(address.sin_port));
  }
  given_socket(const given_socket&) = delete;
  given_socket& operator=(const given_socket&) = delete;
  ~given_socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  const std::string& port() const { return port_; }     // "" of none

  // In the server's process. h2o knows the name from the program that restarts it.
  void hand_over() const {
    if (at_ != listening::given) return;
    if (descriptor_ == given_descriptor) ::fcntl(descriptor_, F_SETFD, 0);
    else ::dup2(descriptor_, given_descriptor);
    ::setenv("SERVER_STARTER_PORT", ("127.0.0.1:" + port_ + "=3").c_str(), 1);
  }

 private:
  const listening at_;
  int descriptor_ = -1;
  std::string port_;
};

running_server::running_server(const subject& what, const directories& in, const circumstances& with)
    : running_server(what, in, with, given_socket(what.at)) {}

running_server::running_server(const subject& what, const directories& in, const circumstances& with, const given_socket& socket)
    : process_(words(what, in, with, socket.port()), with.core,
               [&] {
                 ::setpgid(0, 0);       // so that all of it can be killed, and Ctrl-C does not reach it before it reaches us
                 log_to(log_of(in), what.at);
                 socket.hand_over();
                 ::setenv("PYTHONDONTWRITEBYTECODE", "1", 1);     // {peers} is a place of sources
                 ::setenv("CSGI_BENCH_WWW", (in.here / "www").c_str(), 1);
                 for (const auto& [name, value] : with.environment) ::setenv(name.c_str(), value.c_str(), 1);
               }),
      group_(process_.id()) {
  try {
    if (what.at == listening::announced) {
      const auto ready = process_.output_line();
      url_ = ready.substr(0, ready.find(' '));
    } else {
      url_ = "http://127.0.0.1:" + socket.port();
      wait_until_it_answers();
    }
  } catch (const std::exception& error) {
    ::kill(-group_, SIGKILL);
    throw std::runtime_error(std::string("it does not start: ") + error.what() + "; " + content_of(log_of(in)));
  }
}

running_server::~running_server() { ::kill(-group_, SIGKILL); }

void running_server::wait_until_it_answers() {
  constexpr std::chrono::milliseconds moment(10);
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      polite_client(port_of(url_)).ask(small_request);
      return;
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::connection_refused || std::chrono::steady_clock::now() > until) throw;
    }
    if (ends_within(moment)) throw std::runtime_error("it has ended");
  }
}

bool running_server::ends_within(std::chrono::milliseconds time) const {
  const auto ended = static_cast<int>(::syscall(SYS_pidfd_open, group_, 0));      // glibc 2.36 declares it for C alone
  pollfd wait{ended, POLLIN, 0};
  const bool yes = ended >= 0 && ::poll(&wait, 1, static_cast<int>(time.count())) == 1;
  ::close(ended);
  return yes;
}

// Again and again: nginx misses a signal that comes just before it waits for events, and with callgrind that is a long while.
void running_server::stop() {
  const auto until = std::chrono::steady_clock::now() + patience;
  do process_.signal(SIGTERM);
  while (!ends_within(std::chrono::seconds(1)) && std::chrono::steady_clock::now() < until);
  ::kill(-group_, SIGKILL);
  process_.exit_code();
}

}  // namespace csgi::bench
