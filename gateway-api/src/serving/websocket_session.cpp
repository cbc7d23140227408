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

/// Sizes are held against the limit where the app takes messages whole.
websocket_frame_reader reader_for(bool deflate) noexcept {
  return websocket_frame_reader({.message_limit = std::numeric_limits<std::uint64_t>::max(), .deflate = deflate, .sender = websocket_sender::client});
}

begun refused(operation& op, std::error_code why) noexcept {
  op.error = why;
  return begun::completed;
}

}  // namespace

websocket_session::websocket_session(byte_stream& stream, const request& handshake, const websocket_settings& settings)
    : stream_(stream), handshake_(handshake), settings_(settings),
      reader_(reader_for(false)),
      tidying_(std::make_unique<tidying>()) {
  tidying_->of = this;
  tidying_->run = [](work& w) noexcept {
    auto& self = static_cast<tidying&>(w);
    self.queued = false;
    if (self.of) self.of->tidy();
    else delete &self;
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
      inflater_.emplace(*terms, std::numeric_limits<std::uint64_t>::max());
      deflater_.emplace(*terms, settings_.deflate);
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
  else if (!stream_.blocks()) tidy_soon();     // which begins to read
}

// --- receiving ----------------------------------------------------------------------------------------------------

begun websocket_session::begin_receive(receive_op& op) noexcept {
  op.error = no_error;
  op.got = {};
  if (state_ == state::offered) return refused(op, code(std::errc::operation_not_permitted));
  if (receive_) return refused(op, code(std::errc::operation_in_progress));
  if (cancelled_) return refused(op, code(std::errc::operation_canceled));
  given_ = false;
  if (std::exchange(set_aside_, false)) stream_.take_back();
  if (try_receive(op)) {
    if (!in_event_ && !stream_.blocks()) tidy_soon();   // the app may not come back for long
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
  if (stream_.blocks() && state_ == state::open && clock::now() >= next_look_) {
    // Nobody else sees the pings and the closing that come while a blocking app only sends.
    next_look_ = clock::now() + between_looks;
    impatient_ = true;
    look_ahead();
    impatient_ = false;
  }
  if (const auto why = refuse_send(op)) return refused(op, why);
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

/// As it goes into a frame. Whether a message is compressed is decided at its beginning.
std::string_view websocket_session::payload_of(const send_op& op) {
  if (!in_outgoing_) outgoing_deflated_ = deflater_ && (!op.last || op.data.size() >= settings_.deflate.least);
  if (!outgoing_deflated_) return op.data;
  deflated_.clear();
  deflater_->deflate(op.data, op.last ? ending::finish : ending::flush, deflated_);
  return deflated_;
}

/// Requires: no write is pending.
begun websocket_session::transmit(send_op& op) noexcept {
  const websocket_opcode kind = op.kind == message_kind::text ? websocket_opcode::text : websocket_opcode::binary;
  std::string_view payload;
  bool borrows = false;
  try {
    payload = payload_of(op);
    borrows = payload.size() > most_copied;
    const websocket_frame frame{in_outgoing_ ? websocket_opcode::continuation : kind, op.last, outgoing_deflated_ && !in_outgoing_};
    const websocket_frame_head head(frame, payload.size());
    std::string& out = stream_.output();
    out.append(head.bytes());
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
  if (borrows || stream_.blocks() || held_back_ >= most_held_back) {
    if (!write(borrows ? payload : std::string_view{}, ending::flush)) {
      send_under_way_ = true;
      return wait_to_send(op);
    }
    if (write_.error) return refused(op, write_.error);
    inline_bytes_ += op.data.size();
    if (inline_bytes_ < most_inline || stream_.blocks()) return begun::completed;
    inline_bytes_ = 0;
    send_ = &op;
    complete_soon(send_, no_error);
    return begun::pending;
  }
  if (!in_event_) tidy_soon();
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
  if (stream_.blocks()) {
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
