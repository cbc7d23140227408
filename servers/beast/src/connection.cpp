// connection.cpp - see connection.hpp.
#include "connection.hpp"
#include <boost/asio/buffer.hpp>
#include <poll.h>

namespace csgi::beast {

namespace asio = boost::asio;

connection::connection(asio::ip::tcp::socket socket, surroundings& in)
    : loop_exchange(in), socket_(std::move(socket)), options_(in.options) {
  boost::system::error_code failed;
  const auto peer = socket_.remote_endpoint(failed);
  peer_ = name_of(peer, failed);
  const auto local = socket_.local_endpoint(failed);
  local_ = name_of(local, failed);
  socket_.set_option(asio::ip::tcp::no_delay(true), failed);
  socket_.non_blocking(true);
}

connection::named_end connection::name_of(const asio::ip::tcp::endpoint& end, const boost::system::error_code& failed) {
  if (failed) return {};
  return {end.address().to_string(), end.port()};
}

task<> connection::run() {
  try {
    bool further = true;
    while (further) {
      further = co_await receive_head();
      if (!further) break;
      auto head = reader_->head();
      head.peer = peer_.view();
      head.local = local_.view();
      further = co_await serve(head);
    }
    socket_.shutdown(asio::socket_base::shutdown_send);
    if (!ended()) co_await linger();
  } catch (const std::exception&) {     // it is of no use any more, or there is no memory for it
  }
  boost::system::error_code ignored;
  socket_.close(ignored);
}

/// False: there is none, and what there is has been answered.
task<bool> connection::receive_head() {
  using state = request_reader::state;
  reader_.emplace(options_.limits);
  bool late = false;
  auto now = reader_->read(in_);
  auto until = clock::now() + options_.deadlines.head;
  while (now == state::incomplete && !late) {
    const bool idle = unread().empty();
    if (idle && draining()) co_return false;
    set_idle(idle);
    try {
      const clock::duration silence = heard_ ? options_.deadlines.idle : options_.deadlines.first_byte;
      auto bytes = more(idle ? silence : until - clock::now());
      co_await bytes;
    } catch (const timed_out&) {
      late = true;
    }
    if (ended() || (late && idle)) co_return false;
    heard_ = true;
    if (idle) until = clock::now() + options_.deadlines.head;
    if (!late) now = reader_->read(in_);
  }
  if (now == state::complete) co_return true;
  co_await refuse(late ? 408 : reader_->refusal(), unread().starts_with("HEAD "));
  co_return false;
}

loop_exchange::io connection::receive() {
  boost::system::error_code failed;
  const auto room = in_.prepare(std::min<std::size_t>(16 * 1024, in_.max_size() - in_.size()));
  in_.commit(socket_.read_some(room, failed));
  if (!failed) return io::done;
  if (failed == asio::error::would_block) return io::would_block;
  return failed == asio::error::eof ? io::ended : io::failed;
}

loop_exchange::io connection::send(std::span<const std::string_view> pieces, std::size_t& gone) noexcept {
  std::array<asio::const_buffer, 3> buffers;
  std::transform(pieces.begin(), pieces.end(), buffers.begin(), [](auto piece) { return asio::buffer(piece); });
  boost::system::error_code failed;
  gone = socket_.write_some(buffers, failed);
  if (failed == asio::error::would_block) return io::would_block;
  return failed ? io::failed : io::done;
}

/// Asio does not tell that a peer has closed its sending side before all it has sent is read.
bool connection::peer_has_gone() noexcept {
  pollfd state{socket_.native_handle(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) != 0;
}

void connection::watch(direction what) noexcept {
  bool& watched = watched_[what == direction::out];
  if (std::exchange(watched, true)) return;
  const auto event = what == direction::in ? wait::wait_read : wait::wait_write;
  socket_.async_wait(event, [self = shared_from_this(), what](const boost::system::error_code& failed) {
    self->watched_[what == direction::out] = false;
    if (!failed) self->ready(what);
  });
}

void connection::reset_at_end() noexcept {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
}

}  // namespace csgi::beast
