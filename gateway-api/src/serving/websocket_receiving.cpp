// websocket_receiving.cpp - see csgi/serving/websocket_session.hpp: how bytes become messages.
//
// What small messages do not come by is marked as unlikely, here and in what they go through elsewhere, so that the rest lies
// together: the system's own code, which runs for each message, leaves little of it in the processor's first cache.
#include <csgi/serving/websocket_session.hpp>
#include <new>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::size_t inflated_block = 16 * 1024;
constexpr unsigned most_inline_reads = 16;                // before others get their turn
constexpr std::size_t most_kept = 64 * 1024;              // bytes of a message that the app has looked at

std::error_code code(std::errc e) noexcept { return std::make_error_code(e); }

message_kind kind_of(websocket_opcode type) noexcept {
  return type == websocket_opcode::text ? message_kind::text : message_kind::binary;
}

}  // namespace

/// Whether the operation is over.
bool websocket_session::try_receive(receive_op& op) noexcept {
  if (!op.whole && in_joined_ && !joined_.empty()) [[unlikely]] {   // what a cancelled receive of the whole has left
    op.got.kind = joined_kind_;
    return give_joined(op, false);
  }
  while (const frame_step* const piece = next_piece()) {
    if (!in_joined_) joined_kind_ = kind_of(piece->type);
    op.got.kind = joined_kind_;
    const bool alone = !in_joined_ && !piece->compressed && !carried_;
    if (alone && (!op.whole || (piece->ends && piece->data.size() <= settings_.message))) [[likely]] return give(op, piece->data, piece->ends);
    if (receive_joined(op, *piece)) [[unlikely]] return true;
  }
  if (state_ != state::over) return false;
  if (cancelled_) op.error = code(std::errc::operation_canceled);
  else told_ = true;
  op.got.open = false;
  return true;
}

bool websocket_session::give_joined(receive_op& op, bool last) noexcept {
  in_joined_ = false;
  gave_large_ = joined_.capacity() > most_kept;
  return give(op, joined_, last);
}

bool websocket_session::give(receive_op& op, std::string_view data, bool last) noexcept {
  quiet_ = false;
  op.got.data = data;
  op.got.last = last;
  given_ = true;
  return true;
}

/// A piece that is not all that the operation wants, or not as it is wanted. Whether the operation is over.
bool websocket_session::receive_joined(receive_op& op, const frame_step& piece) noexcept {
  if (const auto failed = join(piece, op.whole)) {
    lose(failed);
    op.error = failed;
    return true;
  }
  const bool ends = piece.ends && !has_held_;    // what is held is the rest of this one
  if (state_ == state::over || (!ends && (op.whole || joined_.empty()))) return false;
  return give_joined(op, ends);
}

/// Puts what has come behind what is joined already. A message that is too large is refused.
std::error_code websocket_session::join(const frame_step& piece, bool whole) noexcept {
  if (!std::exchange(in_joined_, true)) joined_.clear();
  try {
    if (piece.compressed) inflate(piece, whole);
    else joined_.append(piece.data);
  } catch (const std::bad_alloc&) {
    return code(std::errc::not_enough_memory);
  }
  if (whole && joined_.size() > settings_.message) refuse_peer(websocket_close_code::message_too_big);
  return {};
}

/// All of a piece where the message is wanted whole and not too large yet, else a block of it; the rest is held.
void websocket_session::inflate(const frame_step& piece, bool whole) {
  std::array<char, inflated_block> block;
  frame_step rest = piece;
  if (std::exchange(rest.begins, false)) inflater_->begin(piece.type);
  for (;;) {
    const auto step = inflater_->inflate(rest.data, rest.ends, block);
    if (step.now == websocket_inflater::state::rejected) return refuse_peer(step.code);
    joined_.append(step.data);
    rest.data.remove_prefix(step.consumed);
    if (step.now != websocket_inflater::state::data) return;
    if (whole ? joined_.size() > settings_.message : joined_.size() >= inflated_block) return hold(rest);
  }
}

void websocket_session::hold(const frame_step& piece) noexcept {
  held_ = piece;
  has_held_ = true;
}

/// The next piece of a message, acting on what is between. Null: none yet, and a read is pending, or none ever.
const websocket_session::frame_step* websocket_session::next_piece() noexcept {
  if (std::exchange(has_held_, false)) return &held_;
  while (state_ == state::open || state_ == state::closing) {
    if (unread_.empty() && rest_begin_ == rest_end_) {
      if (read_more()) continue;
      return nullptr;
    }
    const frame_step& next = next_step();
    switch (next.now) {
      case websocket_frame_reader::state::data:
        if (state_ == state::open) return &next;
        break;
      case websocket_frame_reader::state::more:
        if (!read_more()) return nullptr;
        break;
      case websocket_frame_reader::state::ping: answer_ping(next.data); break;
      case websocket_frame_reader::state::pong: break;
      case websocket_frame_reader::state::close: peer_closes(next.code, next.data); break;
      case websocket_frame_reader::state::rejected: refuse_peer(next.code); break;
    }
  }
  return nullptr;
}

/// A second ping without a message between: who only shows that it is there needs no memory for messages.
void websocket_session::answer_ping(std::string_view payload) noexcept {
  if (std::exchange(quiet_, true) && !writing_) release_unused();
  append_control(websocket_opcode::pong, payload);
}

inline const websocket_session::frame_step& websocket_session::next_step() noexcept {
  carried_ = rest_begin_ < rest_end_;
  if (carried_) [[unlikely]] return next_step_of_rest();
  const frame_step& next = reader_.read(unread_);
  unread_ = unread_.subspan(next.consumed);
  return next;
}

const websocket_session::frame_step& websocket_session::next_step_of_rest() noexcept {
  // As much of the chunk as fits goes behind the rest; what is not used of it is still in the chunk.
  const std::size_t old_end = rest_end_;
  const std::size_t added = std::min(unread_.size(), rest_.size() - old_end);
  std::copy_n(unread_.begin(), added, rest_.begin() + static_cast<std::ptrdiff_t>(old_end));
  const frame_step& step = reader_.read({rest_.data() + rest_begin_, old_end + added - rest_begin_});
  rest_begin_ += step.consumed;
  if (step.now == websocket_frame_reader::state::more) {
    rest_end_ += added;
    unread_ = unread_.subspan(added);
  } else if (rest_begin_ > old_end) {
    unread_ = unread_.subspan(rest_begin_ - old_end);
    rest_begin_ = rest_end_ = 0;
  }
  return step;
}

/// The next read ends the life of the chunk.
void websocket_session::keep_rest() noexcept {
  if (unread_.empty() && rest_begin_ == rest_end_) [[likely]] {
    rest_begin_ = rest_end_ = 0;
    return;
  }
  const std::size_t kept = rest_end_ - rest_begin_;
  std::copy(rest_.begin() + static_cast<std::ptrdiff_t>(rest_begin_), rest_.begin() + static_cast<std::ptrdiff_t>(rest_end_), rest_.begin());
  rest_begin_ = 0;
  rest_end_ = kept + unread_.size();      // less than a control frame and its head
  std::copy(unread_.begin(), unread_.end(), rest_.begin() + static_cast<std::ptrdiff_t>(kept));
  unread_ = {};
}

/// Whether to go on: with what was read, or to read again.
inline bool websocket_session::take_read() noexcept {
  if (read_.error || read_.chunk.empty()) [[unlikely]] return take_end_of_read();
  pinged_ = false;
  if (has_limits_) [[unlikely]] spend_limit();
  unread_ = {const_cast<char*>(read_.chunk.data()), read_.chunk.size()};   // byte_stream allows it
  return true;
}

/// Whether there is more to look at.
bool websocket_session::read_more() noexcept {
  flush();
  if (reading_ || state_ == state::over) return false;
  if (state_ == state::closing && clock::now() >= close_by_) [[unlikely]] return lose(code(std::errc::timed_out)), false;
  keep_rest();
  if (given_ && !std::exchange(set_aside_, true)) [[unlikely]] stream_.set_aside();
  const auto limit = patience();
  if (has_limits_) [[unlikely]] begin_to_wait(limit);
  reading_ = true;      // in a read that blocks the server may close
  reading_ = stream_.begin_read(read_, limit) == begun::pending;
  if (reading_ || !take_read()) return false;
  if (blocks() || left_ || ++inline_reads_ < most_inline_reads) return true;
  inline_reads_ = 0;
  gives_way_ = true;
  tidy_soon();
  return false;
}

clock::duration websocket_session::patience() const noexcept {
  if (impatient_) [[unlikely]] return {};
  auto longest = settings_.ping > clock::duration::zero() ? settings_.ping : no_limit;
  if (state_ == state::closing) [[unlikely]] longest = close_by_ - clock::now();
  else if (has_limits_ && longest != no_limit) longest -= silence_;
  if (has_limits_) longest = std::min(longest, receive_limit_);
  return std::max(longest, clock::duration::zero());
}

void websocket_session::begin_to_wait(clock::duration limit) noexcept {
  read_limit_ = limit;
  if (receive_limit_ != no_limit) read_at_ = clock::now();
}

bool websocket_session::take_end_of_read() noexcept {
  if (read_.error == std::errc::timed_out) return !impatient_ && (has_limits_ && receive_limit_ != no_limit ? outwait() : hear_nothing());
  if (read_.error == std::errc::operation_canceled) return cancel_all(), false;
  lose(read_.error ? read_.error : code(std::errc::connection_reset));
  return false;
}

/// What has gone by of the app's limit, where the read at hand has not outwaited it.
void websocket_session::spend_limit() noexcept {
  silence_ = {};
  if (receive_limit_ == no_limit) return;
  const auto now = clock::now();
  receive_limit_ -= std::min(now - std::exchange(read_at_, now), receive_limit_);
}

/// Nothing has come within what the read was to wait, in a receive with a limit: that is over, or it is time for a ping, or for
/// the closing to end. Whether to go on.
bool websocket_session::outwait() noexcept {
  receive_limit_ -= read_limit_;
  silence_ += read_limit_;
  const bool over = receive_limit_ <= clock::duration::zero();
  if (state_ == state::closing) return !over && hear_nothing();
  if (settings_.ping > clock::duration::zero() && silence_ >= settings_.ping && !hear_nothing()) return false;
  return !over;
}

bool websocket_session::hear_nothing() noexcept {
  silence_ = {};
  if (state_ == state::closing || pinged_) {
    lose(code(std::errc::timed_out));
    return false;
  }
  if (writing_) return true;      // whether the peer is there, the write's own deadline tells
  release_unused();
  pinged_ = true;
  append_control(websocket_opcode::ping, {});
  return true;
}

/// Memory that only a conversation with messages needs. Not given back after each one: taking zlib's again costs as much as
/// compressing 16 KiB. Requires: no write is pending.
void websocket_session::release_unused() noexcept {
  if (deflater_ && !in_outgoing_ && !send_) deflater_->release();
  if (inflater_ && !in_joined_ && !reader_.in_message()) inflater_->release();
  if (!in_joined_ && !given_) std::string().swap(joined_);
  std::string().swap(deflated_);
  std::string().swap(due_pong_);
  if (std::string& out = stream_.output(); out.empty()) std::string().swap(out);
}

void websocket_session::on_read() noexcept {
  reading_ = false;
  inline_reads_ = 0;
  if (state_ == state::over) return;
  in_event_ = true;
  if (take_read()) {
    // The read that is pending then is that of the app's next receive, which has looked at all there is.
    while (receive_op* const op = reading_ || gives_way_ ? nullptr : try_pending())
      if (!complete_now(*op)) return;
  }
  in_event_ = false;
  if (!gives_way_) [[likely]] tidy();
}

/// The app's receive, where it is over; it is not pending any more then.
receive_op* websocket_session::try_pending() noexcept {
  receive_op* const op = std::exchange(receive_, nullptr);    // so that nobody else completes it meanwhile
  if (!op || try_receive(*op)) return op;
  receive_ = op;
  return nullptr;
}

/// False: the app has ended in there, and so has this.
bool websocket_session::complete_now(operation& op) noexcept {
  bool destroyed = false;
  destroyed_ = &destroyed;
  op.stop = nullptr;
  op.done(op);
  if (destroyed) return false;
  destroyed_ = nullptr;
  return true;
}

/// Acts on what comes while the app does not receive, up to the first piece of a message.
void websocket_session::look_ahead() noexcept {
  if (receive_ || has_held_ || reading_ || state_ == state::offered || state_ == state::over) return;
  if (const frame_step* const piece = next_piece()) hold(*piece);
}

}}  // namespace csgi::v1
