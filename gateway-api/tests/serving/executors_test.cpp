// executors_test.cpp - those for servers: on a blocking handler's thread, and on an io_context.
#include <csgi/serving/asio_executor.hpp>
#include <csgi/serving/finish_hook_list.hpp>
#include <csgi/serving/handler_executor.hpp>
#include <doctest/doctest.h>
#include <thread>

using csgi::begun;
using namespace std::chrono_literals;

namespace {

struct noted final : csgi::work {
  explicit noted(std::string& to, char what) : text(to), letter(what) {
    run = [](csgi::work& w) noexcept { static_cast<noted&>(w).text += static_cast<noted&>(w).letter; };
  }
  std::string& text;
  char letter;
};

}  // namespace

TEST_SUITE("handler_executor") {
TEST_CASE("CSGI-CORE-014: posted work runs at the handler's next operation, in its order") {
  csgi::handler_executor executor;
  std::string text;
  noted a(text, 'a'), b(text, 'b');
  executor.post(a);
  executor.post(b);
  CHECK(text.empty());
  executor.run_posted();
  CHECK(text == "ab");
}

TEST_CASE("a wait runs what is posted meanwhile, and lasts until its time") {
  csgi::handler_executor executor;
  std::string text;
  noted a(text, 'a');
  std::thread other([&] { executor.post(a); });
  csgi::timer_op timer;
  timer.at = csgi::clock::now() + 20ms;
  CHECK(executor.begin_wait(timer) == begun::completed);
  CHECK(csgi::clock::now() >= timer.at);
  CHECK_FALSE(timer.error);
  other.join();
  executor.run_posted();
  CHECK(text == "a");
}

TEST_CASE("CSGI-CORE-035: a wait ends when the request is to end, and so does every later one") {
  csgi::handler_executor executor;
  std::thread other([&] { executor.cancel(); });
  csgi::timer_op timer;
  timer.at = csgi::clock::now() + 1h;
  executor.begin_wait(timer);
  CHECK(timer.error == std::errc::operation_canceled);
  timer.at = csgi::clock::now() - 1h;
  executor.begin_wait(timer);
  CHECK(timer.error == std::errc::operation_canceled);
  CHECK(executor.cancelled());
  CHECK(executor.here());
  other.join();
}
}

TEST_SUITE("asio_executor") {
TEST_CASE("work and timers run on the thread that runs the io_context, posted from wherever") {
  boost::asio::io_context context(1);
  csgi::asio_executor executor(context);
  struct both final : csgi::work {
    csgi::asio_executor* on = nullptr;
    csgi::timer_op timer;
    bool there = false, timed = false;
  } w;
  w.on = &executor;
  w.timer.owner = &w;
  w.timer.at = csgi::clock::now() + 5ms;
  w.timer.done = [](csgi::operation& op) noexcept { static_cast<both*>(op.owner)->timed = true; };
  w.run = [](csgi::work& posted) noexcept {
    auto& self = static_cast<both&>(posted);
    self.there = self.on->here();
    self.on->begin_wait(self.timer);
  };
  CHECK_FALSE(executor.here());
  std::thread other([&] { executor.post(w); });
  while (!w.timed) context.run_one();
  other.join();
  CHECK(w.there);
  CHECK(csgi::clock::now() >= w.timer.at);
}

TEST_CASE("work that posts itself for ever does not keep the io_context from its other handlers") {
  boost::asio::io_context context(1);
  csgi::asio_executor executor(context);
  struct endless final : csgi::work {
    csgi::asio_executor* on = nullptr;
  } w;
  w.on = &executor;
  w.run = [](csgi::work& posted) noexcept { static_cast<endless&>(posted).on->post(posted); };
  executor.post(w);
  bool had_its_turn = false;
  boost::asio::steady_timer other(context, 1ms);
  other.async_wait([&](const boost::system::error_code&) { had_its_turn = true; });
  while (!had_its_turn) context.run_one();
}

TEST_CASE("it offers its io_context") {
  boost::asio::io_context context(1);
  csgi::asio_executor executor(context);
  auto* const offered = static_cast<csgi::asio_context*>(executor.find(csgi::asio_context::id));
  REQUIRE(offered);
  CHECK(&offered->get() == &context);
}
}

TEST_SUITE("finish_hook_list") {
TEST_CASE("CSGI-EXT-014: hooks run once, the last added first, and may free themselves") {
  csgi::finish_hook_list hooks;
  static std::string text;
  text.clear();
  struct own final : csgi::finish_hook {
    explicit own(char c) : letter(c) {
      run = [](csgi::finish_hook& h, const csgi::outcome& how) noexcept {
        const std::unique_ptr<own> self(static_cast<own*>(&h));
        text += self->letter + std::to_string(how.status);
      };
    }
    char letter;
  };
  hooks.add(*new own('a'));
  hooks.add(*new own('b'));
  hooks.run_all({.status = 200});
  hooks.run_all({.status = 500});
  CHECK(text == "b200a200");
}
}
