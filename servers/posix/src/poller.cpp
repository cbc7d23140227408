// poller.cpp - see csgi/posix/poller.hpp.
#include <algorithm>
#include <cerrno>
#include <csgi/posix/poller.hpp>
#include <system_error>

namespace csgi::posix {

int wait_limit(clock::duration most) noexcept {
  using std::chrono::milliseconds;
  constexpr milliseconds longest = std::chrono::minutes(1);
  return static_cast<int>(std::clamp(std::chrono::ceil<milliseconds>(most), milliseconds(0), longest).count());
}

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

namespace {

constexpr std::uint32_t everything = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

bool control(int epoll, int what, int descriptor, std::uint32_t events, event_source& source) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &source;
  return ::epoll_ctl(epoll, what, descriptor, &event) == 0;
}

}  // namespace

bool poller::add(int descriptor, event_source& source) noexcept {
  return control(epoll_.get(), EPOLL_CTL_ADD, descriptor, everything, source);
}

void poller::tell_again(int descriptor, event_source& source) noexcept {
  control(epoll_.get(), EPOLL_CTL_MOD, descriptor, everything, source);
}

bool poller::add_level(int descriptor, event_source& source) noexcept {
  return control(epoll_.get(), EPOLL_CTL_ADD, descriptor, EPOLLIN, source);
}

void poller::remove(int descriptor) noexcept { ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr); }

std::span<const epoll_event> poller::wait(clock::duration most) noexcept {
  const int count = ::epoll_wait(epoll_.get(), events_, static_cast<int>(std::size(events_)), wait_limit(most));
  return {events_, static_cast<std::size_t>(count > 0 ? count : 0)};
}

}  // namespace csgi::posix
