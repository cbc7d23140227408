// memory_exchange_client.cpp - how operations end, and the client's side that ends them.
#include <algorithm>
#include <csgi/testing/memory_exchange.hpp>
#include <unistd.h>
#include "counted_lane.hpp"
#include "../stall_watch.hpp"
#include "memory_extras.hpp"
#include "memory_websocket.hpp"
#include "viewed_head.hpp"

namespace csgi::testing {

// --- how operations end; with the mutex held ----------------------------------------------------------------------

bool memory_exchange::settle(kind which) noexcept {
  operation* const op = pending_[which];
  if (!op) return true;
  const bool over = which == reading   ? settle_read(static_cast<read_op&>(*op))
                    : which == writing ? settle_write(*op)
                    : which == leaving ? settle_gone(*op)
                    : which == noticing ? settle_notice(*op)
                                        : settle_drained(static_cast<drain_op&>(*op));
  if (!over) return false;
  pending_[which] = nullptr;
  op->stop = nullptr;
  if (which == reading) end_limit();
  if (op->error && (lost_ || cancelled_)) ++failed_;
  tell_client();
  return true;
}

bool memory_exchange::settle_read(read_op& op) noexcept {
  const auto fail = [&](std::errc why) {
    op.error = std::make_error_code(why);
    return true;
  };
  if (const auto why = std::exchange(failing_[reading], {})) return fail(*why);
  if (stopped_[reading] || cancelled_) return fail(std::errc::operation_canceled);
  if (phase_ == csgi::phase::finished || (phase_ == csgi::phase::aborted && !lost_)) return fail(std::errc::operation_canceled);
  if (!given_.empty()) {
    bring_chunk(op);
    return true;
  }
  if (lost_) return fail(*lost_);
  if (upgraded_) return peer_closed_ || (overdue_ && fail(std::errc::timed_out));
  if (!body_ended_) return peer_closed_ && fail(std::errc::bad_message);
  extras_->show_request_trailers();
  note("read 0");
  return true;
}

void memory_exchange::bring_chunk(read_op& op) {
  std::string& first = given_.front();
  chunk_size_ = std::min(first.size(), client_.most_per_read);
  chunk_ = static_cast<char*>(views().allocate(chunk_size_, 1));
  std::copy_n(first.data(), chunk_size_, chunk_);
  if (chunk_size_ == first.size()) given_.pop_front();
  else first.erase(0, chunk_size_);
  op.chunk = {chunk_, chunk_size_};
  note("read " + std::to_string(chunk_size_));
}

void memory_exchange::drop_chunk() noexcept {
  if (!chunk_) return;
  std::fill_n(chunk_, chunk_size_, '#');
  views().deallocate(std::exchange(chunk_, nullptr), std::exchange(chunk_size_, 0), 1);
}

void memory_exchange::drop_aside() noexcept {
  if (!aside_) return;
  std::fill_n(aside_, aside_size_, '#');
  views().deallocate(std::exchange(aside_, nullptr), std::exchange(aside_size_, 0), 1);
}

bool memory_exchange::settle_write(operation& op) noexcept {
  const auto fail = [&](std::errc why) {
    op.error = std::make_error_code(why);
    return true;
  };
  if (const auto why = std::exchange(failing_[writing], {})) return fail(*why);
  if (stopped_[writing] || cancelled_) {
    lose(std::errc::operation_canceled);
    return fail(std::errc::operation_canceled);
  }
  if (lost_) return fail(*lost_);
  if (phase_ == csgi::phase::aborted) return fail(std::errc::operation_canceled);
  return move_bytes(op);
}

/// Of what the server has taken over, as much as the client's side takes.
void memory_exchange::send_buffered() noexcept {
  const auto room = std::min(buffer_.size(), client_.window - std::min(client_.window, out_.size()));
  if (room == 0) return;
  out_.append(buffer_, 0, room);
  buffer_.erase(0, room);
  sent_ += room;
  if (sent_ >= client_.leaves_after) lose(std::errc::connection_reset);
}

/// Whether the server waits for the client with what is left of a write, so that the app need not. The last one is waited for:
/// when it is over, so is the response.
bool memory_exchange::take_over() noexcept {
  auto& what = outgoing_;
  const std::size_t mark = blocks_ ? 0 : extras_->mark();
  if (what.descriptor >= 0 || what.then == ending::finish || buffer_.size() + what.data.size() > mark) return false;
  buffer_ += what.data;
  what.data = {};
  what.left = 0;
  return true;
}

std::size_t memory_exchange::buffered() const noexcept {
  const bool writes = pending_[writing] && outgoing_.descriptor < 0 && !bodiless();
  return buffer_.size() + (writes ? outgoing_.data.size() : 0);
}

/// As many bytes as the client's side takes. Whether the operation is over.
bool memory_exchange::move_bytes(operation& op) noexcept {
  send_buffered();
  if (lost_) {
    op.error = std::make_error_code(*lost_);
    return true;
  }
  auto& what = outgoing_;
  const auto whole = what.descriptor < 0 ? what.data.size() : what.left;
  while (what.left > 0) {
    const auto room = bodiless() ? what.left : std::min<std::uint64_t>(what.left, client_.window - std::min(client_.window, out_.size()));
    if (room == 0 && take_over()) break;
    if (room == 0) return false;
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(room, 64 * 1024)), '\0');
    if (what.descriptor < 0) {
      bytes = what.data.substr(0, bytes.size());
      what.data.remove_prefix(bytes.size());
    } else {
      const auto got = ::pread(what.descriptor, bytes.data(), bytes.size(), static_cast<off_t>(what.offset));
      if (got <= 0) {
        const auto why = got < 0 ? std::errc::io_error : std::errc::bad_message;
        lose(why);
        op.error = std::make_error_code(why);
        return true;
      }
      bytes.resize(static_cast<std::size_t>(got));
      what.offset += bytes.size();
    }
    what.left -= bytes.size();
    if (bodiless()) continue;
    out_ += bytes;
    sent_ += bytes.size();
    if (sent_ < client_.leaves_after) continue;
    lose(std::errc::connection_reset);
    op.error = std::make_error_code(std::errc::connection_reset);
    return true;
  }
  if (what.then == ending::finish && !buffer_.empty()) return false;
  if (whole > 0) note((what.descriptor < 0 ? "write " : "file ") + std::to_string(whole));
  switching_ = false;
  if (what.then == ending::flush) note("flush");
  if (what.then != ending::finish) return true;
  whole_ = true;
  if (!bodiless()) response_.trailers = extras_->take_trailers();
  note("finish");
  kick();
  return true;
}

bool memory_exchange::settle_gone(operation& op) noexcept {
  std::optional<std::errc> why;
  if (stopped_[leaving] || cancelled_) why = std::errc::operation_canceled;
  else if (lost_) why = lost_;
  else if (peer_closed_) why = std::errc::connection_reset;
  else if (phase_ == csgi::phase::aborted || whole_) why = std::errc::operation_canceled;
  if (why) op.error = std::make_error_code(*why);
  return why.has_value();
}

bool memory_exchange::settle_notice(operation& op) noexcept {
  if (stopped_[noticing] || cancelled_ || (phase_ == csgi::phase::aborted && !lost_) || whole_)
    op.error = std::make_error_code(std::errc::operation_canceled);
  else if (lost_)
    op.error = std::make_error_code(*lost_);
  else
    return drained_;
  return true;
}

bool memory_exchange::settle_drained(drain_op& op) noexcept {
  if (stopped_[emptying] || cancelled_ || (phase_ == csgi::phase::aborted && !lost_))
    op.error = std::make_error_code(std::errc::operation_canceled);
  else if (lost_)
    op.error = std::make_error_code(*lost_);
  else
    return buffered() <= op.most;
  return true;
}

void memory_exchange::kick() noexcept {
  if (blocks_) loop_.rouse(sleeper_);
  else schedule();
  tell_client();
}

void memory_exchange::schedule() noexcept {
  if (std::ranges::all_of(pending_, [](const operation* op) { return op == nullptr; })) return;
  if (std::exchange(queued_, true)) return;
  loop_.enqueue(advance_);
}

void memory_exchange::tell_client() noexcept {
  ++changes_;
  loop_.note_change();
  auto* const op = std::exchange(change_, nullptr);
  if (!op) return;
  op->stop = nullptr;
  op->run = [](work& w) noexcept {
    auto& over = static_cast<operation&>(w);
    over.done(over);
  };
  loop_.enqueue(*op);
}

/// Ends what can end, one by one: each may end the app, and with it the operations that are left.
void memory_exchange::advance() noexcept {
  std::unique_lock lock(mutex());
  queued_ = false;
  for (const auto which : {reading, writing, leaving, noticing, emptying}) {
    operation* const op = pending_[which];
    if (!op || !settle(which)) continue;
    lock.unlock();
    {
      const stall_note note(longest_stall_);
      op->done(*op);
    }
    lock.lock();
  }
  if (ended_) tell_client();
  const bool closing = stage_ == stage::closing;
  lock.unlock();
  if (closing) conclude_websocket();
}

// --- the client's side --------------------------------------------------------------------------------------------

void memory_exchange::give(std::string bytes) {
  const std::lock_guard lock(mutex());
  given_bytes_ += bytes.size();
  if (!upgraded_ && (sent().body == body_kind::none || (sent().body == body_kind::known && given_bytes_ > sent().content_length)))
    throw std::logic_error("more body than the request has declared");
  if (!bytes.empty()) given_.push_back(std::move(bytes));
  kick();
}

void memory_exchange::end_body() noexcept {
  const std::lock_guard lock(mutex());
  if (upgraded_ || (sent().body == body_kind::known && given_bytes_ < sent().content_length)) peer_closed_ = true;
  else body_ended_ = true;
  kick();
}

bool memory_exchange::wants_body() const noexcept {
  const std::lock_guard lock(mutex());
  return pending_[reading] && given_.empty() && !body_ended_ && !peer_closed_;
}

bool memory_exchange::body_taken() const noexcept {
  const std::lock_guard lock(mutex());
  return given_.empty();
}

bool memory_exchange::write_pending() const noexcept {
  const std::lock_guard lock(mutex());
  return pending_[writing];
}

void memory_exchange::close_sending() noexcept {
  const std::lock_guard lock(mutex());
  peer_closed_ = true;
  kick();
}

void memory_exchange::disconnect() noexcept {
  const std::lock_guard lock(mutex());
  peer_closed_ = true;
  lose(std::errc::connection_reset);
}

void memory_exchange::drain() noexcept {
  {
    const std::lock_guard lock(mutex());
    drained_ = true;
    kick();
    if (!socket_ || stage_ != stage::running || std::exchange(noticed_, true)) return;
    go_away_.run = [](work& w) noexcept { static_cast<run_work&>(w).of->socket_->session().go_away(); };
    if (blocks_) return handler_.post_locked(go_away_);
  }
  go_away_.run(go_away_);
}

void memory_exchange::stop() noexcept {
  bool speaks = false;
  {
    const std::lock_guard lock(mutex());
    if (cancelled_ || ended_) return;
    cancelled_ = true;
    speaks = in_websocket_ && !blocks_;     // else the handler's thread sees it
  }
  if (speaks) socket_->session().cancel_all();
  {
    const std::lock_guard lock(mutex());
    kick();
  }
  if (speaks) conclude_websocket();
  if (coroutine_) coroutine_->stop();
}

bool memory_exchange::has_head() const noexcept {
  const std::lock_guard lock(mutex());
  return response_.status != 0 && !switching_;
}

bool memory_exchange::over() const noexcept {
  const std::lock_guard lock(mutex());
  return whole_ || phase_ == csgi::phase::aborted || lost_;
}

response memory_exchange::result() const {
  const std::lock_guard lock(mutex());
  response r = response_;
  r.how.status = r.status;
  r.how.body_bytes = in_websocket_ ? message_bytes_ : sent_;
  r.target = sent().target;
  return r;
}

std::string memory_exchange::take() {
  const std::lock_guard lock(mutex());
  std::string taken = std::exchange(out_, {});
  if (taken.empty()) return taken;
  send_buffered();
  kick();
  return taken;
}

std::uint64_t memory_exchange::changes() const noexcept {
  const std::lock_guard lock(mutex());
  return changes_;
}

begun memory_exchange::begin_change(operation& op, std::uint64_t since) noexcept {
  op.error = {};
  op.server = this;
  op.stop = [](operation& o) noexcept {
    auto& self = *static_cast<memory_exchange*>(o.server);
    const std::lock_guard lock(self.mutex());
    o.error = std::make_error_code(std::errc::operation_canceled);
    self.tell_client();
  };
  const std::lock_guard lock(mutex());
  if (changes_ != since) return begun::completed;
  change_ = &op;
  return begun::pending;
}

bool memory_exchange::ended() const noexcept {
  const std::lock_guard lock(mutex());
  return ended_ && !queued_;
}

std::exception_ptr memory_exchange::failure() const noexcept {
  const std::lock_guard lock(mutex());
  return failure_;
}

std::string memory_exchange::fault() const {
  const std::lock_guard lock(mutex());
  return fault_;
}

}  // namespace csgi::testing
