#include "connection.hpp"
#include <cerrno>
#include <sys/socket.h>

namespace upstream {

bool connection::is_quiet() noexcept {
  char byte;
  const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return buffer.size() == 0 && got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace upstream
