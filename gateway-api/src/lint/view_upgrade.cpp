// view_upgrade.cpp - see view.hpp: WebSockets, and connections that become streams of bytes.
#include <csgi/checked_head.hpp>
#include <csgi/serving/upgrade_offer.hpp>
#include <csgi/serving/websocket_close.hpp>
#include <csgi/websocket_protocol_offers.hpp>
#include "desk.hpp"
#include "request_faults.hpp"
#include "view_perform.hpp"

namespace csgi { inline namespace v1 {

namespace {

using errors = std::initializer_list<std::errc>;

constexpr errors of_accepts = {std::errc::invalid_argument, std::errc::connection_reset, std::errc::timed_out, std::errc::operation_canceled,
                               std::errc::operation_in_progress, std::errc::operation_not_permitted, std::errc::not_enough_memory};
constexpr errors of_receives = {std::errc::timed_out, std::errc::operation_canceled, std::errc::operation_in_progress,
                                std::errc::operation_not_permitted, std::errc::not_enough_memory};
constexpr errors of_sends = of_accepts;
constexpr errors of_closes = {std::errc::invalid_argument, std::errc::timed_out, std::errc::operation_canceled,
                              std::errc::operation_in_progress, std::errc::operation_not_permitted, std::errc::not_enough_memory};

begun refused(operation& op) noexcept {
  op.error = std::make_error_code(std::errc::operation_not_permitted);
  return begun::completed;
}

bool taken(begun ended, const operation& op) noexcept { return ended == begun::pending || !op.error; }

bool is_out_of_turn(const operation& op) noexcept {
  return op.error == std::errc::operation_not_permitted || op.error == std::errc::operation_in_progress;
}

/// As in a final head, but for its length.
bool may_be_sent(std::span<const field> fields) noexcept {
  const auto checked = check_head({.status = 200, .fields = fields});
  return checked && !checked->length;
}

bool may_be_accepted(const accept_op& op, const request& head) noexcept {
  constexpr std::string_view own = "sec-websocket-";
  for (const field& f : op.fields)
    if (same_name(f.name.substr(0, own.size()), own)) return false;
  return may_be_sent(op.fields) && (op.subprotocol.empty() || offers_websocket_protocol(head.fields, op.subprotocol));
}

lint_value faulty_part_of(const accept_op& op, const request& head) noexcept {
  if (!op.subprotocol.empty() && !offers_websocket_protocol(head.fields, op.subprotocol)) return lint_value("subprotocol ").add(op.subprotocol);
  accept_op one;
  for (const field& f : op.fields) {
    one.fields = {&f, 1};
    if (!may_be_accepted(one, head)) return lint_value("field ").add(f.name);
  }
  return {};
}

lint_value faulty_part_of(const upgrade_op& op, const request& head) noexcept {
  if (offered_protocol(head, op.protocol).empty()) return lint_value("protocol ").add(op.protocol);
  for (const field& f : op.fields)
    if (!may_be_sent({&f, 1})) return lint_value("field ").add(f.name);
  return {};
}

lint_value faulty_part_of(const send_op& op) noexcept {
  return lint_value(op.kind == message_kind::text ? "text that is not UTF-8, or in a binary message" : "bytes in a text message");
}

lint_value faulty_part_of(const close_op& op) noexcept {
  if (op.code == websocket_close_code::none || check_websocket_close(op.code, {})) return lint_value("code ").add(op.code);
  return lint_value("a reason of ").add(op.reason.size()).add(" bytes");
}

}  // namespace

// --- accepting ----------------------------------------------------------------------------------------------------

begun lint_view::begin_accept(accept_op& op) noexcept {
  constexpr auto call = "websocket::begin_accept()";
  const auto begin = [this](accept_op& o) noexcept { return socket_->begin_accept(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (accept_.theirs) return begin_second(op, accept_.theirs == &op ? fault::begun_again : fault::socket_late_accept, call, begin);
  const auto before = observe(call);
  const bool late = accepted_ || before >= csgi::phase::committed;
  const bool sendable = may_be_accepted(op, head_);
  if (late && !lost_ && before != csgi::phase::aborted) tell(fault::socket_late_accept, call);
  if (!sendable) tell(fault::unsendable, call, faulty_part_of(op, head_));
  const begun ended = perform(accept_, op, begin);
  if (!judges()) return ended;
  if (taken(ended, op)) {
    if (late) tell(fault::late_accept_taken, call);
    if (!sendable) tell(fault::bad_accept_taken, call);
  } else {
    if (!late && is_out_of_turn(op)) tell_refused_unduly(call);
    judge_refused(op, before, call);
  }
  return ended;
}

void lint_view::judge(const accept_op& op, bool stopped) noexcept {
  constexpr auto call = "websocket::begin_accept()";
  judge_outcome(op, stopped, of_accepts, call);
  if (op.error) return;
  accepted_ = true;
  if (judges() && observe(call) < csgi::phase::committed) tell(fault::accepted_uncommitted, call);
}

bool lint_view::accepted() const noexcept { return alive("websocket::accepted()") ? socket_->accepted() : accepted_; }

// --- receiving ----------------------------------------------------------------------------------------------------

begun lint_view::begin_receive(receive_op& op) noexcept {
  constexpr auto call = "websocket::begin_receive()";
  const auto begin = [this](receive_op& o) noexcept { return socket_->begin_receive(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (receive_.theirs) return begin_second(op, receive_.theirs == &op ? fault::begun_again : fault::second_receive, call, begin);
  if (!message_.empty() && sample_of(message_) != message_sample_) tell(fault::changed_message, call);
  message_ = {};
  const bool early = !accepted_;
  if (early && !lost_) tell(fault::socket_early, call);
  const bool late = socket_over_;
  if (late && !lost_) tell(fault::receive_after_over, call);
  const begun ended = perform(receive_, op, begin);
  if (!judges()) return ended;
  if (taken(ended, op)) {
    if (early) tell(fault::early_socket_taken, call);
    if (late) tell(fault::late_receive_taken, call);
  } else if (!early && !late && is_out_of_turn(op)) {
    tell_refused_unduly(call);
  }
  return ended;
}

void lint_view::judge(const receive_op& op, bool stopped) noexcept {
  constexpr auto call = "websocket::begin_receive()";
  judge_outcome(op, stopped, of_receives, call);
  if (op.error) return;
  if (!op.got.open) socket_over_ = true;
  else judge_message(op, call);
}

void lint_view::judge_message(const receive_op& op, const char* call) noexcept {
  const message& got = op.got;
  if (in_incoming_ && got.kind != incoming_kind_) tell(fault::other_message_kind, call);
  if (op.whole && !got.last) tell(fault::part_for_whole, call);
  if (!op.whole && !got.last && got.data.empty()) tell(fault::part_of_nothing, call);
  if (!in_incoming_) incoming_text_.reset();
  incoming_kind_ = got.kind;
  in_incoming_ = !got.last;
  const bool text = got.kind == message_kind::text;
  if (text && (!incoming_text_.take(got.data) || (got.last && !incoming_text_.complete()))) tell(fault::text_no_utf8, call);
  message_ = got.data;
  message_sample_ = sample_of(message_);
}

// --- sending and closing ------------------------------------------------------------------------------------------

begun lint_view::begin_send(send_op& op) noexcept {
  constexpr auto call = "websocket::begin_send()";
  const auto begin = [this](send_op& o) noexcept { return socket_->begin_send(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (speaks()) return begin_second(op, send_.theirs == &op ? fault::begun_again : fault::second_send, call, begin);
  utf8_check text = in_outgoing_ ? outgoing_text_ : utf8_check();
  const bool same_kind = !in_outgoing_ || op.kind == outgoing_kind_;
  const bool sendable = same_kind && (op.kind == message_kind::binary || (text.take(op.data) && (!op.last || text.complete())));
  if (accepted_ && socket_closed_ && !lost_) tell(fault::socket_closed_already, call);
  const begun ended = end_speech(send_, op, sendable, fault::unsendable_taken, call, begin);
  if (!taken(ended, op)) return ended;
  if (judges() && socket_over_) tell(fault::late_send_taken, call);
  in_outgoing_ = !op.last;
  outgoing_kind_ = op.kind;
  outgoing_text_ = text;
  return ended;
}

begun lint_view::begin_close(close_op& op) noexcept {
  constexpr auto call = "websocket::begin_close()";
  const auto begin = [this](close_op& o) noexcept { return socket_->begin_close(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (speaks()) return begin_second(op, close_.theirs == &op ? fault::begun_again : fault::second_send, call, begin);
  const bool sendable = op.code != websocket_close_code::none && !check_websocket_close(op.code, op.reason);
  if (accepted_ && socket_closed_ && !lost_) tell(fault::socket_closed_already, call);
  const begun ended = end_speech(close_, op, sendable, fault::unclosable_taken, call, begin);
  if (taken(ended, op)) socket_closed_ = true;
  return ended;
}

/// What a send and a close have in common.
template <class Operation, class Begin>
begun lint_view::end_speech(shadow<Operation>& s, Operation& op, bool sendable, fault if_taken, const char* call, Begin begin) noexcept {
  const bool early = !accepted_;
  if (early && !lost_) tell(fault::socket_early, call);
  if (!early && !sendable) tell(fault::unsendable, call, faulty_part_of(op));
  const begun ended = perform(s, op, begin);
  if (!judges()) return ended;
  if (taken(ended, op)) {
    if (early) tell(fault::early_socket_taken, call);
    if (!early && !sendable) tell(if_taken, call);
  } else if (!early && is_out_of_turn(op)) {
    tell_refused_unduly(call);
  }
  return ended;
}

void lint_view::judge(const send_op& op, bool stopped) noexcept { judge_outcome(op, stopped, of_sends, "websocket::begin_send()"); }

void lint_view::judge(const close_op& op, bool stopped) noexcept { judge_outcome(op, stopped, of_closes, "websocket::begin_close()"); }

void lint_view::judge_outcome(const operation& op, bool stopped, errors allowed, const char* call) noexcept {
  if (!op.error) return;
  if (std::ranges::none_of(allowed, [&](std::errc each) { return op.error == each; })) tell(fault::odd_error, call);
  if (stopped) told_to_end_ = true;
  else note_loss(op);
}

websocket_end lint_view::end() const noexcept {
  constexpr auto call = "websocket::end()";
  if (!alive(call)) return {};
  const websocket_end now = socket_->end();
  if (!here(call) || !(socket_over_ || (socket_closed_ && !close_.theirs))) return now;
  const bool silent = now.code == websocket_close_code::none || now.code == websocket_close_code::abnormal;
  if (silent ? !now.reason.empty() : static_cast<bool>(check_websocket_close(now.code, now.reason))) tell(fault::impossible_end, call);
  const std::uint64_t in_short = sample_of(now.reason) * 31 + now.code * 2u + (now.clean ? 1 : 0);
  if (farewell_ && *farewell_ != in_short) tell(fault::changed_end, call);
  farewell_ = in_short;
  return now;
}

// --- a stream of bytes --------------------------------------------------------------------------------------------

begun lint_view::begin_upgrade(upgrade_op& op) noexcept {
  constexpr auto call = "upgrade::begin_upgrade()";
  const auto begin = [this](upgrade_op& o) noexcept { return stream_->begin_upgrade(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (accepted_) return begin_beside_socket(op, call, begin);
  if (upgrade_.theirs) return begin_second(op, upgrade_.theirs == &op ? fault::begun_again : fault::socket_late_accept, call, begin);
  const auto before = observe(call);
  const bool late = before >= csgi::phase::committed;
  const bool may = may_be_sent(op.fields) && !offered_protocol(head_, op.protocol).empty();
  if (late && !lost_ && before != csgi::phase::aborted) tell(fault::socket_late_accept, call);
  if (!late && !may) tell(fault::bad_upgrade, call, faulty_part_of(op, head_));
  const begun ended = perform(upgrade_, op, begin);
  if (!judges()) return ended;
  if (!taken(ended, op)) {
    judge_refused(op, before, call);
    return ended;
  }
  if (late || !may) tell(fault::bad_upgrade_taken, call);
  if (observe(call) < csgi::phase::committed) tell(fault::upgraded_uncommitted, call);
  upgraded_ = true;
  status_ = 101;
  declared_.reset();
  return ended;
}

void lint_view::judge(const upgrade_op& op, bool stopped) noexcept { judge_outcome(op, stopped, of_accepts, "upgrade::begin_upgrade()"); }

bool lint_view::upgraded() const noexcept { return alive("upgrade::upgraded()") ? stream_->upgraded() : upgraded_; }

}}  // namespace csgi::v1
