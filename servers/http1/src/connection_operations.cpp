// connection_operations.cpp - the exchange: what an app's operations do on the wire.
#include <algorithm>
#include <csgi/http1/connection.hpp>
#include <csgi/serving/unwanted_input.hpp>

namespace csgi::http1 {

namespace {

constexpr auto never = clock::time_point::max();
constexpr std::size_t handed_over = 1024 * 1024;      // bytes that a finished response may leave behind
constexpr std::size_t copied = 4 * 1024;              // smaller runs join the head in one buffer
constexpr std::size_t batched = 32 * 1024;            // bytes of pipelined responses held back for one send
constexpr unsigned most_inline = 128;                 // completions in a row before others get their turn

std::error_code code(std::errc e) noexcept { return std::make_error_code(e); }

[[gnu::cold]] begun refused(operation& op, std::error_code why) noexcept {
  op.error = why;
  return begun::completed;
}

}  // namespace

bool connection::connected() noexcept {
  if (driver_->blocks() && !peer_closed_ && !broken_) peer_closed_ = socket_.peer_closed();
  return !peer_closed_ && !broken_;
}

void* connection::find(const extension_id& id) noexcept {
  const bool http_1_0 = head().version == http_version::http_1_0;
  switch (id.hash) {
    case file_sender::id.hash: return static_cast<file_sender*>(this);
    case finish_hooks::id.hash: return static_cast<finish_hooks*>(this);
    case log_sink::id.hash: return static_cast<log_sink*>(this);
    case drain_notice::id.hash: return static_cast<drain_notice*>(this);
    case server_info::id.hash: return const_cast<server_info*>(&shared_.info);
    case background::id.hash: return shared_.background;
    case csgi::lane::id.hash: return static_cast<csgi::lane*>(lane());
    case helping_lane::id.hash: return static_cast<helping_lane*>(lane());
    case websocket::id.hash: return find_websocket();
    case upgrade::id.hash: return space_->parser.upgrades() ? static_cast<upgrade*>(this) : nullptr;
    case informational::id.hash: return http_1_0 ? nullptr : static_cast<informational*>(this);
    case request_trailers::id.hash: return static_cast<request_trailers*>(this);
    case response_trailers::id.hash:
      return http_1_0 || head().method == "HEAD" ? nullptr : static_cast<response_trailers*>(this);
    case response_buffer::id.hash: return static_cast<response_buffer*>(this);
    case request_info::id.hash: return static_cast<request_info*>(this);
    default: return driver_->find_extension(id);
  }
}

/// Null in blocking apps, which have a thread of their own.
request_lane* connection::lane() noexcept {
  if (driver_->blocks() || !shared_.threads || stage_ != stage::app) return nullptr;
  try {
    if (!space_->lane) {
      const server_deadlines& most = shared_.deadlines;
      space_->lane = std::make_shared<request_lane>(driver_->executor(), *shared_.threads, most.lane, most.queue, static_cast<log_sink*>(this));
    }
  } catch (const std::bad_alloc&) {
  }
  return space_->lane.get();
}

void connection::add(finish_hook& hook) noexcept {
  hook.next = hooks_;
  hooks_ = &hook;
}

std::error_code connection::start(const response_head& head) noexcept {
  if (driver_->blocks()) driver_->run_posted();
  return space_->framer.start(head);
}

/// Requires: not is_free(slot).
[[gnu::cold]] std::error_code connection::refusal(const pending& slot) const noexcept {
  if (slot.op || slot.ending) return code(std::errc::operation_in_progress);
  if (cancelled_ || driver_->cancelled()) return code(std::errc::operation_canceled);
  if (broken_) return broken_;
  return code(std::errc::operation_not_permitted);
}

// --- reading ----------------------------------------------------------------------------------------------------

begun connection::begin_read(read_op& op) noexcept {
  if (in_websocket()) return op.chunk = {}, refused(op, code(std::errc::operation_not_permitted));
  return read(op, upgraded_ ? clock::duration::max() : shared_.deadlines.body);
}

begun connection::read(read_op& op, clock::duration limit) noexcept {
  op.error = no_error;
  op.chunk = {};
  if (driver_->blocks()) driver_->run_posted();
  if (!is_free(read_)) return refused(op, refusal(read_));
  if (!invited_) [[unlikely]] invite_body();
  if (try_read(op)) return completed(read_, op);
  return driver_->blocks() ? read_waiting(op, limit) : pend(read_, op, limit);
}

/// What is no data, as a chunk's size, does not begin the time anew (CSGI-HTTP-121).
begun connection::read_waiting(read_op& op, clock::duration limit) noexcept {
  auto until = limit == clock::duration::max() ? never : driver_->now() + limit;
  for (;;) {
    const auto failed = driver_->wait(interest::readable, limit);
    if (const auto sooner = std::exchange(read_.deadline, never); sooner != never) until = sooner;   // raw_stream::wait_for() in there
    if (failed) {
      body_stalled_ = failed == std::errc::timed_out && !upgraded_;
      return refused(op, failed);
    }
    may_read_ = true;
    if (try_read(op)) return begun::completed;
    if (until != never) limit = until - driver_->now();
  }
}

/// Whether the operation is over. One that waits in its slot may be completed elsewhere meanwhile.
bool connection::try_read(read_op& op) noexcept {
  const bool waiting = read_.op == &op;
  try {
    if (!waiting && take(op)) return true;      // what was there before, one that waits has looked at
    while (may_receive() && receive(space_->input.room_for_body()))
      if (take(op)) return true;
  } catch (const std::bad_alloc&) {
    op.error = code(std::errc::not_enough_memory);
    return true;
  }
  if (broken_ || ended_) [[unlikely]] return end_read(op, waiting);
  space_->input.release();
  return false;
}

/// Whether the bytes received so far decide about the operation.
bool connection::take(read_op& op) noexcept { return upgraded_ ? take_bytes(op) : take_body(op); }

/// As nothing more comes. Whether the operation is over.
bool connection::end_read(read_op& op, bool waiting) noexcept {
  if (broken_) {
    if (waiting) return false;
    op.error = broken_;
  } else if (!upgraded_) {
    keep_ = false;
    op.error = code(std::errc::bad_message);  // the upload was cut short
  }
  return true;
}

bool connection::take_body(read_op& op) noexcept {
  workspace& s = *space_;
  if (gathered_ && take_gathered(op)) return true;
  const auto part = s.decoder.decode(s.input.unread());
  s.input.consume(part.consumed);
  switch (part.now) {
    case body_decoder::state::data: op.chunk = part.data; return true;
    case body_decoder::state::end: return true;
    case body_decoder::state::more: return false;
    case body_decoder::state::rejected: break;
  }
  keep_ = false;
  op.error = code(s.decoder.why().status == 413 ? std::errc::message_size : std::errc::bad_message);
  return true;
}

/// Behind the last byte of a body of known length there is nothing more to be read, behind a chunk there is.
bool connection::take_gathered(read_op& op) noexcept {
  workspace& s = *space_;
  op.chunk = s.input.take_gathered();
  if (op.chunk.empty() || (s.decoder.over() && s.head.body == body_kind::known)) gathered_ = false;
  return !op.chunk.empty();
}

bool connection::take_bytes(read_op& op) noexcept {
  op.chunk = space_->input.unread();
  space_->input.consume(op.chunk.size());
  return !op.chunk.empty();
}

/// RFC 9110, 10.1.1: the client that waits for 100 is told to go on when the app first asks for its body.
void connection::invite_body() noexcept {
  invited_ = true;
  workspace& s = *space_;
  if (phase() >= phase::committed || s.decoder.over() || !s.input.unread().empty()) return;
  try {
    s.output.own() += "HTTP/1.1 100 Continue\r\n\r\n";
  } catch (const std::bad_alloc&) {
    return lost(std::errc::not_enough_memory);
  }
  while (!send_output() && driver_->blocks() && !broken_)
    if (const auto failed = driver_->wait(interest::writable, shared_.deadlines.write))
      return lost(failed == std::errc::timed_out ? std::errc::timed_out : std::errc::operation_canceled);
}

// --- writing ----------------------------------------------------------------------------------------------------

begun connection::begin_write(write_op& op) noexcept {
  if (in_websocket()) return refused(op, code(std::errc::operation_not_permitted));
  return write(op);
}

begun connection::write(write_op& op) noexcept {
  op.error = no_error;
  if (driver_->blocks()) driver_->run_posted();
  if (!is_free(write_)) return refused(op, refusal(write_));
  response_framer::frame around;
  output_queue& output = space_->output;
  settle_persistence(op.then);
  if (const auto why = space_->framer.write(op.data.size(), op.then, dates_->now(), output.own(), around)) {
    if (phase() == phase::aborted) abandon_response(why);
    return refused(op, why);
  }
  if (op.data.empty() && op.then == ending::more) return completed(write_, op);
  try {
    if (!around.send_body || op.data.size() <= copied) {
      if (around.send_body) output.own() += op.data;
      if (!around.suffix.empty()) output.own() += around.suffix;
    } else {
      output.borrow(op.data, around.suffix);
    }
  } catch (const std::bad_alloc&) {
    abandon_response(code(std::errc::not_enough_memory));
    return refused(op, aborted_);
  }
  if (around.send_body) body_bytes_ += op.data.size();
  return write_framed(op, op.then);
}

/// What is in the output of a WebSocket already goes out.
begun connection::flush(operation& op) noexcept {
  op.error = no_error;
  if (driver_->blocks()) driver_->run_posted();
  if (!is_free(write_)) return refused(op, refusal(write_));
  then_ = ending::flush;
  if (try_write(op)) return begun::completed;     // a WebSocket gives others their turn by itself
  return driver_->blocks() ? write_waiting(op) : pend(write_, op, shared_.deadlines.write);
}

begun connection::begin_send_file(file_op& op) noexcept {
  op.error = no_error;
  if (in_websocket()) return refused(op, code(std::errc::operation_not_permitted));
  if (driver_->blocks()) driver_->run_posted();
  if (!is_free(write_)) return refused(op, refusal(write_));
  response_framer::frame around;
  output_queue& output = space_->output;
  settle_persistence(op.then);
  if (const auto why = space_->framer.write(op.count, op.then, dates_->now(), output.own(), around)) {
    if (phase() == phase::aborted) abandon_response(why);
    return refused(op, why);
  }
  if (op.count == 0 && op.then == ending::more) return completed(write_, op);
  output.borrow_file(op.descriptor, op.offset, around.send_body ? op.count : 0, around.suffix);
  if (around.send_body) body_bytes_ += op.count;
  return write_framed(op, op.then);
}

begun connection::write_framed(operation& op, ending then) noexcept {
  then_ = then;
  if (then == ending::finish) {
    keep_ = keep_ && space_->framer.keep_alive();
    if (gone_.op || notice_.op || drained_.op) [[unlikely]] end_waits(code(std::errc::operation_canceled));
    if (may_batch() && !app_waited_) return completed(write_, op);
  }
  if (try_write(op)) return completed(write_, op);
  return driver_->blocks() ? write_waiting(op) : pend(write_, op, shared_.deadlines.write);
}

begun connection::write_waiting(operation& op) noexcept {
  do {
    if (const auto failed = driver_->wait(interest::writable, shared_.deadlines.write)) {
      lost(failed == std::errc::timed_out ? std::errc::timed_out : std::errc::operation_canceled);
      return refused(op, failed);
    }
  } while (!try_write(op));
  return begun::completed;
}

/// Whether the operation is over, although not all is sent.
bool connection::may_end_unsent(operation& op, bool waiting) noexcept {
  if (!broken_ && !aborted_) return may_take_over() && !space_->output.take_over();
  if (waiting) return false;
  op.error = broken_ ? broken_ : aborted_;
  return true;
}

/// A connection that cannot go on after this response says so in its head.
void connection::settle_persistence(ending then) noexcept {
  const workspace& s = *space_;
  if (phase() != phase::started) return;
  if (!keep_ || draining()) space_->framer.close_after();
  if (s.decoder.over()) return;
  const bool too_much = then == ending::finish && s.head.body == body_kind::known && s.decoder.rest() > most_unwanted;
  if (!invited_ || too_much) space_->framer.close_after();
}

/// Responses of a pipeline leave together, unless somebody waits to hear that one of them has left.
bool connection::may_batch() const noexcept {
  const workspace& s = *space_;
  return keep_ && s.decoder.over() && !s.input.unread().empty() && !hooks_ && !shared_.log_access &&
         !driver_->blocks() && s.output.only_own() && s.output.memory() < batched;
}

/// A finished response of a blocking app drains without its thread; an async app may run ahead a little.
bool connection::may_take_over() const noexcept {
  const output_queue& output = space_->output;
  if (driver_->blocks()) return then_ == ending::finish && output.memory() <= handed_over;
  return !output.borrows_file() && output.memory() <= high_water_;
}

void connection::app_waits() noexcept {
  app_waited_ = true;
  if (stage_ == stage::app && !write_.op) send_output();
}

void connection::abort(std::errc reason) noexcept {
  if (phase() >= phase::finished) return;
  if (in_websocket()) space_->websocket->abort(reason);
  else abandon_response(code(reason));
}

// --- pending operations -------------------------------------------------------------------------------------------

begun connection::pend(pending& slot, operation& op, clock::duration limit) noexcept {
  slot.op = &op;
  if (limit != clock::duration::max()) slot.deadline = driver_->now() + limit;
  op.server = this;
  op.stop = [](operation& o) noexcept { static_cast<connection*>(o.server)->cancel_pending(o); };
  inline_completions_ = 0;
  return begun::pending;
}

begun connection::completed(pending& slot, operation& op) noexcept {
  if (in_websocket() || driver_->blocks() || ++inline_completions_ < most_inline) return begun::completed;
  inline_completions_ = 0;
  post(slot, op);
  return begun::pending;
}

void connection::complete(pending& slot) noexcept {
  operation& op = *std::exchange(slot.op, nullptr);
  if (&slot != &write_) slot.deadline = never;
  op.stop = nullptr;
  op.done(op);
}

void connection::complete_later(pending& slot, std::error_code error) noexcept {
  operation& op = *std::exchange(slot.op, nullptr);
  slot.deadline = never;
  op.error = error;
  // A WebSocket's own operations may outlive what is posted, and it does not call the app from inside of them.
  if ((&slot == &read_ || &slot == &write_) && in_websocket()) op.done(op);
  else post(slot, op);
}

/// Until its done() runs, the operation is still the one of its kind.
void connection::post(pending& slot, operation& op) noexcept {
  slot.ending = true;
  op.stop = nullptr;
  op.server = &slot;
  op.run = [](work& w) noexcept {
    auto& over = static_cast<operation&>(w);
    static_cast<pending*>(over.server)->ending = false;
    over.done(over);
  };
  driver_->executor().post(op);
}

void connection::cancel_pending(operation& op) noexcept {
  const auto cancelled = code(std::errc::operation_canceled);
  if (read_.op == &op) return complete_later(read_, cancelled);
  if (gone_.op == &op) return complete_later(gone_, cancelled);
  if (notice_.op == &op) return complete_later(notice_, cancelled);
  if (drained_.op == &op) return complete_later(drained_, cancelled);
  abandon_response(cancelled);
}

void connection::ready(readiness what) noexcept {
  if (what.readable || what.peer_closed || what.dead) may_read_ = true;
  if (what.peer_closed) [[unlikely]] peer_closed_ = true;
  if (stage_ != stage::app && stage_ != stage::closing) return;
  if (what.dead) [[unlikely]] return lost(std::errc::connection_reset);
  // Completing an operation may end the app, and the next request may be at hand after each of these.
  if (read_.op && try_read(static_cast<read_op&>(*read_.op))) complete(read_);
  if (what.writable && (stage_ == stage::app || stage_ == stage::closing)) {
    if (!write_.op) send_output();
    else if (try_write(*write_.op)) complete(write_);
  }
  if (drained_.op) [[unlikely]] tell_drained();
  if (peer_closed_ && gone_.op) [[unlikely]] {
    gone_.op->error = code(std::errc::connection_reset);
    complete(gone_);
  }
}

/// The response will not be whole; whoever waits on it is told.
void connection::abandon_response(std::error_code reason) noexcept {
  if (!aborted_) aborted_ = reason;
  keep_ = false;
  space_->framer.abort();
  output_queue& output = space_->output;
  if (!broken_) output.send(socket_);
  body_bytes_ -= std::min(body_bytes_, output.left_of_response());
  if (broken_) output.clear();
  else output.cut_response();   // whole responses before this one are still to be sent
  if (write_.op) complete_later(write_, aborted_);
  write_.deadline = output.empty() ? never : driver_->now() + shared_.deadlines.write;
  end_waits(code(std::errc::operation_canceled));
}

/// The transport is of no use any more.
void connection::lost(std::errc reason) noexcept {
  if (!broken_) broken_ = code(reason);
  if (!space_) return;
  end_waits(broken_);
  if ((stage_ == stage::app || stage_ == stage::closing || stage_ == stage::draining) && !response_is_whole()) abandon_response(broken_);
  else space_->output.clear();
  if (read_.op) complete_later(read_, broken_);
}

void connection::cancel_all() noexcept {
  grace_is_over_ = cancelled_ = true;
  keep_ = false;
  if ((stage_ == stage::app || stage_ == stage::closing) && in_websocket()) space_->websocket->cancel_all();
  if (stage_ == stage::draining || stage_ == stage::closing) return;    // advance() sends what goes at once, and closes
  if (stage_ == stage::gathering) return refuse_body(503);
  if (stage_ != stage::app) return close();
  cancel_app();
}

void connection::cancel_app() noexcept {
  const auto cancelled = code(std::errc::operation_canceled);
  cancelled_ = true;
  keep_ = false;
  if (read_.op) complete_later(read_, cancelled);
  end_waits(cancelled);
  if (write_.op) abandon_response(cancelled);
}

}  // namespace csgi::http1
