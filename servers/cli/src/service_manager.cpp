// service_manager.cpp - see service_manager.hpp.
#include "service_manager.hpp"
#include <cstddef>
#include <csgi/posix/descriptor.hpp>
#include <cstdlib>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

namespace csgi::cli {

service_manager::service_manager() {
  if (const char* const path = std::getenv("NOTIFY_SOCKET")) path_ = path;
  ::unsetenv("NOTIFY_SOCKET");
}

void service_manager::tell_ready() const noexcept {
  constexpr std::string_view state = "READY=1";
  sockaddr_un address{};
  if (path_.empty() || path_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, path_.size());
  if (path_.front() == '@') address.sun_path[0] = '\0';
  const posix::descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
  static_cast<void>(::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address), size));
}

}  // namespace csgi::cli
