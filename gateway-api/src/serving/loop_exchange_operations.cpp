// loop_exchange_operations.cpp - what an app's operations do on the wire: see csgi/serving/loop_exchange.hpp.
#include <csgi/serving/loop_exchange.hpp>
#include <csgi/serving/unwanted_input.hpp>

namespace csgi { inline namespace v1 {

namespace {

std::error_code code(std::errc e) noexcept { return std::make_error_code(e); }

begun refused(operation& op, std::error_code why) noexcept {
  op.error = why;
  return begun::completed;
}

}  // namespace

void* loop_exchange::find(const extension_id& wanted) noexcept {
  if (wanted == drain_notice::id) return static_cast<drain_notice*>(this);
  if (void* const found = served_exchange::find(wanted)) return found;
  if (void* const lane = lane_.find(wanted)) return lane;
  return in_.executor.find(wanted);
}

std::error_code loop_exchange::refusal(const operation_slot& slot) const noexcept {
  if (slot.taken()) return code(std::errc::operation_in_progress);
  if (cancelled_) return code(std::errc::operation_canceled);
  if (lost_) return lost_;
  if (phase() >= phase::finished) return code(std::errc::operation_not_permitted);
  return {};
}

begun loop_exchange::begin(operation_slot& slot, operation& op, attempt what, clock::duration patience) noexcept {
  op.error = {};
  if ((this->*what)(op)) return slot.at_once(op);
  if (&slot == &reading_) read_with_ = what;
  slot.deadline = clock::now() + patience;
  const auto answer = slot.pend(op);
  watch(&slot == &reading_ ? direction::in : direction::out);
  return answer;
}

begun loop_exchange::begin_read(read_op& op) noexcept {
  op.chunk = {};
  if (const auto why = refusal(reading_)) return refused(op, why);
  invite_body();
  return begin(reading_, op, &loop_exchange::try_read, in_.options.deadlines.body);
}

begun loop_exchange::begin_write(write_op& op) noexcept {
  if (const auto why = refusal(writing_)) return refused(op, why);
  if (phase() == phase::started) {
    const bool too_much = op.then == ending::finish && head().content_length > most_unwanted;
    if (!keep_ || draining() || (!decoder_.over() && (!invited_ || too_much))) framer_.close_after();
  }
  response_framer::frame around;
  before_.clear();
  if (const auto why = framer_.write(op.data.size(), op.then, in_.dates.now(), before_, around)) {
    if (phase() == phase::aborted) give_up(why);
    return refused(op, why);
  }
  const auto body = around.send_body ? op.data : std::string_view();
  body_bytes_ += body.size();
  out_ = {before_, body, around.suffix};
  if (op.then == ending::finish) end_waits(code(std::errc::operation_canceled));
  return begin(writing_, op, &loop_exchange::try_send, in_.options.deadlines.write);
}

begun loop_exchange::begin_wait(operation_slot& slot, operation& op) noexcept {
  if (slot.taken()) return refused(op, code(std::errc::operation_in_progress));
  if (lost_) return refused(op, lost_);
  if (cancelled_ || phase() >= phase::finished) return refused(op, code(std::errc::operation_canceled));
  op.error = {};
  return slot.pend(op);
}

begun loop_exchange::begin_gone(operation& op) noexcept {
  if (!gone_.taken() && !lost_ && !connected()) return refused(op, code(std::errc::connection_reset));
  return begin_wait(gone_, op);
}

begun loop_exchange::begin_draining(operation& op) noexcept {
  const auto answer = begin_wait(notice_, op);
  if (answer == begun::pending && draining()) notice_.complete({});
  return answer;
}

void loop_exchange::abort(std::errc reason) noexcept {
  if (phase() < phase::finished) give_up(code(reason));
}

void loop_exchange::on_cancel(void* self, operation_slot& slot) noexcept {
  auto& exchange = *static_cast<loop_exchange*>(self);
  if (&slot == &exchange.writing_) exchange.give_up(code(std::errc::operation_canceled));
  else slot.complete(code(std::errc::operation_canceled));
}

/// The response will not be whole.
void loop_exchange::give_up(std::error_code why) noexcept {
  if (!aborted_) aborted_ = why;
  framer_.abort();
  keep_ = false;
  body_bytes_ -= std::min<std::uint64_t>(body_bytes_, out_[1].size());
  out_ = {};
  writing_.complete(aborted_);
  end_waits(code(std::errc::operation_canceled));
}

/// The connection is of no use any more.
void loop_exchange::lose(std::errc why) noexcept {
  if (!lost_) lost_ = code(why);
  end_waits(lost_);
  if (phase() != phase::finished || writing_.pending()) give_up(lost_);
  reading_.complete(lost_);
}

void loop_exchange::end_waits(std::error_code why) noexcept {
  gone_.complete(why);
  notice_.complete(why);
}

// --- bytes ----------------------------------------------------------------------------------------------------------

bool loop_exchange::try_receive(operation& op) noexcept {
  try {
    switch (receive()) {
      case io::done: return true;
      case io::would_block: return false;
      case io::ended: return ended_ = true;
      case io::failed: lose(std::errc::connection_reset);
    }
    op.error = lost_;
  } catch (const std::bad_alloc&) {
    op.error = code(std::errc::not_enough_memory);
  }
  return true;
}

bool loop_exchange::try_read(operation& op) noexcept {
  for (;;) {
    const auto part = decoder_.decode(unread());
    consume(part.consumed);
    if (part.now == body_decoder::state::data) static_cast<read_op&>(op).chunk = part.data;
    if (part.now == body_decoder::state::data || part.now == body_decoder::state::end) return true;
    if (part.now == body_decoder::state::rejected || ended_) {
      keep_ = false;
      op.error = code(part.now == body_decoder::state::rejected && decoder_.why().status == 413 ? std::errc::message_size
                                                                                                : std::errc::bad_message);
      return true;
    }
    if (!try_receive(op)) return false;
    if (op.error) return true;
  }
}

bool loop_exchange::try_send(operation& op) noexcept {
  while (out_[0].size() + out_[1].size() + out_[2].size() > 0) {
    std::size_t gone = 0;
    const auto now = send(out_, gone);
    if (now == io::would_block) return false;
    if (now != io::done) {
      lose(std::errc::connection_reset);
      op.error = lost_;
      return true;
    }
    writing_.deadline = clock::now() + in_.options.deadlines.write;
    for (auto& piece : out_) {
      const auto part = std::min(gone, piece.size());
      piece.remove_prefix(part);
      gone -= part;
    }
  }
  return true;
}

void loop_exchange::ready(direction what) noexcept {
  const bool in = what == direction::in;
  operation_slot& slot = in ? reading_ : writing_;
  operation* const op = slot.pending();
  if (!op) return;
  if ((this->*(in ? read_with_ : &loop_exchange::try_send))(*op)) slot.complete(op->error);   // if losing it has not done so
  else watch(what);
}

/// 25 bytes to a client that waits for them: they fit into what the system keeps of a connection.
void loop_exchange::invite_body() noexcept {
  if (std::exchange(invited_, true) || phase() >= phase::committed || !unread().empty()) return;
  constexpr std::string_view invitation[] = {"HTTP/1.1 100 Continue\r\n\r\n"};
  std::size_t gone = 0;
  send(invitation, gone);
  if (gone < invitation[0].size()) lose(std::errc::connection_reset);
}

}}  // namespace csgi::v1
