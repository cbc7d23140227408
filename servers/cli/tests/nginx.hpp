// nginx.hpp - the front-end that the guide shows, running.
#pragma once
#include <fstream>
#include <pwd.h>
#include "child_process.hpp"
#include "served_command.hpp"
#include "temporary_directory.hpp"

/// What the guide shows of a file, from the first line that begins with `first` to the end of its block, without the indentation.
inline std::string block_of(const std::string& guide, const std::string& first) {
  std::ifstream page(guide);
  std::string text;
  for (std::string line; std::getline(page, line);) {
    if (text.empty() && !line.starts_with("    " + first)) continue;
    if (!line.empty() && !line.starts_with("    ")) break;
    text.append(line, std::min<std::size_t>(4, line.size())).append("\n");
  }
  REQUIRE_MESSAGE(!text.empty(), guide, " shows nothing that begins with ", first);
  return text;
}

/// It has to be there, once.
inline void replace(std::string& in, const std::string& what, const std::string& with) {
  const auto at = in.find(what);
  REQUIRE_MESSAGE(at != std::string::npos, "the guide has no ", what);
  in.replace(at, what.size(), with);
}

/// A master and one worker, at a port of their own; the socket is given to them, so that nobody else's port is in the way, and who
/// connects before they run waits.
class nginx {
 public:
  static constexpr const char* program = "/usr/sbin/nginx";

  static bool installed() {
    if (access(program, X_OK) == 0) return true;
    std::fputs("SKIPPED: nginx is not installed here (Debian: nginx-light), so nothing was tested with it\n", stderr);
    return false;
  }

  /// `upstream` is "127.0.0.1:80" or "unix:/path"; `site` what the guide shows.
  nginx(std::string site, const std::string& upstream) {
    replace(site, "unix:/run/my_app.sock", upstream);
    replace(site, "listen 80;", "listen 127.0.0.1:" + std::to_string(port_) + ';');
    std::ofstream(directory_ / "nginx.conf")
        << "daemon off; worker_processes 1; pid " << (directory_ / "pid") << "; error_log stderr;\n"
        << "user " << getpwuid(geteuid())->pw_name << ";\nevents {}\nhttp {\naccess_log off;\n"
        << paths() << site << "}\n";
    const auto inherit = [this] {
      dup2(socket_, 9);
      setenv("NGINX", "9;", 1);     // how one nginx hands its sockets to the next
    };
    runs_.emplace(std::vector<std::string>{program, "-e", "stderr", "-c", directory_ / "nginx.conf"}, std::nullopt, inherit);
    close(socket_);
  }
  nginx(const nginx&) = delete;
  nginx& operator=(const nginx&) = delete;
  ~nginx() {
    runs_->signal(SIGTERM);
    runs_->exit_code();     // its worker has ended by then
  }

  std::uint16_t port() const { return port_; }

 private:
  std::string paths() const {
    std::string all;
    for (const char* of : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      all.append(of).append("_temp_path ").append(directory_ / of).append(";\n");
    return all;
  }

  int listen_somewhere() {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto where = loopback(0);
    socklen_t size = sizeof where;
    REQUIRE(bind(made, reinterpret_cast<const sockaddr*>(&where), size) == 0);
    REQUIRE(listen(made, 100) == 0);
    getsockname(made, reinterpret_cast<sockaddr*>(&where), &size);
    port_ = ntohs(where.sin_port);
    return made;
  }

  temporary_directory directory_;
  std::uint16_t port_ = 0;
  const int socket_ = listen_somewhere();
  std::optional<child_process> runs_;
};
