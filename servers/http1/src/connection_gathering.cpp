// connection_gathering.cpp - a connection that receives a body before its app runs: who is slow holds no thread meanwhile.
#include <csgi/http1/connection.hpp>

namespace csgi::http1 {

namespace {

constexpr auto never = clock::time_point::max();
constexpr std::size_t most_received = 4 * block_pool::block_size;      // the framing of small chunks is several times their data

}  // namespace

bool connection::has_whole_body() const noexcept {
  const workspace& s = *space_;
  if (s.decoder.over()) return true;
  return s.head.body == body_kind::known && s.input.unread().size() >= s.decoder.rest();
}

void connection::gather_body() noexcept {
  gathered_ = true;
  gathered_from_ = 0;
  stage_ = stage::gathering;
}

/// Whether there is more to do right now.
bool connection::gather() {
  send_output();        // what was held back to go out with more
  if (stage_ != stage::gathering) return true;
  input_buffer& input = space_->input;
  for (;;) {
    const auto part = space_->decoder.decode(input.unread().substr(0, input.room_to_gather()));
    if (!part.data.empty()) input.gather(part.data);
    input.consume(part.consumed);
    gathered_from_ += part.consumed;
    if (!part.data.empty()) deadline_ = never;
    if (part.now == body_decoder::state::rejected) return refuse_body(space_->decoder.why().status), true;
    const bool full = input.room_to_gather() == 0 || gathered_from_ > most_received;
    if (part.now == body_decoder::state::end || full) return stop_gathering(), true;
    if (part.now == body_decoder::state::data || !input.unread().empty()) continue;
    if (!may_receive() || !receive(input.room_for_body())) break;
  }
  if (broken_) return close(), false;
  if (ended_) return refuse_body(400), true;    // the upload was cut short
  input.release();
  if (deadline_ == never) deadline_ = driver_->now() + shared_.deadlines.body;
  return false;
}

void connection::stop_gathering() noexcept {
  deadline_ = never;
  asks_since_ = driver_->now();
  stage_ = stage::app;
}

void connection::refuse_body(int status) noexcept {
  deadline_ = never;
  keep_ = false;
  answer(status);
}

}  // namespace csgi::http1
