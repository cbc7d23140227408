// handler_exchange.cpp - see csgi/serving/handler_exchange.hpp.
#include <csgi/as_blocking.hpp>
#include <csgi/serving/app_end.hpp>
#include <csgi/serving/handler_exchange.hpp>
#include <csgi/serving/unwanted_input.hpp>

namespace csgi { inline namespace v1 {

namespace {

std::error_code code(std::errc e) noexcept { return std::make_error_code(e); }

begun completed(operation& op, std::error_code outcome) noexcept {
  op.error = outcome;
  return begun::completed;
}

}  // namespace

handler_exchange::handler_exchange(const surroundings& in, socket_stream& over, const library_head& from)
    : served_exchange(in), stream_(over), in_(in) {
  why_ = request_.read(from, in.options);
  decoder_.reset(head().body == body_kind::unknown, head().content_length, in.options.limits.request_body);
  framer_.reset({from.version, from.method == "HEAD", request_.keep_alive() && !draining()}, in.product);
  invited_ = !request_.expects_continue();
}

void* handler_exchange::find(const extension_id& wanted) noexcept {
  return wanted == drain_notice::id ? static_cast<drain_notice*>(this) : served_exchange::find(wanted);
}

bool handler_exchange::serve(bool room) noexcept {
  try {
    if (why_) answer(why_.status, why_.status != 404);
    else if (!room) answer(503, false);
    else run_app();
  } catch (const std::bad_alloc&) {
    give_up(code(std::errc::not_enough_memory));
    stream_.reset();
  }
  if (aborted_ && framer_.until_close()) stream_.reset();
  conclude({answered_ ? answered_ : framer_.status(), body_bytes_, aborted_}, began_);
  return !aborted_ && !lost_ && framer_.keep_alive() && !draining() && read_past_body();
}

void handler_exchange::run_app() {
  std::exception_ptr failure;
  try {
    call_app();
  } catch (...) {
    failure = std::current_exception();
  }
  executor_.run_posted();
  const bool cut_short = stream_.ended() && !decoder_.over();
  const auto end = judge_end({
      .phase = phase(),
      .failure = std::move(failure),
      .lost = lost_,
      .aborted = aborted_,
      .sent = phase() == phase::finished && !aborted_,
      .peer_closed = stream_.peer_has_gone(),
      .cancelled = executor_.cancelled(),
      .body_stalled = stalled_,
      .bad_body = decoder_.why() ? decoder_.why().status : cut_short ? 400 : 0,
  });
  if (!end.fault.empty()) log(log_level::error, end.fault);
  if (end.close) framer_.close_after();
  if (end.then == app_end::action::abort) give_up(end.why);
  if (end.then == app_end::action::answer) answer(end.status, end.close);
}

void handler_exchange::call_app() {
  const auto chosen = in_.app.resolve(head());
  if (chosen.kind() == app_kind::blocking) chosen.blocking().http(blocking_exchange(*this));
  else as_blocking(chosen.async()).http(blocking_exchange(*this));
}

void handler_exchange::answer(int status, bool close) {
  answered_ = status;
  if (close || draining() || (!invited_ && !decoder_.over())) framer_.close_after();
  std::string text;
  const request_facts facts{head().version, head().method == "HEAD", framer_.keep_alive()};
  const auto body = append_server_response(text, status, facts, dates_.now(), in_.product);
  std::uint64_t sent = 0;
  if (const auto failed = stream_.send(text, sent)) give_up(lost_ = failed);
  else body_bytes_ = body;
}

/// Whether what the app has left of the body is read: it is no request.
bool handler_exchange::read_past_body() {
  std::string_view chunk;
  for (std::uint64_t passed = 0; !decoder_.over(); passed += chunk.size())
    if (passed > most_unwanted || read(chunk)) return false;
  return true;
}

// --- what the app does ----------------------------------------------------------------------------------------------

std::error_code handler_exchange::refusal() noexcept {
  executor_.run_posted();
  if (executor_.cancelled()) return code(std::errc::operation_canceled);
  if (lost_) return lost_;
  return phase() >= phase::finished ? code(std::errc::operation_not_permitted) : std::error_code{};
}

std::error_code handler_exchange::start(const response_head& head) noexcept {
  executor_.run_posted();
  return framer_.start(head);
}

begun handler_exchange::begin_read(read_op& op) noexcept {
  op.chunk = {};
  if (const auto why = refusal()) return completed(op, why);
  if (const auto failed = invite()) return completed(op, failed);
  const auto failed = read(op.chunk);
  if (failed == std::errc::connection_reset) give_up(lost_ = failed);
  stalled_ = failed == std::errc::timed_out;
  return completed(op, failed);
}

/// RFC 9110, 10.1.1: the client that waits for 100 is told to go on when the app first asks for its body.
std::error_code handler_exchange::invite() {
  if (std::exchange(invited_, true) || phase() >= phase::committed || !stream_.unread().empty()) return {};
  std::uint64_t sent = 0;
  const auto failed = stream_.send("HTTP/1.1 100 Continue\r\n\r\n", sent);
  if (failed) give_up(lost_ = failed);
  return failed;
}

std::error_code handler_exchange::read(std::string_view& chunk) {
  for (;;) {
    const auto part = decoder_.decode(stream_.unread());
    stream_.consume(part.consumed);
    chunk = part.data;
    if (part.now == body_decoder::state::data || part.now == body_decoder::state::end) return {};
    if (part.now == body_decoder::state::rejected)
      return code(decoder_.why().status == 413 ? std::errc::message_size : std::errc::bad_message);
    if (const auto failed = stream_.receive(in_.options.deadlines.body)) return failed;
    if (stream_.ended()) return code(std::errc::bad_message);
  }
}

begun handler_exchange::begin_write(write_op& op) noexcept {
  if (const auto why = refusal()) return completed(op, why);
  try {
    return completed(op, write(op));
  } catch (const std::bad_alloc&) {
    give_up(code(std::errc::not_enough_memory));
    return completed(op, aborted_);
  }
}

std::error_code handler_exchange::write(const write_op& op) {
  if (phase() == phase::started) {
    const bool too_much = op.then == ending::finish && head().content_length > most_unwanted;
    if (draining() || decoder_.why() || (!decoder_.over() && (!invited_ || too_much || stream_.ended()))) framer_.close_after();
  }
  std::string before;
  response_framer::frame around;
  if (const auto why = framer_.write(op.data.size(), op.then, dates_.now(), before, around)) {
    if (phase() == phase::aborted) give_up(why);
    return why;
  }
  const auto body = around.send_body ? op.data : std::string_view();
  if (body.size() <= 4 * 1024) before.append(body).append(around.suffix);
  std::uint64_t sent = 0;
  auto failed = stream_.send(before, sent);
  if (!failed && body.size() > 4 * 1024) {
    sent = 0;
    failed = stream_.send(body, sent);
    std::uint64_t ignored = 0;
    if (!failed) failed = stream_.send(around.suffix, ignored);
    body_bytes_ += sent;
  } else if (!failed) {
    body_bytes_ += body.size();
  }
  if (failed) give_up(lost_ = failed);
  return failed;
}

begun handler_exchange::begin_gone(operation& op) noexcept { return completed(op, code(std::errc::operation_not_supported)); }

void handler_exchange::abort(std::errc reason) noexcept {
  if (phase() < phase::finished) give_up(code(reason));
}

/// The response will not be whole.
void handler_exchange::give_up(std::error_code why) noexcept {
  if (!aborted_) aborted_ = why;
  framer_.abort();
}

void refuse(socket_stream& over, int status, bool for_head, std::string_view product) {
  std::string text;
  std::uint64_t sent = 0;
  append_server_response(text, status, {.head_request = for_head, .keep_alive = false}, date_cache().now(), product);
  over.send(text, sent);
}

}}  // namespace csgi::v1
