// socket_commands.cpp - what a player does with its WebSocket, one thing after the other.
#include "player.hpp"

namespace csgi::conformance {

namespace {

task<std::string> find(player& by, const arguments&) { co_return by.socket ? "found" : "absent"; }

task<std::string> accept(player& by, const arguments& with) {
  const auto fields = fields_from(with, 1);
  co_await by.socket.accept(at(with, 0), fields);
  co_return "done";
}

task<std::string> receive(player& by, const arguments&) {
  const message got = co_await by.socket.receive();
  co_return told_of(got, by);
}

task<std::string> receive_part(player& by, const arguments&) {
  const message got = co_await by.socket.receive_part();
  co_return told_of(got, by);
}

/// So many milliseconds; for blocking apps.
task<std::string> receive_within(player& by, const arguments& with) {
  receive_op op;
  op.limit = std::chrono::milliseconds(number_in(at(with, 0)));
  const message got = co_await await_operation<"receive">(op, [&by](receive_op& o) noexcept {
    by.socket.raw().begin_receive(o);
    return begun::completed;
  });
  co_return told_of(got, by);
}

/// A whole message, part by part, none of which may be empty but the last.
task<std::string> receive_parts(player& by, const arguments&) {
  std::string all;
  message got = co_await by.socket.receive_part();
  const auto kind = got.kind;
  bool sound = true;
  for (; got && !got.last; got = co_await by.socket.receive_part()) {
    sound = sound && !got.data.empty() && got.kind == kind;
    all += got.data;
  }
  if (!got) co_return "broken off: " + told_of(got, by);
  all += got.data;
  if (!sound || got.kind != kind) co_return "an empty part, or one of another kind";
  message whole;
  whole.data = all;
  whole.kind = kind;
  co_return told_of(whole, by);
}

/// Until it is over.
task<std::string> count(player& by, const arguments&) {
  std::size_t messages = 0, bytes = 0;
  message got = co_await by.socket.receive();
  for (; got; got = co_await by.socket.receive()) {
    ++messages;
    bytes += got.data.size();
  }
  co_return std::to_string(messages) + " with " + std::to_string(bytes) + " bytes, " + told_of(got, by);
}

task<std::string> echo(player& by, const arguments&) {
  message got = co_await by.socket.receive();
  for (; got; got = co_await by.socket.receive()) co_await by.socket.send(got);
  co_return told_of(got, by);
}

task<std::string> echo_parts(player& by, const arguments&) {
  message got = co_await by.socket.receive_part();
  for (; got; got = co_await by.socket.receive_part()) co_await by.socket.send(got);
  co_return told_of(got, by);
}

task<std::string> text(player& by, const arguments& with) {
  co_await by.socket.send(at(with, 0));
  co_return "done";
}

task<std::string> binary(player& by, const arguments& with) {
  co_await by.socket.send_binary(at(with, 0));
  co_return "done";
}

task<std::string> text_part(player& by, const arguments& with) {
  co_await by.socket.send(at(with, 0), false);
  co_return "done";
}

task<std::string> binary_part(player& by, const arguments& with) {
  co_await by.socket.send_binary(at(with, 0), false);
  co_return "done";
}

task<std::string> text_pattern(player& by, const arguments& with) {
  const std::string bytes = pattern(number_in(at(with, 0)));
  co_await by.socket.send(bytes);
  co_return "done";
}

task<std::string> binary_pattern(player& by, const arguments& with) {
  const std::string bytes = pattern(number_in(at(with, 0)));
  co_await by.socket.send_binary(bytes);
  co_return "done";
}

task<std::string> binary_pattern_part(player& by, const arguments& with) {
  const std::string bytes = pattern(number_in(at(with, 0)));
  co_await by.socket.send_binary(bytes, false);
  co_return "done";
}

/// Sends messages of that size until that fails.
task<std::string> send_for_ever(player& by, const arguments& with) {
  const std::string bytes = pattern(number_in(at(with, 0)));
  for (;;) co_await by.socket.send_binary(bytes);
}

/// So many bytes, so many times.
task<std::string> messages(player& by, const arguments& with) {
  const std::string bytes = pattern(number_in(at(with, 0)));
  for (auto left = number_in(at(with, 1)); left > 0; --left) co_await by.socket.send_binary(bytes);
  co_return "done";
}

task<std::string> close(player& by, const arguments& with) {
  const auto code = with.empty() ? 1000 : number_in(with[0]);
  co_await by.socket.close(static_cast<std::uint16_t>(code), at(with, 1));
  co_return "done";
}

/// How it ended. Requires: it has.
task<std::string> tell_end(player& by, const arguments&) {
  message none;
  none.open = false;
  co_return told_of(none, by);
}

constexpr named_command table[] = {
    {"find", find}, {"accept", accept}, {"receive", receive}, {"receive-part", receive_part}, {"receive-parts", receive_parts},
    {"receive-within", receive_within},
    {"count", count}, {"echo", echo}, {"echo-parts", echo_parts}, {"text", text}, {"binary", binary}, {"text-part", text_part},
    {"binary-part", binary_part}, {"text-pattern", text_pattern}, {"pattern", binary_pattern}, {"pattern-part", binary_pattern_part},
    {"send-for-ever", send_for_ever}, {"messages", messages}, {"close", close}, {"end", tell_end},
};

}  // namespace

command find_socket_command(std::string_view name) noexcept {
  for (const auto& e : table)
    if (e.name == name) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
