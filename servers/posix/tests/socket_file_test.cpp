#include <csgi/posix/socket_file.hpp>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <system_error>

using csgi::posix::descriptor;
using csgi::posix::socket_file;

namespace {

namespace fs = std::filesystem;

class directory {
 public:
  directory() {
    std::string name = (fs::temp_directory_path() / "csgi-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path_ = name;
  }
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;
  ~directory() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

bool takes_connections(const std::string& path) {
  const descriptor client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.copy(to.sun_path, sizeof to.sun_path - 1);
  return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

void leave_stale(const std::string& path) {
  const descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path.copy(at.sun_path, sizeof at.sun_path - 1);
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
}

std::errc refusal(const std::string& path) {
  try {
    const socket_file refused(path, 0600);
  } catch (const std::system_error& why) {
    CHECK(std::string(why.what()).starts_with("cannot listen on " + path + ": "));
    CHECK(std::string(why.what()).find('\n') == std::string::npos);
    return static_cast<std::errc>(why.code().value());
  }
  return {};
}

}  // namespace

TEST_SUITE("socket_file") {
TEST_CASE("it listens with the permissions that were asked for, whatever the mask, until it is closed, and takes its path along") {
  const directory here;
  const auto path = here / "s";
  {
    const auto mask = ::umask(077);
    socket_file file(path, 0666);
    ::umask(mask);
    CHECK(fs::status(path).permissions() == static_cast<fs::perms>(0666));
    CHECK(takes_connections(path));
    file.close();
    CHECK_FALSE(takes_connections(path));
    CHECK(fs::exists(path));
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("what nobody listens at any more is replaced; what somebody listens at is not, nor is a file") {
  const directory here;
  leave_stale(here / "stale");
  const socket_file file(here / "stale", 0600);
  CHECK(takes_connections(here / "stale"));
  CHECK(refusal(here / "stale") == std::errc::address_in_use);
  CHECK(takes_connections(here / "stale"));
  std::ofstream(here / "file").put('x');
  CHECK(refusal(here / "file") == std::errc::file_exists);
  CHECK(fs::file_size(here / "file") == 1);
  CHECK(refusal(here / "absent/s") == std::errc::no_such_file_or_directory);
  CHECK(refusal(here / std::string(120, 'x')) == std::errc::filename_too_long);
  CHECK(refusal("") == std::errc::no_such_file_or_directory);
}

TEST_CASE("a directory that somebody keeps locked is not waited for without end") {
  const directory here;
  const descriptor somebody(::open((here / "").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  REQUIRE(::flock(somebody.get(), LOCK_EX) == 0);
  CHECK(refusal(here / "s") == std::errc::operation_would_block);
  CHECK_FALSE(fs::exists(here / "s"));
  REQUIRE(::flock(somebody.get(), LOCK_UN) == 0);
  CHECK(refusal(here / "s") == std::errc());
}

TEST_CASE("a path that is another's by now is left to it") {
  const directory here;
  const auto path = here / "s";
  auto first = std::make_unique<socket_file>(path, 0600);
  first->close();
  const socket_file second(path, 0600);
  first.reset();
  CHECK(takes_connections(path));
}

TEST_CASE("a process that was forked leaves the path to the one that has made it") {
  const directory here;
  auto file = std::make_unique<socket_file>(here / "s", 0600);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    file.reset();
    ::_exit(0);
  }
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(takes_connections(here / "s"));
}
}
