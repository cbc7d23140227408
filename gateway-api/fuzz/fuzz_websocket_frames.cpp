#include "require.hpp"
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_frame_reader.hpp>
#include <algorithm>
#include <vector>

using csgi::websocket_frame_reader;
using state = websocket_frame_reader::state;

namespace {

/// Messages and control frames, and how it ended: not where a refused message was cut.
struct outcome {
  std::string events;
  std::uint16_t code = 0;

  bool operator==(const outcome&) const = default;
};

/// A message's pieces put together.
class collector {
 public:
  explicit collector(const websocket_frame_reader::rules& rules) : rules_(rules) {}

  void take(const websocket_frame_reader::step& step) {
    switch (step.now) {
      case state::more: return;
      case state::data: return take_piece(step);
      case state::ping: return take_control("<ping>", step.data);
      case state::pong: return take_control("<pong>", step.data);
      case state::close:
        require(csgi::is_utf8(step.data) &&
                (step.code == csgi::websocket_close_code::none || csgi::is_websocket_close_code(step.code)));
        return take_control("<close " + std::to_string(step.code) + ">", step.data);
      case state::rejected:
        require(!step.data.empty() && (step.code == 1002 || step.code == 1007 || step.code == 1009));
        found_.code = step.code;
    }
  }

  const outcome& found() const { return found_; }

 private:
  void take_control(const std::string& name, std::string_view payload) {
    require(payload.size() <= 125);
    found_.events.append(name).append(payload);
  }

  void take_piece(const websocket_frame_reader::step& step) {
    require(step.begins == !in_message_ && (step.ends || !step.data.empty()));
    in_message_ = true;
    message_ += step.data;
    if (!step.ends) return;
    const bool text = step.type == csgi::websocket_opcode::text;
    if (!step.compressed) require(message_.size() <= rules_.message_limit && (!text || csgi::is_utf8(message_)));
    found_.events.append(text ? "<text>" : "<binary>").append(step.compressed ? "compressed " : "").append(message_);
    message_.clear();
    in_message_ = false;
  }

  websocket_frame_reader::rules rules_;
  outcome found_;
  std::string message_;
  bool in_message_ = false;
};

outcome read(const websocket_frame_reader::rules& rules, std::string_view bytes, std::size_t piece, std::size_t whole) {
  websocket_frame_reader reader(rules);
  collector to(rules);
  std::vector<char> buffer;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto next = bytes.substr(at, piece);
    buffer.insert(buffer.end(), next.begin(), next.end());
    buffer.shrink_to_fit();       // so that reading beyond it shows
    std::span<char> rest(buffer);
    for (;;) {
      const auto step = reader.read(rest, whole);
      require(step.consumed <= rest.size());
      to.take(step);
      rest = rest.subspan(step.consumed);
      if (step.now == state::more) require(step.needed > rest.size());
      if (step.now == state::more) break;
      if (step.now == state::close || step.now == state::rejected) return to.found();
    }
    buffer.erase(buffer.begin(), buffer.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }
  return to.found();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  websocket_frame_reader::rules rules;
  rules.deflate = (data[0] & 1) != 0;
  rules.sender = (data[0] & 2) != 0 ? csgi::websocket_sender::server : csgi::websocket_sender::client;
  rules.message_limit = (data[0] & 4) != 0 ? 100 : 100'000;
  const auto bytes = bytes_of(data + 1, size - 1);
  const outcome at_once = read(rules, bytes, size, 0);
  for (const std::size_t whole : {0u, 16u, 200u, 1'000'000u})
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1} + data[0] / 8u, size})
      require(read(rules, bytes, piece, whole) == at_once);
  return 0;
}
