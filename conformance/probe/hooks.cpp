// hooks.cpp - behaviours of the probe: finish hooks, and what they are told.
#include "probe.hpp"
#include <thread>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

task<> write_for_ever(async_exchange ex) {
  co_await ex.write("part");
  for (const std::string block(65'536, 'x');;) co_await ex.write(block);
}

task<> hooked(visit v) {
  for (int i = 1; i <= 3; ++i)
    v.ex.on_finish([book = &v.book, key = v.key, i](const outcome& how) {
      book->add(key, "hook " + std::to_string(i) + ": " + std::to_string(how.status) + ' ' +
                         (how.aborted ? "aborted by " + name_of(how.aborted) : "whole") + ' ' + std::to_string(how.body_bytes));
      if (i == 2) throw 42;     // does not keep the others from running
    });
  const auto how = v.ex.head().query;
  if (how == "throw") throw std::runtime_error("hooked");
  v.ex.start(how == "204" ? 204 : 200);
  if (how == "abort-early") {
    v.ex.abort(std::errc::timed_out);
    co_return;
  }
  if (how == "abort" || how == "pieces") co_await v.ex.write("part");
  if (how == "stream") co_await write_for_ever(v.ex);
  if (how == "abort") {
    v.ex.abort(std::errc::io_error);
    co_return;
  }
  co_await v.ex.finish("12345");
}

/// A hook notes that it ran, and then the app that it is still there.
task<> hooked_early(visit v) {
  v.ex.on_finish([book = &v.book, key = v.key](const outcome&) { book->add(key, "hook"); });
  co_await v.ex.respond(200, "text/plain", "done");
  co_await v.ex.sleep_for(20ms);
  v.note("app");
}

/// A response that does not fit into any buffer, finished at once.
task<> hooked_large(visit v) {
  v.note_end();
  const std::string body = pattern(number_in(v.ex.head().query));
  co_await v.ex.respond(200, "text/plain", body);
}

/// Blocks in its hook, which only a blocking app may, until "go-on" is noted.
task<> slow_hook(visit v) {
  v.ex.on_finish([book = &v.book, key = v.key](const outcome&) {
    for (int i = 0; i < 10'000 && !book->has(key, "go-on"); ++i) std::this_thread::sleep_for(1ms);
    book->add(key, "hook ended");
  });
  co_await v.ex.respond(200, "text/plain", "done");
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/hooked", hooked}, {"/hooked-early", hooked_early}, {"/hooked-large", hooked_large}, {"/slow-hook", slow_hook},
};

}  // namespace

behaviour find_hook_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
