// spawned_subject.cpp - a server that is a command.
#include "child_process.hpp"
#include "loopback.hpp"
#include "reserved_port.hpp"
#include "waiting.hpp"
#include <cerrno>
#include <csgi/conformance/subject.hpp>
#include <csignal>
#include <functional>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace csgi::conformance {

namespace {

constexpr auto one_wish = std::chrono::milliseconds(300);
constexpr std::string_view options_word = "{options}";

bool accepts(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = loopback(port);
  const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  ::close(socket);
  return connected;
}

/// The command ended before it served.
class ended_early final : public not_a_subject {
 public:
  using not_a_subject::not_a_subject;
};

class spawned_server final : public running_subject {
 public:
  explicit spawned_server(const std::function<std::vector<std::string>(std::uint16_t port)>& words) : process_(words(port_.number())) {}

  std::uint16_t port() const noexcept override { return port_.number(); }
  /// Launchers may take signals that come at once for one.
  void stop() noexcept override {
    if (std::exchange(was_asked_, true)) std::this_thread::sleep_for(one_wish);
    process_.signal(SIGTERM);
  }

  std::optional<int> exit_code() override {
    wait_for(end_patience, [this] { return !process_.running(); });
    return process_.exit_code();
  }

  std::string said() const override { return process_.said(); }
  int process() const noexcept override { return process_.id(); }

  /// Errors:    not_a_subject, when it does not within the patience.
  void wait_until_it_accepts() {
    const bool settled = wait_for(start_patience, [this] { return accepts(port()) || !process_.running(); });
    if (const auto code = process_.exit_code()) {
      const std::string words = process_.last_words();
      throw ended_early("the command ended with exit code " + std::to_string(*code) + " and served nothing" +
                          (words.empty() ? "" : "; its last words: " + words));
    }
    if (!settled) throw not_a_subject("the command does not listen on the port it was given");
  }

 private:
  const reserved_port port_;
  child_process process_;
  bool was_asked_ = false;
};

class spawned_subject final : public subject {
 public:
  spawned_subject(std::vector<std::string> command, std::string directory)
      : command_(std::move(command)), directory_(std::move(directory)) {
    for (const char* placeholder : {"{port}", "{app}"})
      if (!mentions(placeholder))
        throw not_a_subject(std::string("the command has no ") + placeholder + ", so it cannot be told what to serve where");
    for (const auto& word : command_) {
      takes_options_ = takes_options_ || word == options_word;
      if (word != options_word && word.find(options_word) != std::string::npos)
        throw not_a_subject("{options} has to be a word of its own, not part of " + word);
    }
  }

  /// Another program may take the port before the command does: so it gets a second chance, with another one.
  std::unique_ptr<running_subject> start(const form& with, const std::vector<server_option>& told) const override {
    try {
      return start_once(with, told);
    } catch (const ended_early&) {
      return start_once(with, told);
    }
  }

  bool takes_options() const noexcept override { return takes_options_; }

 private:
  std::unique_ptr<running_subject> start_once(const form& with, const std::vector<server_option>& told) const {
    try {
      auto started = std::make_unique<spawned_server>([&](std::uint16_t port) { return words(with, told, port); });
      started->wait_until_it_accepts();
      return started;
    } catch (const std::system_error& error) {
      throw not_a_subject(error.what());
    }
  }

  bool mentions(std::string_view placeholder) const {
    for (const auto& word : command_)
      if (word.find(placeholder) != std::string::npos) return true;
    return false;
  }

  std::vector<std::string> words(const form& with, const std::vector<server_option>& told, std::uint16_t port) const {
    std::vector<std::string> all;
    for (const auto& word : command_) {
      if (word == options_word) {
        for (const auto& option : told) all.insert(all.end(), {"--" + option.name, option.value});
        continue;
      }
      all.push_back(word);
      replace(all.back(), "{port}", std::to_string(port));
      replace(all.back(), "{app}", directory_ + '/' + with.plugin);
    }
    return all;
  }

  static void replace(std::string& word, std::string_view placeholder, const std::string& by) {
    for (auto at = word.find(placeholder); at != std::string::npos; at = word.find(placeholder, at + by.size()))
      word.replace(at, placeholder.size(), by);
  }

  std::vector<std::string> command_;
  std::string directory_;
  bool takes_options_ = false;
};

}  // namespace

std::unique_ptr<subject> spawned(std::vector<std::string> command, std::string directory) {
  return std::make_unique<spawned_subject>(std::move(command), std::move(directory));
}

}  // namespace csgi::conformance
