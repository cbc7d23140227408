// wakeup.cpp - see csgi/posix/wakeup.hpp.
#include <cerrno>
#include <csgi/posix/wakeup.hpp>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>

namespace csgi::posix {

wakeup::wakeup() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!event_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void wakeup::notify() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);  // full means notified already
}

void wakeup::clear() const noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(event_.get(), &count, sizeof count);
}

}  // namespace csgi::posix
