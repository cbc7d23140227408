// observing.cpp - behaviours of the probe: what an app can see of its exchange, its executor, and its client's going.
#include "probe.hpp"
#include <thread>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

std::string name_of(phase p) {
  constexpr const char* names[] = {"open", "started", "committed", "finished", "aborted"};
  return names[static_cast<unsigned char>(p)];
}

task<> phases(visit v) {
  v.note("at first " + name_of(v.ex.phase()));
  v.ex.start(200);
  v.note("started: " + name_of(v.ex.phase()));
  co_await v.ex.write("");
  v.note("an empty write: " + name_of(v.ex.phase()));
  co_await v.ex.write("x");
  v.note("a write: " + name_of(v.ex.phase()));
  co_await v.ex.finish();
  v.note("finish: " + name_of(v.ex.phase()));
}

task<> hooked(visit v) {
  for (int i = 1; i <= 3; ++i)
    v.ex.on_finish([book = &v.book, key = v.key, i](const outcome& how) {
      book->add(key, "hook " + std::to_string(i) + ": " + std::to_string(how.status) + ' ' + std::to_string(how.body_bytes) +
                         (how.aborted ? " aborted" : " whole"));
      if (i == 2) throw 42;     // does not keep the others from running
    });
  if (v.ex.head().query == "throw") throw std::runtime_error("hooked");
  v.ex.start(200);
  if (v.ex.head().query == "abort") {
    co_await v.ex.write("part");
    throw std::runtime_error("hooked");
  }
  co_await v.ex.finish("12345");
}

/// Waits until the client has gone, without touching the body.
task<> until_gone(visit v) {
  v.note("waiting");
  if (v.blocking) {
    while (v.ex.connected()) co_await v.ex.sleep_for(5ms);
    v.note("gone");
  } else {
    try {
      co_await v.ex.gone();
    } catch (const disconnected&) {
      v.note("gone");
    } catch (const cancelled&) {
      v.note("cancelled");
    }
  }
  v.note(v.ex.connected() ? "still connected" : "not connected");
  const auto chunk = co_await v.ex.read();
  v.note("the body has " + std::to_string(chunk.size()) + " bytes");
  co_await v.ex.respond(200, "text/plain", "farewell");
}

task<> nap(visit v) {
  v.note("napping");
  bool stopped = false;
  try {
    co_await v.ex.sleep_for(std::chrono::milliseconds(number_in(v.ex.head().query)));
  } catch (const cancelled&) {
    stopped = true;
  }
  v.note(stopped ? "stopped" : "slept");
  if (stopped) raise(std::make_error_code(std::errc::operation_canceled), "nap");
  co_await v.ex.respond(200, "text/plain", "rested");
}

/// Work posted to the executor runs in order, on the app's thread.
task<> posted(visit v) {
  struct entry final : work {
    std::string* order;
    char letter;
    std::thread::id thread;
  };
  std::string order;
  entry posts[3];
  for (int i = 0; i < 3; ++i) {
    posts[i].order = &order;
    posts[i].letter = static_cast<char>('a' + i);
    posts[i].run = [](work& w) noexcept {
      auto& e = static_cast<entry&>(w);
      e.thread = std::this_thread::get_id();
      *e.order += e.letter;
    };
    v.ex.raw().executor().post(posts[i]);
  }
  const std::string at_once = order;
  co_await v.ex.sleep_for(1ms);
  const auto here = std::this_thread::get_id();
  bool same = true;
  for (const auto& e : posts) same = same && e.thread == here;
  const std::string text = at_once + '|' + order + (same ? "|same thread" : "|another thread");
  co_await v.ex.respond(200, "text/plain", text);
}

task<> here(visit v) {
  const bool first = v.ex.raw().executor().here();
  auto* const executor = &v.ex.raw().executor();
  co_await v.ex.sleep_for(1ms);
  const bool same = first && executor->here() && executor == &v.ex.raw().executor();
  co_await v.ex.respond(200, "text/plain", same ? "here" : "elsewhere");
}

/// A timer that is cancelled ends early, with operation_canceled, and not inside cancel().
task<> cancelled_timer(visit v) {
  struct watched final : timer_op {
    bool ended = false;
  } timer;
  timer.at = clock::now() + 1h;
  timer.done = [](operation& op) noexcept { static_cast<watched&>(op).ended = true; };
  std::string text = "pending";
  if (v.ex.raw().executor().begin_wait(timer) == begun::pending) {
    cancel(timer);
    text = timer.ended ? "inside cancel" : "later";
    while (!timer.ended) co_await v.ex.sleep_for(1ms);
    text += timer.error == std::errc::operation_canceled ? ", canceled" : ", " + timer.error.message();
  }
  co_await v.ex.respond(200, "text/plain", text);
}

/// Two reads, then two waits for the client's going, at the same time.
task<> two_at_once(visit v) {
  struct watched final : read_op {
    bool ended = false;
  } first;
  read_op second;
  const auto end = [](operation& op) noexcept { static_cast<watched&>(op).ended = true; };
  first.done = end;
  second.done = [](operation&) noexcept {};
  std::string text = "completed";
  if (v.ex.raw().begin_read(first) == begun::pending) {
    const bool refused = v.ex.raw().begin_read(second) == begun::completed && second.error == std::errc::operation_in_progress;
    text = refused ? "refused" : "taken";
    cancel(first);
    v.note("cancelled");
    while (!first.ended) co_await v.ex.sleep_for(1ms);
    text += first.error == std::errc::operation_canceled ? ", canceled" : ", " + first.error.message();
    const auto chunk = co_await v.ex.read();    // what the cancelled one did not take is still there
    text += ", " + std::string(chunk);
  }
  co_await v.ex.respond(200, "text/plain", text);
}

task<> unknown_extension(visit v) {
  constexpr extension_id id{"test.example.no-such-extension", touches::nothing};
  co_await v.ex.respond(200, "text/plain", v.ex.raw().find(id) ? "found" : "absent");
}

/// A wait for the client's going that is pending when the response ends.
task<> gone_at_the_end(visit v) {
  struct watched final : operation {
    bool ended = false;
  } wait;
  wait.done = [](operation& op) noexcept { static_cast<watched&>(op).ended = true; };
  const bool pends = v.ex.raw().begin_gone(wait) == begun::pending;
  co_await v.ex.respond(200, "text/plain", "whole");
  while (pends && !wait.ended) co_await v.ex.sleep_for(1ms);
  v.note(wait.error == std::errc::operation_canceled ? "canceled" : "gone: " + wait.error.message());
}

task<> same_extension(visit v) {
  auto* const hooks = v.ex.raw().find(finish_hooks::id);
  co_await v.ex.sleep_for(1ms);
  co_await v.ex.respond(200, "text/plain", hooks && hooks == v.ex.raw().find(finish_hooks::id) ? "same" : "another");
}

task<> server(visit v) {
  const auto* info = v.ex.find<server_info>();
  co_await v.ex.respond(200, "text/plain", info && !info->name.empty() && !info->version.empty() ? "named" : "nameless");
}

/// Blocks in its hook, which only a blocking app may.
task<> slow_hook(visit v) {
  v.ex.on_finish([book = &v.book, key = v.key](const outcome&) {
    std::this_thread::sleep_for(1s);
    book->add(key, "hook ended");
  });
  co_await v.ex.respond(200, "text/plain", "done");
}

task<> timed(visit v) {
  const auto wanted = std::chrono::milliseconds(number_in(v.ex.head().query));
  const auto before = clock::now();
  co_await v.ex.sleep_for(wanted);
  co_await v.ex.respond(200, "text/plain", clock::now() - before >= wanted ? "not early" : "early");
}

task<> logs(visit v) {
  v.ex.log(log_level::info, "a message\nof two lines");
  co_await v.ex.respond(200, "text/plain", "logged");
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/phases", phases}, {"/hooked", hooked}, {"/until-gone", until_gone}, {"/nap", nap}, {"/posted", posted},
    {"/here", here}, {"/cancelled-timer", cancelled_timer}, {"/two-at-once", two_at_once},
    {"/unknown-extension", unknown_extension}, {"/logs", logs},
    {"/gone-at-the-end", gone_at_the_end}, {"/same-extension", same_extension}, {"/server", server}, {"/slow-hook", slow_hook}, {"/timed", timed},
};

}  // namespace

behaviour find_observing_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
