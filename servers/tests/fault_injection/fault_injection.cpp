// fault_injection.cpp - see fault_injection.hpp.
#include "fault_injection.hpp"
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>
#include <poll.h>
#include <random>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

extern "C" {
int __real_accept4(int, sockaddr*, socklen_t*, int);
ssize_t __real_recv(int, void*, size_t, int);
ssize_t __real_send(int, const void*, size_t, int);
ssize_t __real_sendmsg(int, const msghdr*, int);
ssize_t __real_sendfile(int, int, off_t*, size_t);
int __real_epoll_ctl(int, int, int, epoll_event*);
int __real_epoll_wait(int, epoll_event*, int, int);
int __real_poll(pollfd*, nfds_t, int);
int __real_close(int);
}

namespace csgi::tests {

namespace {

using where = faults::where;

/// An accepted socket. Its server sees to it that one thread at a time works on it, so nothing here is locked: a thread
/// sanitizer notices where it does not.
struct victim {
  explicit victim(int s, const faults& f) : socket(s), suffers(f), chance(f.seed) {}

  int socket;
  faults suffers;
  std::minstd_rand chance;
  std::array<std::uint64_t, 3> moved{};     // by where
  int epoll = -1;                           // that tells of it, if any
  epoll_event told{};
  bool dead = false;                        // it has failed
};

struct counters {
  std::atomic<std::uint64_t> shortened{0}, interrupted{0}, not_yet{0}, failed{0};
};

counters counted;
std::array<std::atomic<victim*>, 65536> victims{};
std::atomic<std::size_t> open_sockets{0};
std::atomic<unsigned> accepting_failures{0}, watching_failures{0}, waits_interrupted{0};
std::atomic<int> accepting_error{0}, watching_error{0};
std::atomic<std::uint64_t> waits{0};

std::mutex wanted_mutex;
std::optional<faults> wanted;

victim* victim_at(int descriptor) noexcept {
  const auto index = static_cast<std::size_t>(descriptor);
  return index < victims.size() ? victims[index].load(std::memory_order_relaxed) : nullptr;
}

void count(std::atomic<std::uint64_t>& one) noexcept { one.fetch_add(1, std::memory_order_relaxed); }

/// Takes one of what is left.
bool take(std::atomic<unsigned>& left) noexcept {
  for (unsigned now = left.load(); now > 0;)
    if (left.compare_exchange_weak(now, now - 1)) return true;
  return false;
}

ssize_t failed(int error) noexcept {
  errno = error;
  return -1;
}

bool happens(victim& v, unsigned of_a_hundred) noexcept { return of_a_hundred > 0 && v.chance() % 100 < of_a_hundred; }

bool is_reset(int error) noexcept { return error == ECONNRESET || error == EPIPE; }

/// An event that comes later, as it does when bytes do, or room for them.
void tell_later(victim& v) noexcept {
  if (v.epoll >= 0) __real_epoll_ctl(v.epoll, EPOLL_CTL_MOD, v.socket, &v.told);
}

/// What the kernel says of a socket that has failed, once it has said how.
ssize_t after_the_end(const victim& v, where at) noexcept {
  if (!is_reset(v.suffers.fails->error)) return failed(v.suffers.fails->error);
  return at == where::receiving ? 0 : failed(EPIPE);
}

ssize_t fail(victim& v) noexcept {
  const int error = v.suffers.fails->error;
  count(counted.failed);
  if (error == EINTR || error == EAGAIN) {
    v.suffers.fails.reset();
    if (error == EAGAIN) tell_later(v);
    return failed(error);
  }
  v.dead = true;
  const linger at_once{1, 0};
  if (is_reset(error)) ::setsockopt(v.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return failed(error);
}

/// Whether the failure is one of such calls.
bool concerns(const faults::failure& f, where at) noexcept {
  return f.at == at || (f.at == where::sending && at == where::sending_file);
}

std::uint64_t moved_so_far(const victim& v, where at) noexcept {
  const auto files = v.moved[static_cast<std::size_t>(where::sending_file)];
  return at == where::sending ? v.moved[static_cast<std::size_t>(at)] + files : v.moved[static_cast<std::size_t>(at)];
}

/// How much of `size` bytes the call is to move; none where it fails, and `error` is what it gives then.
std::optional<std::size_t> allowed(victim& v, where at, std::size_t size, ssize_t& error) noexcept {
  const auto ended = [&](ssize_t how) { return error = how, std::nullopt; };
  if (v.dead) return ended(after_the_end(v, at));
  if (happens(v, v.suffers.interrupted)) return count(counted.interrupted), ended(failed(EINTR));
  if (happens(v, v.suffers.not_yet)) return count(counted.not_yet), tell_later(v), ended(failed(EAGAIN));
  std::size_t most = v.suffers.most;
  if (v.suffers.any_size && most > 0) most = 1 + v.chance() % most;
  if (const auto& f = v.suffers.fails; f && concerns(*f, at)) {
    const auto moved = moved_so_far(v, f->at);
    if (moved >= f->after) return ended(fail(v));
    most = static_cast<std::size_t>(std::min<std::uint64_t>(most, f->after - moved));
  }
  return std::min(size, most);
}

ssize_t note(victim& v, where at, ssize_t moved, std::size_t wished) noexcept {
  if (moved <= 0) return moved;
  v.moved[static_cast<std::size_t>(at)] += static_cast<std::uint64_t>(moved);
  if (static_cast<std::size_t>(moved) == wished) return moved;
  count(counted.shortened);
  // Who gets less than there was room for takes that for all there is, and is told when more comes.
  if (at == where::receiving) tell_later(v);
  return moved;
}

/// The call on `size` bytes as it is allowed; `real` makes it, for as many.
template <class Call>
ssize_t suffered(int socket, where at, std::size_t size, Call real) noexcept {
  victim* const v = victim_at(socket);
  if (!v) return real(size);
  ssize_t error = -1;
  const auto most = allowed(*v, at, size, error);
  return most ? note(*v, at, real(*most), size) : error;
}

bool wait_is_interrupted() noexcept {
  const auto percent = waits_interrupted.load(std::memory_order_relaxed);
  if (percent == 0) return false;
  std::minstd_rand chance(static_cast<unsigned>(waits.fetch_add(1, std::memory_order_relaxed)) + 1);
  chance.discard(3);
  if (chance() % 100 >= percent) return false;
  count(counted.interrupted);
  return true;
}

void begin_to_suffer(int socket) {
  const std::lock_guard lock(wanted_mutex);
  const auto index = static_cast<std::size_t>(socket);
  if (index >= victims.size()) return;
  open_sockets.fetch_add(1);
  victims[index].store(new victim(socket, wanted.value_or(faults())), std::memory_order_relaxed);
}

}  // namespace

fault_injection::fault_injection(const faults& those) {
  const std::lock_guard lock(wanted_mutex);
  wanted = those;
  counted.shortened = counted.interrupted = counted.not_yet = counted.failed = 0;
}

fault_injection::~fault_injection() {
  const std::lock_guard lock(wanted_mutex);
  wanted.reset();
}

fault_count fault_injection::met() const noexcept {
  return {counted.shortened, counted.interrupted, counted.not_yet, counted.failed};
}

void fail_accepting(int error, unsigned times) noexcept {
  accepting_error = error;
  accepting_failures = times;
}

void fail_watching(int error, unsigned times) noexcept {
  watching_error = error;
  watching_failures = times;
}

unsigned accepting_failures_left() noexcept { return accepting_failures; }
unsigned watching_failures_left() noexcept { return watching_failures; }
void interrupt_waits(unsigned of_a_hundred) noexcept { waits_interrupted = of_a_hundred; }
std::size_t accepted_sockets() noexcept { return open_sockets; }

}  // namespace csgi::tests

// --- in the place of the system's ---------------------------------------------------------------------------------

using namespace csgi::tests;

extern "C" {

int __wrap_accept4(int listening, sockaddr* address, socklen_t* size, int flags) {
  if (take(accepting_failures)) return static_cast<int>(failed(accepting_error));
  const int socket = __real_accept4(listening, address, size, flags);
  if (socket >= 0) begin_to_suffer(socket);
  return socket;
}

ssize_t __wrap_recv(int socket, void* into, size_t size, int flags) {
  return suffered(socket, where::receiving, size, [&](std::size_t most) { return __real_recv(socket, into, most, flags); });
}

ssize_t __wrap_send(int socket, const void* from, size_t size, int flags) {
  return suffered(socket, where::sending, size, [&](std::size_t most) { return __real_send(socket, from, most, flags); });
}

ssize_t __wrap_sendmsg(int socket, const msghdr* message, int flags) {
  std::array<iovec, 8> pieces{};
  const std::size_t count = std::min(message->msg_iovlen, pieces.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) size += message->msg_iov[i].iov_len;
  return suffered(socket, where::sending, size, [&](std::size_t most) {
    msghdr part = *message;
    part.msg_iov = pieces.data();
    part.msg_iovlen = count;
    for (std::size_t i = 0; i < count; ++i) {
      pieces[i] = {message->msg_iov[i].iov_base, std::min(message->msg_iov[i].iov_len, most)};
      most -= pieces[i].iov_len;
    }
    return __real_sendmsg(socket, &part, flags);
  });
}

ssize_t __wrap_sendfile(int socket, int file, off_t* offset, size_t size) {
  return suffered(socket, where::sending_file, size, [&](std::size_t most) { return __real_sendfile(socket, file, offset, most); });
}

int __wrap_epoll_ctl(int epoll, int what, int descriptor, epoll_event* event) {
  victim* const v = victim_at(descriptor);
  if (v && what == EPOLL_CTL_ADD && take(watching_failures)) return static_cast<int>(failed(watching_error));
  const int result = __real_epoll_ctl(epoll, what, descriptor, event);
  if (v && result == 0 && what == EPOLL_CTL_ADD) {
    v->epoll = epoll;
    v->told = *event;
  }
  return result;
}

int __wrap_epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
  if (wait_is_interrupted()) return static_cast<int>(failed(EINTR));
  return __real_epoll_wait(epoll, events, most, timeout);
}

int __wrap_poll(pollfd* states, nfds_t count, int timeout) {
  for (nfds_t i = 0; i < count; ++i)
    if (states[i].fd >= 0 && victim_at(states[i].fd) && wait_is_interrupted()) return static_cast<int>(failed(EINTR));
  return __real_poll(states, count, timeout);
}

/// Forgotten before another socket can have its number.
int __wrap_close(int descriptor) {
  const auto index = static_cast<std::size_t>(descriptor);
  const bool is_known = index < victims.size();
  const std::unique_ptr<victim> gone(is_known ? victims[index].exchange(nullptr, std::memory_order_relaxed) : nullptr);
  const int result = __real_close(descriptor);
  if (gone) open_sockets.fetch_sub(1);
  return result;
}

}
