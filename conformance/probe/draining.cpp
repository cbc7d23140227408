// draining.cpp - behaviours of the probe: what a running request learns of its server's stop.
#include "probe.hpp"
#include <csgi/drain_notice.hpp>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

/// Blocking apps ask from time to time.
task<> drains(visit v) {
  if (!v.blocking) {
    co_await server_drains(v.ex);
    co_return;
  }
  while (!draining(v.ex)) co_await v.ex.sleep_for(5ms);
}

/// A stream without end, but for the server's; then what it was sent meanwhile.
task<> until_draining(visit v) {
  v.ex.start(200);
  co_await v.ex.write(draining(v.ex) ? "draining\n" : "serving\n", ending::flush);
  v.note("serving");
  co_await drains(v);
  co_await drains(v);               // which it still does
  co_await v.ex.write(draining(v.ex) ? "draining\n" : "serving again\n", ending::flush);
  for (auto chunk = co_await v.ex.read(); !chunk.empty(); chunk = co_await v.ex.read()) co_await v.ex.write(chunk);
  co_await v.ex.finish("farewell\n");
}

struct watched final : operation {
  bool over = false;

  watched() noexcept {
    done = [](operation& op) noexcept { static_cast<watched&>(op).over = true; };
  }

  std::string begun_on(visit& v) noexcept {
    const begun how = v.ex.find<drain_notice>()->begin_draining(*this);
    over = how == begun::completed;
    return over ? name_of(error) : "pending";
  }
};

/// What the notice says as long as nobody stops the server.
task<> undrained(visit v) {
  watched first, second;
  std::string told = "first: " + first.begun_on(v);
  if (!first.over) {
    told += ", second: " + second.begun_on(v);
    cancel(first);
    if (first.over) told += ", ended inside cancel()";
    while (!first.over) co_await v.ex.sleep_for(1ms);
    told += ", cancelled: " + name_of(first.error) + ", again: " + second.begun_on(v);
    cancel(second);
    while (!second.over) co_await v.ex.sleep_for(1ms);
  }
  co_await v.ex.respond(200, "text/plain", told);
}

/// The response ends, or the request is to, while the notice is waited for.
task<> undrained_at_the_end(visit v) {
  watched wait;
  v.note("wait: " + wait.begun_on(v));
  v.ex.start(200);
  const auto how = v.ex.head().query;
  if (how == "abort") v.ex.abort(std::errc::io_error);
  if (how == "finish") co_await v.ex.finish("whole");
  while (!wait.over) co_await v.ex.sleep_for(1ms);
  v.note("ended: " + name_of(wait.error));
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/until-draining", until_draining}, {"/undrained", undrained}, {"/undrained-at-the-end", undrained_at_the_end},
};

}  // namespace

behaviour find_draining_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
