// memory_exchange_upgrade.cpp - when it is no HTTP any more: a stream of bytes, or a WebSocket's messages.
#include <csgi/checked_head.hpp>
#include <csgi/serving/framing_fields.hpp>
#include <csgi/serving/upgrade_offer.hpp>
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_handshake.hpp>
#include "counted_lane.hpp"
#include "memory_websocket.hpp"
#include "viewed_head.hpp"

namespace csgi::testing {

namespace {

begun refused(operation& op, std::errc why) noexcept {
  op.error = std::make_error_code(why);
  return begun::completed;
}

}  // namespace

bool memory_exchange::offers_upgrade() const noexcept {
  return framing_fields(sent().fields, sent().version).upgrades();
}

websocket* memory_exchange::find_websocket() noexcept {
  if (socket_) return socket_.get();
  if (drained_ || look_at_websocket_handshake(sent()).now != websocket_handshake::state::good) return nullptr;
  auto made = std::make_unique<memory_websocket>(*this);
  const std::lock_guard lock(mutex());
  socket_ = std::move(made);
  return socket_.get();
}

// --- the app's upgrade --------------------------------------------------------------------------------------------

bool memory_exchange::upgraded() const noexcept {
  const std::lock_guard lock(mutex());
  return upgraded_;
}

begun memory_exchange::begin_upgrade(upgrade_op& op) noexcept {
  std::unique_lock lock(mutex());
  ++begun_;
  if (!permits("begin_upgrade()")) return refuse(op, std::errc::operation_not_permitted);
  if (blocks_) handler_.run_posted(lock);
  return begin_raw_upgrade(op, lock);
}

begun memory_exchange::begin_raw_upgrade(upgrade_op& op, std::unique_lock<std::mutex>& lock) noexcept {
  if (pending_[writing]) return refuse(op, std::errc::operation_in_progress);
  if (cancelled_) return refuse(op, std::errc::operation_canceled);
  if (lost_) return refuse(op, *lost_);
  if (const auto why = switch_protocols(op); why != std::errc{}) return refuse(op, why);
  outgoing_ = {};
  outgoing_.then = ending::flush;
  if (trip(writing)) lose(client_.fails_with);
  return begin(writing, op, lock);
}

std::errc memory_exchange::switch_protocols(const upgrade_op& op) {
  const bool read = sent().body == body_kind::none || (body_ended_ && given_.empty());
  if (phase_ >= csgi::phase::committed || !read) return std::errc::operation_not_permitted;
  const auto protocol = offered_protocol(sent(), op.protocol);
  const auto checked = check_head({.status = 200, .fields = op.fields});
  if (protocol.empty() || !checked || checked->length) {
    hold(misuse::bad_upgrade, "an upgrade to \"" + std::string(op.protocol) + "\" was refused");
    return std::errc::invalid_argument;
  }
  staged_ = {};
  staged_.status = 101;
  staged_.fields = {{"upgrade", std::string(protocol)}, {"connection", "Upgrade"}};
  for (const auto& f : op.fields) staged_.fields.push_back({std::string(f.name), std::string(f.value)});
  declared_.reset();
  upgraded_ = switching_ = true;
  body_ended_ = false;
  note("upgrade " + std::string(protocol));
  commit();
  return {};
}

// --- bytes for a WebSocket ----------------------------------------------------------------------------------------

begun memory_exchange::begin_raw_read(read_op& op, clock::duration limit) noexcept {
  std::unique_lock lock(mutex());
  op.chunk = {};
  if (pending_[reading]) return refused(op, std::errc::operation_in_progress);
  if (cancelled_) return refused(op, std::errc::operation_canceled);
  if (lost_) return refused(op, *lost_);
  if (phase_ >= csgi::phase::finished) return refused(op, std::errc::operation_not_permitted);
  drop_chunk();
  if (trip(reading) && client_.fails_with == std::errc::connection_reset) lose(std::errc::connection_reset);
  if (limited_) loop_.wait(lock, sleeper_, [this] { return !limited_; });     // the last read's, which is about to come
  limit_read(limit);
  return begin(reading, op, lock);
}

/// With the mutex held.
void memory_exchange::limit_read(clock::duration limit) noexcept {
  end_limit();
  overdue_ = limit <= clock::duration::zero();
  if (overdue_ || limit == clock::duration::max()) return;
  read_limit_.at = clock::now() + limit;
  read_limit_.owner = this;
  read_limit_.done = [](operation& op) noexcept {
    auto& self = *static_cast<memory_exchange*>(op.owner);
    const std::lock_guard lock(self.mutex());
    self.limited_ = false;
    self.overdue_ = true;
    self.kick();
  };
  limited_ = true;
  loop_.add_timer(read_limit_);
}

/// With the mutex held.
void memory_exchange::end_limit() noexcept {
  if (limited_ && loop_.remove_timer(read_limit_)) limited_ = false;
}

/// With the mutex held.
void memory_exchange::set_chunk_aside() noexcept {
  drop_aside();
  aside_ = std::exchange(chunk_, nullptr);
  aside_size_ = std::exchange(chunk_size_, 0);
}

/// With the mutex held.
begun memory_exchange::begin_raw_write(write_op& op, std::string bytes, std::unique_lock<std::mutex>& lock) noexcept {
  const bool finishes = op.then == ending::finish;
  if (pending_[writing]) return refused(op, std::errc::operation_in_progress);
  if (lost_) return refused(op, *lost_);
  if (cancelled_ && !finishes) return refused(op, std::errc::operation_canceled);
  if (phase_ != csgi::phase::committed) return refused(op, std::errc::operation_not_permitted);
  if (finishes) phase_ = csgi::phase::finished;
  if (cancelled_) {         // what goes at once goes
    out_ += bytes;
    whole_ = true;
    note("finish");
    kick();
    op.error = {};
    return begun::completed;
  }
  raw_bytes_ = std::move(bytes);
  outgoing_ = {};
  outgoing_.data = raw_bytes_;
  outgoing_.left = raw_bytes_.size();
  outgoing_.then = op.then;
  if (trip(writing)) lose(client_.fails_with);
  return begin(writing, op, lock);
}

// --- the app is done ----------------------------------------------------------------------------------------------

/// What it has left open is closed, on the loop, before all is over.
void memory_exchange::leave_websocket(std::exception_ptr thrown) noexcept {
  const std::lock_guard lock(mutex());
  websocket_session& session = socket_->session();
  stage_ = stage::closing;
  note_failure(std::move(thrown), session.closed());
  if (pending_[leaving] || pending_[noticing] || pending_[emptying] || session.busy()) {
    fault_ = "the app ended while an operation of its was pending";
    pending_[leaving] = pending_[noticing] = pending_[emptying] = nullptr;
    session.forget_operations();
    if (!session.over()) break_off(std::errc::operation_not_permitted);
  }
  tell_operator();
  if (viewed_) viewed_->end();
  blocks_ = false;
  run_.run = [](work& w) noexcept { static_cast<run_work&>(w).of->close_websocket(); };
  loop_.enqueue(run_);
  if (std::exchange(outside_, false)) loop_.end_outside_locked();
}

void memory_exchange::close_websocket() noexcept {
  socket_->session().leave(failure_ ? websocket_close_code::internal_error : websocket_close_code::normal);
  conclude_websocket();
}

/// Ends the run in a later turn of the loop, behind what the session has posted there.
void memory_exchange::conclude_websocket() noexcept {
  const std::lock_guard lock(mutex());
  const websocket_session& session = socket_->session();
  const bool said = session.over() && !pending_[writing];       // its last bytes are with the client
  const bool over = said || lost_ || cancelled_ || phase_ == csgi::phase::aborted;
  if (stage_ != stage::closing || !session.left() || !over) return;
  stage_ = stage::hooks;
  end_limit();
  pending_[reading] = pending_[writing] = nullptr;
  message_bytes_ = session.sent();
  if (!whole_ && !response_.how.aborted) response_.how.aborted = std::make_error_code(std::errc::operation_canceled);
  run_.run = [](work& w) noexcept { static_cast<run_work&>(w).of->end_run(); };
  loop_.enqueue(run_);
}

}  // namespace csgi::testing
