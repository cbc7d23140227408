// observing.cpp - behaviours of the probe: what an app can see of its exchange, its executor, and its client's going.
#include "probe.hpp"
#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

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

/// What commits a response, each in a request of its own.
task<> committed_by(visit v) {
  const auto how = v.ex.head().query;
  v.ex.start(200);
  if (how == "flush") co_await v.ex.flush();
  if (how == "finish") co_await v.ex.finish();
  if (how == "file") {
    const int zeros = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
    co_await v.ex.send_file(zeros, 0, 1);
    ::close(zeros);
  }
  v.note(std::string(how) + ": " + name_of(v.ex.phase()));
  if (v.ex.phase() != phase::finished) co_await v.ex.finish();
}

/// Waits until the client has gone, without touching the body.
task<> until_gone(visit v) {
  v.note_end();
  v.note(v.ex.connected() ? "waiting" : "not connected at first");
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
  std::size_t size = 0;
  for (auto chunk = co_await v.ex.read(); !chunk.empty(); chunk = co_await v.ex.read()) size += chunk.size();
  v.note("the body has " + std::to_string(size) + " bytes");
  v.note(v.ex.connected() ? "connected again" : "still not connected");
  co_await v.ex.respond(200, "text/plain", "farewell");
}

task<> nap(visit v) {
  v.note_end();
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

/// Where the app is, after operations of each kind that have to wait for a client which sends two bytes.
task<> here(visit v) {
  const auto first = std::this_thread::get_id();
  auto& executor = v.ex.raw().executor();
  bool same = executor.here();
  const auto check = [&] { same = same && executor.here() && (!v.blocking || std::this_thread::get_id() == first); };
  v.ex.start(200);
  for (int i = 0; i < 2; ++i) {
    co_await v.ex.read();
    check();
    co_await v.ex.write("x");
    check();
    co_await v.ex.sleep_for(1ms);
    check();
  }
  co_await v.ex.flush();
  check();
  co_await v.ex.finish(same ? "here" : "elsewhere");
}

/// What another thread sees of the executor, and that what it posts is run in the app's place.
task<> posted_elsewhere(visit v) {
  struct entry final : work {
    csgi::executor* on = nullptr;
    bool ran_here = false;
    std::atomic<bool> done{false};
  } posted;
  posted.on = &v.ex.raw().executor();
  posted.run = [](work& w) noexcept {
    auto& e = static_cast<entry&>(w);
    e.ran_here = e.on->here();
    e.done.store(true);
  };
  bool here_there = true;
  {
    const std::jthread other([&] {
      here_there = posted.on->here();
      posted.on->post(posted);
    });
  }
  while (!posted.done.load()) co_await v.ex.sleep_for(1ms);
  const std::string text = std::string(here_there ? "here on another thread" : "not here on another thread") +
                           (posted.ran_here ? ", run here" : ", run elsewhere");
  co_await v.ex.respond(200, "text/plain", text);
}

/// Suspends until work that another thread posts resumes it, once or as often as asked: nothing else wakes the executor.
task<> woken(visit v) {
  struct wake final : work {
    csgi::executor& on;
    std::coroutine_handle<> waiting{};
    std::jthread other{};
    explicit wake(csgi::executor& e) : on(e) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> coroutine) {
      waiting = coroutine;
      run = [](work& w) noexcept { static_cast<wake&>(w).waiting.resume(); };
      other = std::jthread([this] { on.post(*this); });
    }
    void await_resume() const noexcept {}
  };
  for (auto left = std::max<std::uint64_t>(number_in(v.ex.head().query), 1); left > 0; --left) {
    wake by_another_thread(v.ex.raw().executor());
    co_await by_another_thread;
  }
  co_await v.ex.respond(200, "text/plain", v.ex.raw().executor().here() ? "here" : "elsewhere");
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

/// Two reads at the same time.
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
  v.ex.start(200);
  if (v.ex.head().query == "abort") v.ex.abort(std::errc::io_error);
  else co_await v.ex.finish("whole");
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

task<> timed(visit v) {
  const auto wanted = std::chrono::milliseconds(number_in(v.ex.head().query));
  const auto before = clock::now();
  co_await v.ex.sleep_for(wanted);
  co_await v.ex.respond(200, "text/plain", clock::now() - before >= wanted ? "not early" : "early");
}

/// The same while another thread posts work, a millisecond after the last has run.
task<> timed_among_posts(visit v) {
  struct entry final : work {
    std::atomic<bool> ran{true};
  } posted;
  posted.run = [](work& w) noexcept { static_cast<entry&>(w).ran.store(true); };
  const auto wanted = std::chrono::milliseconds(number_in(v.ex.head().query));
  bool early = false;
  {
    const std::jthread other([&posted, &on = v.ex.raw().executor()](const std::stop_token& over) {
      for (; !over.stop_requested(); std::this_thread::sleep_for(1ms))
        if (posted.ran.exchange(false)) on.post(posted);
    });
    const auto before = clock::now();
    co_await v.ex.sleep_for(wanted);
    early = clock::now() - before < wanted;
  }
  while (!posted.ran.load()) co_await v.ex.sleep_for(1ms);
  co_await v.ex.respond(200, "text/plain", early ? "early" : "not early");
}

task<> connected(visit v) { co_await v.ex.respond(200, "text/plain", v.ex.connected() ? "connected" : "not connected"); }

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/phases", phases}, {"/until-gone", until_gone}, {"/nap", nap}, {"/posted", posted},
    {"/here", here}, {"/cancelled-timer", cancelled_timer}, {"/two-at-once", two_at_once},
    {"/unknown-extension", unknown_extension}, {"/connected", connected}, {"/committed-by", committed_by},
    {"/posted-elsewhere", posted_elsewhere}, {"/woken", woken},
    {"/gone-at-the-end", gone_at_the_end}, {"/same-extension", same_extension}, {"/server", server}, {"/timed", timed}, {"/timed-among-posts", timed_among_posts},
};

}  // namespace

behaviour find_observing_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
