// connection.cpp - a connection between its requests: reading heads, draining responses, ending well.
#include <algorithm>
#include <csgi/http1/connection.hpp>
#include <csgi/serving/received_request.hpp>
#include <csgi/plain_path.hpp>
#include <csgi/serving/unwanted_input.hpp>
#include <csgi/serving/websocket_handshake.hpp>

namespace csgi::http1 {

namespace {

constexpr auto never = clock::time_point::max();
constexpr auto time_to_turn_away = std::chrono::seconds(1);
constexpr unsigned most_in_a_row = 64;      // requests of one client, before others get their turn

/// Room for that many requests of one connection; then it gets more.
constexpr std::uint64_t numbers_at_a_time = 1 << 20;

std::uint64_t first_number(const settings& shared) noexcept {
  return shared.numbers.fetch_add(1, std::memory_order_relaxed) * numbers_at_a_time;
}

/// Whoever asks for HEAD expects no body, whatever is wrong with the rest of the head. Looks no further than the parser did,
/// so that the answer is the same however the bytes come.
bool asks_for_head(std::string_view refused) noexcept {
  constexpr int most_empty_lines = 4;     // which the parser skips
  for (int i = 0; i < most_empty_lines && refused.starts_with("\r\n"); ++i) refused.remove_prefix(2);
  return refused.starts_with("HEAD ");
}

}  // namespace

connection::connection(transport& socket, const settings& shared, workspace_pool& pool, const endpoint& peer,
                       const endpoint& local) noexcept
    : socket_(socket), shared_(shared), pool_(pool), number_(first_number(shared)), peer_(peer), local_(local) {}

connection::~connection() {
  if (space_) pool_.release(std::move(space_));
}

void connection::turn_away(clock::time_point now) noexcept {
  turned_away_ = timing_head_ = true;
  deadline_ = now + time_to_turn_away;
}

step connection::advance() noexcept {
  try {
    for (bool further = true; further;) {
      switch (stage_) {
        case stage::head:
          if (gives_way()) return step::give_way;
          further = read_head();
          break;
        case stage::gathering: further = gather(); break;
        case stage::app: return step::dispatch;
        case stage::closing: further = close_websocket(); break;
        case stage::draining: further = drain_output(); break;
        case stage::discarding: further = discard_body(); break;
        case stage::lingering: further = linger(); break;
        case stage::closed: return ended();
      }
    }
  } catch (const std::bad_alloc&) {
    shared_.observer->log(log_level::error, "out of memory: a connection is closed");
    close();
  }
  return stage_ == stage::closed ? ended() : step::wait;
}

/// Its host keeps it for as long as an event may name it: thousands that end at the same time would keep their memory until then.
step connection::ended() noexcept {
  if (space_) pool_.release(std::move(space_));
  return step::closed;
}

/// Whether others get their turn, although the next request may be at hand.
bool connection::gives_way() noexcept {
  if (in_a_row_ < most_in_a_row || !space_ || (space_->input.unread().empty() && !may_read_)) return false;
  in_a_row_ = 0;
  send_output();      // what was held back to go out with more
  return true;
}

// Each of these gives whether there is more to do right now.

bool connection::read_head() {
  if (!space_ && !may_read_) {
    wait_for_head(true);
    return false;
  }
  if (!space_) space_ = pool_.acquire();
  for (;;) {
    const auto bytes = space_->input.unread();
    if (!bytes.empty()) {
      const auto now = space_->parser.parse(bytes);
      if (now == request_parser::state::complete) return begin_request(), true;
      if (now == request_parser::state::rejected) return refuse_head(space_->parser.why().status), true;
    }
    // Whoever pipelines and does not read gets nothing more read from.
    if (!send_output()) return false;
    if (receive(space_->input.room_for_head())) continue;
    if (ended_ || broken_) return close(), false;
    in_a_row_ = 0;
    wait_for_head(bytes.empty());
    if (bytes.empty()) pool_.release(std::move(space_));
    return false;
  }
}

/// Answers what is no request, or not yet.
void connection::refuse_head(int status) noexcept {
  begin_response();
  keep_ = false;
  space_->head = {};
  space_->framer.reset({}, {});
  answer(status);
}

void connection::wait_for_head(bool idle) noexcept {
  if (idle) {
    if (deadline_ != never) return;
    parting_ = draining();
    waits_since_ = driver_->now();
    deadline_ = waits_since_ + (parting_ ? std::min<clock::duration>(patience(), shared_.deadlines.farewell) : patience());
  } else if (!timing_head_) {
    deadline_ = driver_->now() + shared_.deadlines.head;
    timing_head_ = true;
  }
}

/// How long nothing may come: for who has not said anything yet, or who was served.
clock::duration connection::patience() const noexcept {
  return served_ == 0 ? shared_.deadlines.first_byte : shared_.deadlines.idle;
}

void connection::begin_request() {
  workspace& s = *space_;
  take_head();
  s.head.scheme = "http";
  s.head.peer = peer_;
  s.head.local = local_;
  ++served_;
  ++in_a_row_;
  keep_ = s.parser.keep_alive() && !draining() && !turned_away_ && served_ != shared_.limits.requests_per_connection;
  s.framer.reset({s.head.version, s.head.method == "HEAD", keep_}, shared_.product, "websocket");
  s.decoder.reset(s.parser.chunked(), s.head.body == body_kind::known ? s.head.content_length : 0, shared_.limits.request_body);
  invited_ = !s.parser.expects_continue();
  begin_response();
  received_ = asks_since_ = driver_->now();
  if (++number_ % numbers_at_a_time == 0) number_ = first_number(shared_) + 1;
  stage_ = stage::app;
  if (shared_.deadlines.app > clock::duration::zero()) app_deadline_ = received_ + shared_.deadlines.app;
  if (turned_away_) {
    answer(503);
  } else if (s.head.body == body_kind::known && s.head.content_length > shared_.limits.request_body) {
    keep_ = false;
    answer(413);
  } else if (shared_.paths == served_paths::plain && fault_of_path(s.head.raw_path) != path_fault::none) {
    keep_ = false;
    answer(400);
  } else if (!mount_at(shared_.root_path, s.head)) {
    answer(404);
  } else if (s.parser.upgrades()) {
    const auto handshake = look_at_websocket_handshake(s.head);
    handshake_ = handshake.now == websocket_handshake::state::good;
    if (handshake.now == websocket_handshake::state::refused) answer(handshake.why.status);
  }
}

/// That of what may be no HTTP soon, and wait for long, is moved out of the block that it was received into.
void connection::take_head() {
  workspace& s = *space_;
  const std::size_t size = s.parser.size();
  if (s.parser.upgrades()) {
    const auto head = s.input.take_out_head(size);
    s.parser.reset();
    if (s.parser.parse(head) != request_parser::state::complete) throw std::bad_alloc();    // the same bytes are no other head
  } else {
    s.input.consume(size);
  }
}

void connection::begin_response() noexcept {
  deadline_ = app_deadline_ = never;
  timing_head_ = false;
  body_bytes_ = 0;
  discarded_ = discarded_framing_ = 0;
  high_water_ = default_high_water;
  inline_completions_ = 0;
  answered_ = 0;
  aborted_ = {};
  then_ = ending::more;
  body_stalled_ = gathered_ = false;
  app_blocks_ = app_waited_ = upgraded_ = handshake_ = noticed_ = false;
  space_->output.begin_response();
  if (shared_.log_access) began_ = clock::now();
}

bool connection::receive(std::span<char> room) noexcept {
  if (!may_receive()) return false;
  const auto got = socket_.receive(room);
  switch (got.now) {
    case io_result::state::done:
      space_->input.received(got.bytes);
      may_read_ = got.bytes == room.size();
      return true;
    case io_result::state::would_block:
      may_read_ = false;
      return false;
    case io_result::state::closed:
      ended_ = peer_closed_ = true;
      if (gone_.op) complete_later(gone_, std::make_error_code(std::errc::connection_reset));
      return false;
    case io_result::state::failed:
    case io_result::state::unreadable:
      lost(std::errc::connection_reset);
      return false;
  }
  return false;
}

bool connection::send_what_is_there() noexcept {
  const auto now = space_->output.send(socket_);
  if (now != output_queue::state::sent) [[unlikely]] return keep_unsent(now);
  write_.deadline = never;
  if (phase() == phase::finished) end_websocket_stream();
  return true;
}

/// Until the peer takes more, or for ever. Gives false.
bool connection::keep_unsent(output_queue::state why) noexcept {
  switch (why) {
    case output_queue::state::sent: return false;
    case output_queue::state::blocked:
      if (space_->output.progressed() || write_.deadline == never)
        write_.deadline = driver_->now() + shared_.deadlines.write;
      return false;
    case output_queue::state::failed:
      lost(std::errc::connection_reset);
      break;
    case output_queue::state::file_too_short:
      if (stage_ == stage::draining) report_fault("the file it handed over ends too early");
      abandon_response(std::make_error_code(std::errc::bad_message));
      break;
    case output_queue::state::file_unreadable:
      if (stage_ == stage::draining) report_fault("the file it handed over cannot be read");
      abandon_response(std::make_error_code(std::errc::io_error));
      break;
  }
  if (stage_ != stage::app && stage_ != stage::closing && stage_ != stage::draining) close();
  return false;
}

bool connection::drain_output() noexcept {
  const output_queue& output = space_->output;
  if (!output.empty() && !may_batch() && !send_what_is_there() && !output.empty()) {
    if (!grace_is_over_ && !driver_->cancelled()) return false;
    lost(std::errc::operation_canceled);
  }
  finish_response();
  return true;
}

bool connection::response_is_whole() const noexcept {
  return phase() == phase::finished && space_->output.empty() && !aborted_;
}

void connection::finish_response() noexcept {
  report_access();
  if (hooks_) driver_->finished({std::exchange(hooks_, nullptr), how_it_ended(), app_blocks_});
  go_on_after_response();
}

void connection::go_on_after_response() noexcept {
  workspace& s = *space_;
  s.websocket.reset();
  if (aborted_ && s.framer.until_close()) socket_.reset();  // a plain close would look like the response's end
  if (aborted_ || broken_ || grace_is_over_) return close();
  if (draining() && !s.decoder.over()) keep_ = false;   // nobody wants the rest of that body
  const bool refused = answered_ != 0 && !keep_;
  if (keep_ && !s.decoder.over()) {
    stage_ = stage::discarding;
  } else if (keep_) {
    s.input.next_request();
    s.parser.reset();
    stage_ = stage::head;
  } else if (refused || !s.decoder.over() || !s.input.unread().empty() || may_read_) {
    // Closing with bytes unread would reset the connection, and the client might lose the response.
    socket_.close_sending();
    deadline_ = driver_->now() + linger_time;
    discarded_ = discarded_framing_ = 0;
    stage_ = stage::lingering;
  } else {
    close();
  }
}

void connection::report_access() noexcept {
  if (!shared_.log_access) return;
  const request& head = space_->head;
  shared_.observer->access({peer_, head.method, head.target, to_string(head.version),
                            how_it_ended(), clock::now() - began_});
}

outcome connection::how_it_ended() const noexcept {
  const auto bytes = in_websocket() ? space_->websocket->sent() : body_bytes_;
  return {answered_ ? answered_ : space_->framer.status(), bytes, aborted_};
}

bool connection::discard_body() {
  workspace& s = *space_;
  for (;;) {
    const auto part = s.decoder.decode(s.input.unread());
    s.input.consume(part.consumed);
    discarded_ += part.data.size();
    discarded_framing_ += part.consumed - part.data.size();
    const bool too_much = discarded_ > most_unwanted || discarded_framing_ > most_unwanted;
    if (part.now == body_decoder::state::rejected || too_much) keep_ = false;
    if (part.now == body_decoder::state::end || !keep_) {
      deadline_ = never;
      go_on_after_response();
      return true;
    }
    if (part.now == body_decoder::state::data) continue;
    if (!may_receive() || !receive(s.input.room_for_body())) break;
  }
  if (ended_ || broken_) close();
  else if (deadline_ == never) deadline_ = driver_->now() + shared_.deadlines.body;
  return false;
}

bool connection::linger() {
  input_buffer& input = space_->input;
  for (input.clear(); receive(input.room_for_body()); input.clear()) {
    discarded_ += input.unread().size();
    if (discarded_ > most_unwanted) break;
  }
  if (ended_ || broken_ || discarded_ > most_unwanted) close();
  return false;
}

void connection::close() noexcept {
  stage_ = stage::closed;
  deadline_ = write_.deadline = never;
}

void connection::answer(int status) noexcept {
  if (!invited_ && !space_->decoder.over()) keep_ = false;  // nobody knows whether the body will come
  if (draining()) keep_ = false;
  answered_ = status;
  stage_ = stage::draining;
  const auto method = space_->head.method;
  const bool for_head = method.empty() ? asks_for_head(space_->input.unread()) : method == "HEAD";
  const request_facts facts{space_->head.version, for_head, keep_};
  try {
    body_bytes_ = append_server_response(space_->output.own(), status, facts, dates_->now(), shared_.product);
  } catch (const std::bad_alloc&) {
    abandon_response(std::make_error_code(std::errc::not_enough_memory));
  }
}

clock::time_point connection::deadline() const noexcept {
  const bool is_timed = (stage_ == stage::app && !cancelled_) || stage_ == stage::gathering;
  return std::min({deadline_, read_.deadline, write_.deadline, is_timed ? app_deadline_ : never});
}

clock::time_point connection::queue_deadline() const noexcept {
  const clock::duration most = shared_.deadlines.queue;
  return most > clock::duration::zero() ? asks_since_ + most : never;
}

void connection::expire() noexcept {
  const auto now = driver_->now();
  if (write_.deadline <= now) {
    write_.deadline = never;
    lost(std::errc::timed_out);
    if (stage_ == stage::draining) finish_response();
    else if (stage_ != stage::app && stage_ != stage::closing) close();
  }
  if (stage_ == stage::app && app_deadline_ <= now) return cancel_app();
  if (stage_ == stage::gathering && app_deadline_ <= now) return refuse_body(503);
  if (read_.op && read_.deadline <= now) {
    body_stalled_ = !upgraded_;
    complete_later(read_, std::make_error_code(std::errc::timed_out));
  }
  if (deadline_ > now) return;
  deadline_ = never;
  if (stage_ == stage::gathering) return refuse_body(408);
  if (stage_ != stage::head || !timing_head_ || !space_) close();
  else refuse_head(turned_away_ ? 503 : 408);
}

/// A client that sends one request after the other has the next one on its way, and would lose it: its connection is closed
/// when it has not been heard of for some time.
void connection::drain() noexcept {
  if (stage_ == stage::head && deadline_ != never && !timing_head_ && !std::exchange(parting_, true)) {
    deadline_ = std::min(deadline_, waits_since_ + shared_.deadlines.farewell);
    if (deadline_ <= driver_->now()) close();
  }
  if (stage_ == stage::discarding) keep_ = false;
  if (stage_ != stage::app) return;
  if (phase() < csgi::phase::committed) space_->framer.close_after();   // else its client was told that the connection is kept
  if (notice_.op) complete_later(notice_, {});
  else if (!noticed_ && space_->websocket) space_->websocket->go_away();
}

bool connection::wants(interest direction) const noexcept {
  if (direction == interest::readable) return read_.op != nullptr;
  return write_.op != nullptr || (space_ && !space_->output.empty());
}

}  // namespace csgi::http1
