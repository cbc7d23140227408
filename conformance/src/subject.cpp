// subject.cpp - see csgi/conformance/subject.hpp.
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csgi/conformance/subject.hpp>
#include <csgi/plugin_library.hpp>
#include <csgi/server_observer.hpp>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <csignal>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

constexpr auto start_patience = 15s;
constexpr auto end_patience = 10s;
constexpr auto poll_interval = 5ms;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  return where;
}

/// A port that was free a moment ago; the command under test binds it itself.
std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where = loopback(0);
  socklen_t size = sizeof where;
  const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&where), size) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&where), &size) == 0;
  ::close(probe);
  if (!bound) throw std::system_error(errno, std::generic_category(), "no free port");
  return ntohs(where.sin_port);
}

bool accepts(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = loopback(port);
  const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  ::close(socket);
  return connected;
}

// --- a command ----------------------------------------------------------------------------------------------------

class process final : public running_subject {
 public:
  process(const std::vector<std::string>& words, std::uint16_t port) : port_(port) {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = ::posix_spawnp(&pid_, arguments[0], &files, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw not_a_subject("cannot run " + words.front() + ": " + std::strerror(error));
  }

  ~process() override {
    if (!ended_) ::kill(pid_, SIGKILL);
    if (!ended_) ::waitpid(pid_, nullptr, 0);
  }

  std::uint16_t port() const noexcept override { return port_; }
  void stop() noexcept override {
    if (!ended_) ::kill(pid_, SIGTERM);
  }

  std::optional<int> exit_code() override {
    const auto until = std::chrono::steady_clock::now() + end_patience;
    while (running()) {
      if (std::chrono::steady_clock::now() > until) return std::nullopt;
      std::this_thread::sleep_for(poll_interval);
    }
    return code_;
  }

  bool running() {
    int status = 0;
    if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
      ended_ = true;
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return !ended_;
  }

 private:
  std::uint16_t port_;
  pid_t pid_ = -1;
  bool ended_ = false;
  int code_ = 0;
};

class spawned_subject final : public subject {
 public:
  spawned_subject(std::vector<std::string> command, std::string directory)
      : command_(std::move(command)), directory_(std::move(directory)) {
    for (const char* placeholder : {"{port}", "{app}"})
      if (!mentions(placeholder))
        throw not_a_subject(std::string("the command has no ") + placeholder + ", so it cannot be told what to serve where");
  }

  std::unique_ptr<running_subject> start(const form& with) const override {
    const std::uint16_t port = free_port();
    std::vector<std::string> words = command_;
    for (auto& word : words) {
      replace(word, "{port}", std::to_string(port));
      replace(word, "{app}", directory_ + '/' + with.plugin);
    }
    auto started = std::make_unique<process>(words, port);
    const auto until = std::chrono::steady_clock::now() + start_patience;
    while (!accepts(port)) {
      if (!started->running())
        throw not_a_subject("the command ended with exit code " + std::to_string(*started->exit_code()) + " and served nothing");
      if (std::chrono::steady_clock::now() > until) throw not_a_subject("the command does not listen on the port it was given");
      std::this_thread::sleep_for(poll_interval);
    }
    return started;
  }

 private:
  bool mentions(std::string_view placeholder) const {
    for (const auto& word : command_)
      if (word.find(placeholder) != std::string::npos) return true;
    return false;
  }

  static void replace(std::string& word, std::string_view placeholder, const std::string& by) {
    for (auto at = word.find(placeholder); at != std::string::npos; at = word.find(placeholder, at + by.size()))
      word.replace(at, placeholder.size(), by);
  }

  std::vector<std::string> command_;
  std::string directory_;
};

// --- a server of this process -------------------------------------------------------------------------------------

/// Nothing that a server under test says is of interest but that it is ready.
class readiness final : public server_observer {
 public:
  void ready(const endpoint&) noexcept override { ready_.store(true); }
  void log(log_level, std::string_view) noexcept override {}
  bool is_ready() const noexcept { return ready_.load(); }

 private:
  std::atomic<bool> ready_{false};
};

class linked_server final : public running_subject {
 public:
  linked_server(const std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)>& make,
                csgi::server_options options, const std::string& plugin)
      : library_(plugin), app_(library_.make_app()) {
    options.port = 0;
    options.observer = &readiness_;
    server_ = make(options);
    thread_ = std::thread([this] {
      try {
        server_->run(app_.get());
      } catch (...) {
        code_ = 1;
      }
      ended_.store(true);
    });
    const auto until = std::chrono::steady_clock::now() + start_patience;
    while (!readiness_.is_ready() && !ended_.load() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(poll_interval);
  }

  ~linked_server() override {
    server_->stop();
    server_->stop();
    thread_.join();
  }

  std::uint16_t port() const noexcept override { return server_->port(); }
  void stop() noexcept override { server_->stop(); }

  std::optional<int> exit_code() override {
    const auto until = std::chrono::steady_clock::now() + end_patience;
    while (!ended_.load()) {
      if (std::chrono::steady_clock::now() > until) return std::nullopt;
      std::this_thread::sleep_for(poll_interval);
    }
    return code_;
  }

 private:
  plugin_library library_;
  plugin_library::owned_app app_;
  readiness readiness_;
  std::unique_ptr<csgi::server> server_;
  std::atomic<bool> ended_{false};
  int code_ = 0;
  std::thread thread_;
};

class linked_subject final : public subject {
 public:
  linked_subject(std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)> make, csgi::server_options options,
                 std::string directory)
      : make_(std::move(make)), options_(std::move(options)), directory_(std::move(directory)) {}

  std::unique_ptr<running_subject> start(const form& with) const override {
    try {
      return std::make_unique<linked_server>(make_, options_, directory_ + '/' + with.plugin);
    } catch (const std::exception& error) {
      throw not_a_subject(error.what());
    }
  }

 private:
  std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)> make_;
  csgi::server_options options_;
  std::string directory_;
};

}  // namespace

const std::vector<form>& all_forms() {
  static const std::vector<form> forms = {
      {"blocking", "probe_blocking.so", "", true},
      {"async", "probe_async.so", "", false},
      {"blocking behind identity", "probe_blocking_identity.so", "", true},
      {"async behind identity", "probe_async_identity.so", "", false},
      {"blocking, mounted", "probe_mounted.so", "/blocking", true},
      {"async, mounted", "probe_mounted.so", "/async", false},
  };
  return forms;
}

std::unique_ptr<subject> spawned(std::vector<std::string> command, std::string directory) {
  return std::make_unique<spawned_subject>(std::move(command), std::move(directory));
}

std::unique_ptr<subject> linked(std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)> make,
                                csgi::server_options options, std::string directory) {
  return std::make_unique<linked_subject>(std::move(make), std::move(options), std::move(directory));
}

}  // namespace csgi::conformance
