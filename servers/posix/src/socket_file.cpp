// socket_file.cpp - see csgi/posix/socket_file.hpp.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csgi/posix/socket_file.hpp>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <thread>

namespace csgi::posix {

namespace {

constexpr int backlog = 4096;   // the kernel's own limit (somaxconn) may be lower

descriptor new_socket() noexcept { return descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

sockaddr_un address_of(const std::string& path) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path.begin(), std::min(path.size(), sizeof address.sun_path - 1), address.sun_path);
  return address;
}

/// False: errno tells why. Servers keep it for a moment; others that can read the directory may lock it too, for ever.
bool lock_soon(const descriptor& directory) noexcept {
  constexpr std::chrono::milliseconds patience{2'000}, pause{10};
  for (auto waited = patience.zero(); ::flock(directory.get(), LOCK_EX | LOCK_NB) != 0; waited += pause) {
    if ((errno != EWOULDBLOCK && errno != EINTR) || waited >= patience) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

/// 0: nobody listens at that socket.
int listened_at(const sockaddr_un& address) noexcept {
  const descriptor client = new_socket();
  if (!client) return errno;
  if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return EADDRINUSE;
  if (errno == ECONNREFUSED) return 0;
  return errno == EAGAIN || errno == EPROTOTYPE ? EADDRINUSE : errno;
}

}  // namespace

socket_file::socket_file(std::string path, ::mode_t mode) : path_(std::move(path)), socket_(new_socket()), maker_(::getpid()) {
  if (!socket_) fail(errno);
  if (path_.empty()) fail(ENOENT);
  if (path_.size() >= sizeof sockaddr_un::sun_path) fail(ENAMETOOLONG);
  bind(mode);
}

void socket_file::bind(::mode_t mode) {
  const auto address = address_of(path_);
  // Of those that begin at the same time, one after the other looks and binds.
  const auto directory = std::filesystem::path(path_).parent_path();
  const descriptor lock(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) fail(errno);
  if (!lock_soon(lock)) fail(errno, errno == EWOULDBLOCK ? ": another program keeps its directory locked (flock)" : "");
  struct ::stat there {};
  if (::lstat(path_.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) fail(EEXIST, ": it is no socket");
    if (const int why = listened_at(address)) fail(why);
    if (::unlink(path_.c_str()) != 0) fail(errno);
  }
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail(errno);
  // Nobody can connect before it listens, so nobody who may not.
  made_ = descriptor(::open(path_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (made_ && ::chmod(path_.c_str(), mode) == 0 && ::listen(socket_.get(), backlog) == 0) return;
  const int why = errno;
  remove();
  fail(why);
}

void socket_file::remove() const noexcept {
  struct ::stat there {}, ours {};
  if (::getpid() != maker_ || ::lstat(path_.c_str(), &there) != 0 || ::fstat(made_.get(), &ours) != 0) return;
  if (there.st_dev == ours.st_dev && there.st_ino == ours.st_ino) ::unlink(path_.c_str());
}

void socket_file::fail(int error, const char* because) const {
  throw std::system_error(error, std::generic_category(), "cannot listen on " + path_ + because);
}

}  // namespace csgi::posix
