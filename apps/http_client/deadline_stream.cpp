#include "deadline_stream.hpp"
#include <algorithm>
#include <cerrno>
#include <limits>
#include <poll.h>
#include <sys/socket.h>

namespace asio = boost::asio;

namespace upstream {

void deadline_stream::connect(const asio::ip::tcp::endpoint& to, error_code& failed) {
  socket_.close(failed);        // one that an address before this has refused
  socket_.open(to.protocol(), failed);
  if (failed) return;
  socket_.non_blocking(true, failed);
  if (failed) return;
  if (::connect(socket_.native_handle(), to.data(), static_cast<socklen_t>(to.size())) == 0) return;
  failed.assign(errno, boost::system::system_category());
  if (errno != EINPROGRESS || !wait(writable, failed)) return;
  int outcome = 0;
  socklen_t size = sizeof outcome;
  ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &outcome, &size);
  failed.assign(outcome, boost::system::system_category());
}

bool deadline_stream::wait(direction which, error_code& failed) noexcept {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - clock::now()).count();
    if (left <= 0) {
      failed = asio::error::timed_out;
      return false;
    }
    pollfd one{socket_.native_handle(), static_cast<short>(which == readable ? POLLIN : POLLOUT), 0};
    const int most = static_cast<int>(std::min<decltype(left)>(left, std::numeric_limits<int>::max()));
    const int ready = ::poll(&one, 1, most);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) {
      failed.assign(errno, boost::system::system_category());
      return false;
    }
  }
}

}  // namespace upstream
