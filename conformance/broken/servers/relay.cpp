// relay.cpp - see relay.hpp.
#include "relay.hpp"
#include "views.hpp"
#include <arpa/inet.h>
#include <cerrno>
#include <list>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t piece = 64 * 1024;
constexpr std::size_t unbounded = 1u << 30;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  return where;
}

void at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int listen_at(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto where = loopback(port);
  socklen_t size = sizeof where;
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&where), size) != 0 || ::listen(socket, 512) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    throw std::system_error(errno, std::generic_category(), "a relay cannot listen");
  port = ntohs(where.sin_port);
  return socket;
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto where = loopback(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    ::close(socket);
    return -1;
  }
  at_once(socket);
  return socket;
}

void raise_event(int event) noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event, &one, sizeof one);
}

/// The app sees the relay's end of its connections as no end at all.
void without_ends(altered_request& told) {
  told.peer = {};
  told.local = {};
}

}  // namespace

/// One client and its connection to the server behind.
class relay::connection {
 public:
  connection(int client, const relay& of)
      : of_(of), fault_(of.fault_()), client_{client}, server_{connect_to(of.behind_->port())} {
    at_once(client);
  }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection() {
    client_.close();
    server_.close();
  }

  void serve() {
    if (server_.socket < 0) return;
    while (goes_on()) {
      pollfd states[] = {{of_.over_, over_ ? short{} : short{POLLIN}, 0},
                         client_.wanted(most(of_.habits_.collects_requests) > server_.out.size()),
                         server_.wanted(most(of_.habits_.collects_responses) > client_.out.size())};
      if (::poll(states, 3, over_ ? 1'000 : -1) == 0) return;     // the server has ended, and nobody takes what it left
      over_ = over_ || states[0].revents != 0;
      if (states[1].revents != 0) take_from(client_, server_, states[1].revents);
      if (states[2].revents != 0) take_from(server_, client_, states[2].revents);
      client_.send();
      server_.send();
      client_.reset = client_.reset || (client_.gone && !client_.ended);
    }
    if (client_.reset || server_.reset) end_by_reset();
  }

 private:
  struct side {
    int socket;
    std::string out = {};         // for it
    bool ended = false;           // it sends nothing more
    bool told = false;            // that the other sends nothing more
    bool reset = false;
    bool gone = false;            // whatever is sent to it is lost

    pollfd wanted(bool room) const noexcept {
      const int events = (room && !ended ? POLLIN : 0) | (out.empty() ? 0 : POLLOUT);
      return {events == 0 && told && ended ? -1 : socket, static_cast<short>(events), 0};
    }

    void send() noexcept {
      while (!out.empty()) {
        const auto sent = ::send(socket, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) leave();
        if (sent <= 0) return;
        out.erase(0, static_cast<std::size_t>(sent));
      }
    }

    /// It takes nothing more; what it has sent may still be there.
    void leave() noexcept {
      gone = true;
      told = true;
      out.clear();
    }

    void close() noexcept {
      if (socket >= 0) ::close(std::exchange(socket, -1));
    }
  };

  static std::size_t most(bool collects) noexcept { return collects ? unbounded : piece; }

  bool goes_on() noexcept {
    if (client_.reset || server_.reset) return false;
    if (fault_->hang_up) return !client_.out.empty();
    tell_end(client_, server_);
    tell_end(server_, client_);
    return !(client_.ended && server_.ended && client_.told && server_.told);
  }

  /// Who has sent all is known for that on the other side, as soon as that has it all.
  void tell_end(const side& from, side& to) noexcept {
    if (!from.ended || to.told || !to.out.empty()) return;
    ::shutdown(to.socket, SHUT_WR);
    to.told = true;
  }

  void take_from(side& from, side& to, short events) {
    if (from.ended) {
      if ((events & POLLERR) != 0) from.reset = true;
      if ((events & POLLHUP) != 0) from.leave();
    }
    if (from.ended || (events & (POLLIN | POLLERR | POLLHUP)) == 0) return;
    char block[piece];
    const auto got = ::recv(from.socket, block, sizeof block, MSG_DONTWAIT);
    if (got < 0) from.reset = errno != EAGAIN;
    else if (got == 0) end(from, to);
    else pass({block, static_cast<std::size_t>(got)}, to);
  }

  void pass(std::string bytes, side& to) {
    fault_->stopping = of_.stopping_.load();
    &to == &server_ ? fault_->from_client(bytes) : fault_->from_server(bytes);
    to.out += bytes;
    client_.out += std::exchange(fault_->answer, {});
  }

  void end(side& from, side& to) {
    from.ended = true;
    &to == &server_ ? fault_->client_ended(to.out) : fault_->server_ended(to.out);
    if (of_.habits_.ends_as_hang_ups && &from == &client_) fault_->hang_up = true;
  }

  /// What was sent before a reset has arrived before it.
  void end_by_reset() noexcept {
    if (!client_.reset) flush_client();
    if (client_.reset ? of_.habits_.client_resets_as_ends : of_.habits_.server_resets_as_ends) return;
    const linger none{1, 0};
    ::setsockopt(client_.reset ? server_.socket : client_.socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  }

  void flush_client() noexcept {
    for (client_.send(); !client_.out.empty(); client_.send()) {
      pollfd state{client_.socket, POLLOUT, 0};
      if (::poll(&state, 1, 1'000) <= 0) return;
    }
  }

  const relay& of_;
  const std::unique_ptr<wire_fault> fault_;
  side client_;
  side server_;
  bool over_ = false;
};

relay::relay(const server_options& options, sound_server sound, make_fault fault, relay_habits habits)
    : fault_(std::move(fault)), habits_(habits), over_(::eventfd(0, EFD_CLOEXEC)), stopped_(::eventfd(0, EFD_CLOEXEC)),
      port_(options.port) {
  server_options own = options;
  own.port = 0;
  behind_ = sound(own);
  listener_ = listen_at(port_);
}

relay::~relay() {
  close_listener();
  ::close(over_);
  ::close(stopped_);
}

void relay::run(application app) {
  std::jthread accepting([this] { accept_all(); });
  try {
    told(without_ends)(*behind_, app);
  } catch (...) {
    end();
    throw;
  }
  end();
}

void relay::stop() noexcept {
  stopping_.store(true);
  raise_event(stopped_);
  behind_->stop();
}

void relay::end() noexcept {
  raise_event(stopped_);
  raise_event(over_);
}

void relay::close_listener() noexcept {
  if (listener_ >= 0) ::close(std::exchange(listener_, -1));
}

void relay::accept_all() {
  std::list<std::jthread> serving;
  for (;;) {
    pollfd states[] = {{listener_, POLLIN, 0}, {habits_.stays_open ? over_ : stopped_, POLLIN, 0}};
    ::poll(states, 2, -1);
    if (states[1].revents != 0) break;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (habits_.one_by_one) connection(client, *this).serve();
    else serving.emplace_back([this, client] { connection(client, *this).serve(); });
  }
  // Who is refused here is to know that the server behind has stopped.
  for (int other = 0; !habits_.stays_open && (other = connect_to(behind_->port())) >= 0; std::this_thread::sleep_for(1ms))
    ::close(other);
  close_listener();
}

}  // namespace csgi::conformance
