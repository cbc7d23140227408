// websocket_session.cpp - see csgi/serving/websocket_session.hpp: what an app calls, and what its server does.
#include <csgi/serving/websocket_handshake.hpp>
#include <csgi/serving/websocket_session.hpp>
#include <csgi/websocket_protocol_offers.hpp>
#include <new>
#include <vector>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::size_t most_copied = 32 * 1024;          // bytes of a message that join others in one buffer
constexpr std::size_t most_held_back = 32 * 1024;       // bytes of frames that wait for more to join them
constexpr std::size_t most_inline = 1024 * 1024;        // bytes in a row before others get their turn
constexpr auto between_looks = std::chrono::milliseconds(100);

std::error_code code(std::errc e) noexcept { return std::make_error_code(e); }

websocket_opcode opcode_of(message_kind kind) noexcept {
  return kind == message_kind::text ? websocket_opcode::text : websocket_opcode::binary;
}

/// Sizes are held against the limit where the app takes messages whole.
websocket_frame_reader reader_for(bool deflate) noexcept {
  return websocket_frame_reader({.message_limit = std::numeric_limits<std::uint64_t>::max(), .deflate = deflate, .sender = websocket_sender::client});
}

[[gnu::cold]] begun refused(operation& op, std::error_code why) noexcept {
  op.error = why;
  return begun::completed;
}

}  // namespace

websocket_session::websocket_session(byte_stream& stream, const request& handshake, const websocket_settings& settings)
    : stream_(stream), settings_(settings), reader_(reader_for(false)), handshake_(handshake), tidying_(std::make_unique<tidying>()) {
  tidying_->of = this;
  tidying_->run = [](work& w) noexcept {
    auto& self = static_cast<tidying&>(w);
    self.queued = false;
    if (!self.of) {
      delete &self;
      return;
    }
    self.of->gives_way_ = false;
    self.of->tidy();
  };
  read_.owner = write_.owner = upgrade_.owner = this;
  read_.done = [](operation& op) noexcept { static_cast<websocket_session*>(op.owner)->on_read(); };
  write_.done = [](operation& op) noexcept { static_cast<websocket_session*>(op.owner)->on_written(); };
  upgrade_.done = [](operation& op) noexcept {
    auto& self = *static_cast<websocket_session*>(op.owner);
    if (!op.error) self.opened();
    self.complete_soon(self.accept_, op.error);
  };
}

websocket_session::~websocket_session() {
  if (destroyed_) *destroyed_ = true;
  if (!tidying_->queued) return;
  tidying_->of = nullptr;
  tidying_.release();
}

// --- accepting ----------------------------------------------------------------------------------------------------

begun websocket_session::begin_accept(accept_op& op) noexcept {
  op.error = no_error;
  if (accept_ || state_ != state::offered) return refused(op, code(std::errc::operation_not_permitted));
  const bool offered = op.subprotocol.empty() || offers_websocket_protocol(handshake_.fields, op.subprotocol);
  if (!offered || check_websocket_fields(op.fields)) return refused(op, code(std::errc::invalid_argument));
  const auto proof = websocket_accept_of(handshake_.field("sec-websocket-key").value_or(""));
  try {
    std::vector<field> fields{{"Sec-WebSocket-Accept", {proof.data(), proof.size()}}};
    if (!op.subprotocol.empty()) fields.push_back({"Sec-WebSocket-Protocol", op.subprotocol});
    const auto terms = agree_on_websocket_deflate(handshake_.fields, settings_.deflate);
    const std::string extension = terms ? to_extension(*terms) : std::string();
    if (terms) fields.push_back({"Sec-WebSocket-Extensions", extension});
    fields.insert(fields.end(), op.fields.begin(), op.fields.end());
    if (terms) {
      inflater_ = std::make_unique<websocket_inflater>(*terms, std::numeric_limits<std::uint64_t>::max());
      deflater_ = std::make_unique<websocket_deflater>(*terms, settings_.deflate);
    }
    reader_ = reader_for(terms.has_value());
    upgrade_.protocol = "websocket";
    upgrade_.fields = fields;
    if (stream_.begin_upgrade(upgrade_) == begun::pending) {
      accept_ = &op;
      op.server = this;
      op.stop = [](operation& o) noexcept { cancel(static_cast<websocket_session*>(o.server)->upgrade_); };
      return begun::pending;
    }
  } catch (const std::bad_alloc&) {
    return refused(op, code(std::errc::not_enough_memory));
  }
  if (upgrade_.error) return refused(op, upgrade_.error);
  opened();
  return begun::completed;
}

void websocket_session::opened() noexcept {
  state_ = state::open;
  if (going_away_) begin_closing(websocket_close_code::going_away, {});
  else if (!blocks()) tidy_soon();     // which begins to read
}

// --- receiving ----------------------------------------------------------------------------------------------------

begun websocket_session::refuse_receive(receive_op& op) const noexcept {
  if (state_ == state::offered) return refused(op, code(std::errc::operation_not_permitted));
  if (receive_) return refused(op, code(std::errc::operation_in_progress));
  if (cancelled_) return refused(op, code(std::errc::operation_canceled));
  op.got.open = false;    // who does not look whether that was the end is not to ask for ever
  return refused(op, code(std::errc::operation_not_permitted));
}

begun websocket_session::begin_receive(receive_op& op) noexcept {
  op.error = no_error;
  op.got = {};
  if (state_ == state::offered || receive_ || cancelled_ || told_) [[unlikely]] return refuse_receive(op);
  given_ = false;
  if (std::exchange(gave_large_, false)) [[unlikely]] std::string().swap(joined_);
  if (std::exchange(set_aside_, false)) [[unlikely]] stream_.take_back();
  if (op.limit != no_limit && blocks()) [[unlikely]] return receive_within(op);
  const bool waits = nothing_at_hand() && !in_joined_ && !read_more() && state_ != state::over;
  if (!waits && try_receive(op)) {
    if (!in_event_ && !blocks()) tidy_soon();   // the app may not come back for long
    return begun::completed;
  }
  receive_ = &op;
  op.server = this;
  op.stop = [](operation& o) noexcept {
    auto& self = *static_cast<websocket_session*>(o.server);
    self.complete_soon(self.receive_, code(std::errc::operation_canceled));
  };
  return begun::pending;
}

/// For blocking apps.
begun websocket_session::receive_within(receive_op& op) noexcept {
  has_limits_ = true;
  receive_limit_ = op.limit;
  const bool over = try_receive(op);
  receive_limit_ = no_limit;
  if (over) return begun::completed;
  flush();      // a ping
  return refused(op, code(std::errc::timed_out));
}

websocket_end websocket_session::end() const noexcept { return {end_code_, {reason_.data(), reason_size_}, clean_}; }

// --- sending ------------------------------------------------------------------------------------------------------

std::error_code websocket_session::refuse_send(const send_op& op) noexcept {
  if (state_ == state::offered) return code(std::errc::operation_not_permitted);
  if (send_ || close_) return code(std::errc::operation_in_progress);
  if (cancelled_) return code(std::errc::operation_canceled);
  if (state_ != state::open) return code(std::errc::connection_reset);
  if (in_outgoing_ && op.kind != outgoing_kind_) return code(std::errc::invalid_argument);
  if (op.kind == message_kind::text) {
    const utf8_check before = outgoing_text_;
    if (!outgoing_text_.take(op.data) || (op.last && !outgoing_text_.complete())) {
      outgoing_text_ = before;
      return code(std::errc::invalid_argument);
    }
  }
  return no_error;
}

begun websocket_session::begin_send(send_op& op) noexcept {
  op.error = no_error;
  if (blocks() && state_ == state::open && clock::now() >= next_look_) [[unlikely]] {
    // Nobody else sees the pings and the closing that come while a blocking app only sends.
    next_look_ = clock::now() + between_looks;
    impatient_ = true;
    look_ahead();
    impatient_ = false;
  }
  if (state_ != state::open || send_ || close_ || cancelled_ || in_outgoing_ || op.kind == message_kind::text) [[unlikely]] {
    if (const auto why = refuse_send(op)) return refused(op, why);
  }
  return writing_ ? wait_to_send(op) : transmit(op);
}

begun websocket_session::wait_to_send(send_op& op) noexcept {
  send_ = &op;
  op.server = this;
  op.stop = [](operation& o) noexcept {
    static_cast<websocket_session*>(o.server)->lose(code(std::errc::operation_canceled));   // part of it may be on its way
  };
  return begun::pending;
}

/// What goes into a frame that is not a whole message as it is. Whether a message is compressed is decided at its beginning.
std::string_view websocket_session::payload_of(const send_op& op, websocket_frame& frame) {
  if (in_outgoing_) frame.opcode = websocket_opcode::continuation;
  else outgoing_deflated_ = frame.compressed = deflater_ && (!op.last || op.data.size() >= settings_.deflate.least);
  if (!outgoing_deflated_) return op.data;
  quiet_ = false;
  deflated_.clear();
  deflater_->deflate(op.data, op.last ? ending::finish : ending::flush, deflated_);
  return deflated_;
}

/// Requires: no write is pending.
begun websocket_session::transmit(send_op& op) noexcept {
  std::string_view payload = op.data;
  bool borrows = false;
  try {
    websocket_frame frame{opcode_of(op.kind), op.last};
    if (in_outgoing_ || deflater_) [[unlikely]] payload = payload_of(op, frame);
    borrows = payload.size() > most_copied;
    const websocket_frame_head head(frame, payload.size());
    std::string& out = stream_.output();
    head.append_to(out);
    if (!borrows) out.append(payload);
    unsent_ = true;
    held_back_ = out.size();
  } catch (const std::bad_alloc&) {
    lose(code(std::errc::not_enough_memory));     // what is compressed next could not be understood
    return refused(op, code(std::errc::not_enough_memory));
  }
  in_outgoing_ = !op.last;
  outgoing_kind_ = op.kind;
  if (op.last) outgoing_text_.reset();
  sent_ += op.data.size();
  if (borrows || held_back_ >= most_held_back || blocks()) [[unlikely]] {
    if (!write(borrows ? payload : std::string_view{}, ending::flush)) {
      send_under_way_ = true;
      return wait_to_send(op);
    }
    if (write_.error) return refused(op, write_.error);
    inline_bytes_ += op.data.size();
    if (inline_bytes_ < most_inline || blocks()) return begun::completed;
    inline_bytes_ = 0;
    send_ = &op;
    complete_soon(send_, no_error);
    return begun::pending;
  }
  if (!in_event_) [[unlikely]] tidy_soon();
  return begun::completed;
}

// --- closing ------------------------------------------------------------------------------------------------------

begun websocket_session::begin_close(close_op& op) noexcept {
  op.error = no_error;
  if (state_ == state::offered) return refused(op, code(std::errc::operation_not_permitted));
  if (send_ || close_) return refused(op, code(std::errc::operation_in_progress));
  if (cancelled_) return refused(op, code(std::errc::operation_canceled));
  if (op.code == websocket_close_code::none || check_websocket_close(op.code, op.reason)) return refused(op, code(std::errc::invalid_argument));
  if (state_ == state::over) return begun::completed;
  if (state_ == state::open) begin_closing(op.code, op.reason);
  if (blocks()) {
    while (next_piece()) {}
    return begun::completed;
  }
  if (state_ == state::over) return begun::completed;
  close_ = &op;
  op.server = this;
  op.stop = [](operation& o) noexcept { static_cast<websocket_session*>(o.server)->lose(code(std::errc::operation_canceled)); };
  return begun::pending;
}

// --- the server ---------------------------------------------------------------------------------------------------

void websocket_session::go_away() noexcept {
  going_away_ = true;
  if (state_ == state::open) begin_closing(websocket_close_code::going_away, {});
}

void websocket_session::forget_operations() noexcept {
  accept_ = nullptr;
  receive_ = nullptr;
  send_ = nullptr;
  close_ = nullptr;
}

void websocket_session::leave(std::uint16_t why) noexcept {
  left_ = true;
  forget_operations();
  given_ = false;
  if (state_ == state::open) begin_closing(why, {});
  else look_ahead();
}

}}  // namespace csgi::v1
