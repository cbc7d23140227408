// websocket_conversation.cpp - see csgi/testing/websocket_conversation.hpp.
#include <csgi/serving/websocket_close.hpp>
#include <csgi/testing/client.hpp>
#include <csgi/testing/websocket_conversation.hpp>
#include <ostream>

namespace csgi::testing {

namespace {

std::string in_words(const websocket_farewell& f) {
  if (f.code == websocket_close_code::abnormal) return "it was lost";
  std::string words = "closed with " + std::to_string(f.code);
  if (!f.reason.empty()) words += " \"" + f.reason + '"';
  return words;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const received_message& m) {
  return out << (m.kind == message_kind::text ? "text \"" : "binary \"") << m.data << '"';
}

std::ostream& operator<<(std::ostream& out, const websocket_farewell& f) { return out << in_words(f); }

websocket_over::websocket_over(websocket_farewell how)
    : std::runtime_error("no message: the conversation is over, " + in_words(how)), how_(std::move(how)) {}

websocket_conversation::websocket_conversation(conversation live, bool responsive)
    : live_(std::move(live)),
      reader_({.message_limit = std::numeric_limits<std::uint64_t>::max(), .deflate = false, .sender = websocket_sender::server}),
      responsive_(responsive) {}

template <class Over>
void websocket_conversation::wait(Over over) {
  if (!live_.client_->loop().turn_until(over)) test_loop::raise_stuck();
}

// --- the answer ---------------------------------------------------------------------------------------------------

/// Whether the 101 is there.
bool websocket_conversation::is_open() {
  if (head_ || !exchange().has_head()) return head_.has_value();
  response r = exchange().result();
  if (r.status != 101) return false;
  live_.client_->take_cookies(exchange());
  head_ = std::move(r);
  return true;
}

bool websocket_conversation::accepted() {
  wait([this] { return is_answered(); });
  return is_open() || live_.head().status == 101;
}

response websocket_conversation::answer() {
  if (accepted()) return *head_;
  if (!declined_) declined_ = live_.finish();
  return *declined_;
}

std::string websocket_conversation::subprotocol() {
  require_acceptance();
  return std::string(testing::find_field(head_->fields, "sec-websocket-protocol").value_or(""));
}

/// Whether the app has accepted, or declined. A refusal that goes on and on is not waited for, only what it says at once.
bool websocket_conversation::is_settled() {
  if (!is_answered()) return false;
  if (accepted()) return true;
  const bool ended = live_.collect();
  return ended || (!exchange().over() && !exchange().write_pending());
}

void websocket_conversation::require_acceptance() {
  if (accepted()) return;
  wait([this] { return is_settled(); });
  if (exchange().over()) raise_declined(answer().status, declined_->body);
  raise_declined(exchange().result().status, live_.body_);
}

void websocket_conversation::raise_declined(int status, const std::string& body) {
  throw std::logic_error("the app has not accepted, but answered " + std::to_string(status) + ": " + body);
}

// --- sending ------------------------------------------------------------------------------------------------------

void websocket_conversation::give(const websocket_frame& frame, std::string_view payload) {
  constexpr websocket_key key = {'\x37', '\x01', '\x7e', '\x20'};
  std::string bytes;
  append_websocket_frame(bytes, frame, payload, key);
  exchange().give(std::move(bytes));
}

void websocket_conversation::answer_with(websocket_opcode opcode, std::string_view payload) {
  if (responsive_) give({.opcode = opcode, .ends = true, .compressed = false}, payload);
}

void websocket_conversation::send_frame(const websocket_frame& frame, std::string_view payload) {
  require_acceptance();
  give(frame, payload);
  wait([this] { return is_taken(); });
}

/// Whether the app's side has taken all that was given.
bool websocket_conversation::is_taken() {
  take_frames();
  return exchange().body_taken() || exchange().over();
}

websocket_frame websocket_conversation::next_part(message_kind kind, bool last) noexcept {
  const auto begins = kind == message_kind::text ? websocket_opcode::text : websocket_opcode::binary;
  const bool goes_on = std::exchange(in_message_, !last);
  return {.opcode = goes_on ? websocket_opcode::continuation : begins, .ends = last, .compressed = false};
}

void websocket_conversation::send(std::string_view text, bool last) { send_frame(next_part(message_kind::text, last), text); }

void websocket_conversation::send_binary(std::string_view data, bool last) {
  send_frame(next_part(message_kind::binary, last), data);
}

void websocket_conversation::ping(std::string_view payload) {
  const auto before = pongs_;
  send_frame({.opcode = websocket_opcode::ping, .ends = true, .compressed = false}, payload);
  wait([&] {
    const bool over = exchange().over();
    take_frames();
    return pongs_ > before || over;
  });
  if (pongs_ == before) raise_over();
}

void websocket_conversation::close(std::uint16_t code, std::string_view reason) {
  require_acceptance();
  if (std::exchange(closed_, true)) return;
  send_frame({.opcode = websocket_opcode::close, .ends = true, .compressed = false}, websocket_close_payload(code, reason).bytes());
}

// --- receiving ----------------------------------------------------------------------------------------------------

/// Whether receive() has an answer: a message, or that none will come.
bool websocket_conversation::has_message() {
  const bool ended = exchange().ended();      // before, so that nothing comes behind what is taken
  take_frames();
  return !messages_.empty() || ended;
}

received_message websocket_conversation::receive() {
  require_acceptance();
  wait([this] { return has_message(); });
  if (messages_.empty()) raise_over();
  received_message first = std::move(messages_.front());
  messages_.erase(messages_.begin());
  return first;
}

websocket_farewell websocket_conversation::end() {
  require_acceptance();
  outcome();
  live_.client_->raise_failure(exchange());
  return farewell_;
}

csgi::outcome websocket_conversation::outcome() {
  wait([this] {
    take_frames();
    return exchange().ended();
  });
  take_frames();
  return exchange().result().how;
}

/// Its exception says more than how it ended.
void websocket_conversation::raise_over() {
  outcome();
  live_.client_->raise_failure(exchange());
  throw websocket_over(farewell_);
}

void websocket_conversation::take_frames() {
  if (!is_open()) return;
  unread_ += exchange().take();
  std::size_t done = 0;
  for (;;) {
    const auto step = reader_.read({unread_.data() + done, unread_.size() - done});
    done += step.consumed;
    if (step.now == websocket_frame_reader::state::more) break;
    take(step);
    if (step.now == websocket_frame_reader::state::close || step.now == websocket_frame_reader::state::rejected) break;
  }
  unread_.erase(0, done);
}

void websocket_conversation::take(const websocket_frame_reader::step& frame) {
  using state = websocket_frame_reader::state;
  switch (frame.now) {
    case state::more: return;
    case state::data:
      part_.kind = frame.type == websocket_opcode::text ? message_kind::text : message_kind::binary;
      part_.data += frame.data;
      if (frame.ends) messages_.push_back(std::exchange(part_, {}));
      return;
    case state::pong: ++pongs_; return;
    case state::ping: return answer_with(websocket_opcode::pong, frame.data);
    case state::close:
      if (farewell_.code != websocket_close_code::abnormal) return;
      farewell_ = {frame.code, std::string(frame.data)};
      if (!std::exchange(closed_, true)) answer_with(websocket_opcode::close, websocket_close_payload(frame.code).bytes());
      return;
    case state::rejected: throw std::logic_error("the server sends what no client takes: " + std::string(frame.data));
  }
}

}  // namespace csgi::testing
