// overlapping_commands.cpp - what a player begins on its WebSocket and does not wait for. For async apps: else each waits.
#include "player.hpp"
#include <csgi/drain_notice.hpp>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

websocket& of(player& by) { return by.socket.raw(); }

template <class Operation>
task<> over(player& by, kept<Operation>& op) {
  while (!op.over) co_await by.v.ex.sleep_for(1ms);
}

task<std::string> begin_receive(player& by, const arguments& with) {
  by.receive.whole = at(with, 0) != "part";
  co_return by.receive.begun_as(of(by).begin_receive(by.receive));
}

task<std::string> second_receive(player& by, const arguments&) { co_return by.second_receive.begun_as(of(by).begin_receive(by.second_receive)); }

task<std::string> cancel_receive(player& by, const arguments&) {
  if (by.receive.over) co_return "over already";
  cancel(by.receive);
  co_return by.receive.over ? "inside of cancel()" : "asked";
}

task<std::string> end_receive(player& by, const arguments&) {
  auto waiting = over(by, by.receive);
  co_await std::move(waiting);
  co_return by.receive.error ? name_of(by.receive.error) : told_of(by.receive.got, by);
}

/// A binary message of that size.
task<std::string> begin_send(player& by, const arguments& with) {
  by.sent = pattern(number_in(at(with, 0)));
  by.send.data = by.sent;
  by.send.kind = message_kind::binary;
  co_return by.send.begun_as(of(by).begin_send(by.send));
}

task<std::string> second_send(player& by, const arguments&) {
  by.second_send.data = "second";
  by.second_send.kind = message_kind::binary;
  co_return by.second_send.begun_as(of(by).begin_send(by.second_send));
}

task<std::string> cancel_send(player& by, const arguments&) {
  if (by.send.over) co_return "over already";
  cancel(by.send);
  co_return by.send.over ? "inside of cancel()" : "asked";
}

task<std::string> end_send(player& by, const arguments&) {
  auto waiting = over(by, by.send);
  co_await std::move(waiting);
  co_return name_of(by.send.error);
}

task<std::string> begin_close(player& by, const arguments& with) {
  by.close.code = static_cast<std::uint16_t>(with.empty() ? 1000 : number_in(with[0]));
  co_return by.close.begun_as(of(by).begin_close(by.close));
}

task<std::string> second_close(player& by, const arguments&) { co_return by.second_close.begun_as(of(by).begin_close(by.second_close)); }

task<std::string> end_close(player& by, const arguments&) {
  auto waiting = over(by, by.close);
  co_await std::move(waiting);
  co_return name_of(by.close.error);
}

task<std::string> begin_gone(player& by, const arguments&) { co_return by.gone.begun_as(by.v.ex.raw().begin_gone(by.gone)); }

task<std::string> end_gone(player& by, const arguments&) {
  auto waiting = over(by, by.gone);
  co_await std::move(waiting);
  co_return name_of(by.gone.error);
}

task<std::string> begin_drains(player& by, const arguments&) { co_return by.drains.begun_as(by.v.ex.find<drain_notice>()->begin_draining(by.drains)); }

task<std::string> end_drains(player& by, const arguments&) {
  auto waiting = over(by, by.drains);
  co_await std::move(waiting);
  co_return name_of(by.drains.error);
}

constexpr named_command table[] = {
    {"begin-receive", begin_receive}, {"second-receive", second_receive}, {"cancel-receive", cancel_receive}, {"end-receive", end_receive},
    {"begin-send", begin_send}, {"second-send", second_send}, {"cancel-send", cancel_send}, {"end-send", end_send},
    {"begin-close", begin_close}, {"second-close", second_close}, {"end-close", end_close},
    {"begin-drains", begin_drains}, {"end-drains", end_drains}, {"begin-gone", begin_gone}, {"end-gone", end_gone},
};

}  // namespace

command find_overlapping_command(std::string_view name) noexcept {
  for (const auto& e : table)
    if (e.name == name) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
