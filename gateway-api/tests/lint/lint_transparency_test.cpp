// What a lint leaves as it is, and where its reports go.
#include "linted.hpp"
#include <csgi/lane.hpp>
#include <csgi/run.hpp>
#include <csgi/server_info.hpp>
#include <csgi/storage.hpp>
#include <csgi/thread_pool.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client_behaviour;
using testing::request_body;

namespace {

struct silent final : async_app {
  task<> http(async_exchange) override { co_return; }
};

task<int> seven_of(async_exchange) { co_return 7; }

}  // namespace

TEST_SUITE("lint: transparency") {
TEST_CASE("an app that does everything right is not mentioned, however its operations end") {
  const auto everything = [](async_exchange ex) -> task<> {
    ex.on_finish([](const outcome& how) { CHECK(how.status == 200); });
    ex.on_finish([](const outcome&) {});
    std::string all;
    ex.start(404);
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) all += chunk;
    ex.start(200, {{"content-length", "6"}});
    co_await ex.write(all);
    co_await ex.write("");
    co_await ex.flush();
    co_await ex.finish("!");
    CHECK(ex.phase() == phase::finished);
  };
  for (const auto kind : both_kinds)
    for (const auto how : {testing::completions::later, testing::completions::inside}) {
      CAPTURE(to_string(kind));
      linted one({.body = request_body::chunks({"ab", "cde"})}, {.how = how, .window = 2});
      std::string body;
      if (kind == app_kind::blocking) {
        linted wide({.body = request_body::chunks({"ab", "cde"})});
        wide.serve(kind, everything);
        CHECK(wide.text() == "");
        CHECK(wide.on.x.take() == "abcde!");
        continue;
      }
      sample_app app(kind, everything);
      lint checked(app, one.settings());
      one.on.x.begin(checked);
      one.on.loop.turn_until([&] {
        body += one.on.x.take();
        return one.on.x.ended();
      });
      CHECK(body + one.on.x.take() == "abcde!");
      CHECK(one.text() == "");
    }
}

TEST_CASE("every operation may fail, and an app that ends then is not mentioned") {
  for (const auto kind : both_kinds)
    for (const auto code : {std::errc::connection_reset, std::errc::operation_canceled, std::errc::timed_out})
      for (std::size_t k = 1; k <= 4; ++k) {
        CAPTURE(to_string(kind));
        CAPTURE(k);
        linted one({.body = "abc"}, {.fails_at = k, .fails_with = code});
        one.serve(kind, [](async_exchange ex) -> task<> {
          const auto body = co_await ex.read_all(100);
          ex.start(200);
          co_await ex.write(body);
          co_await ex.finish();
        });
        CHECK(one.text() == "");
      }
}

TEST_CASE("extensions are those of the server: storage, lane and unknown ones as they are, files and hooks on this view") {
  static constexpr extension_id unknown{"example.unknown", touches::response};
  thread_pool threads(1, 1);
  testing::test_loop loop(testing::time_flow::skipped);
  testing::memory_exchange x(loop, "GET", "/", {}, {}, {}, {.threads = &threads});
  int something = 0;
  x.offer(unknown, &something);
  sample_app app(app_kind::async, [&](async_exchange ex) -> task<> {
    CHECK(ex.raw().find(unknown) == &something);
    CHECK(ex.find<lane>() == static_cast<lane*>(x.find(lane::id)));
    CHECK(ex.find<server_info>() == x.find(server_info::id));
    CHECK(ex.find<log_sink>() == x.find(log_sink::id));
    CHECK(ex.find<file_sender>() != nullptr);
    CHECK(ex.find<file_sender>() != x.find(file_sender::id));
    CHECK(ex.find<storage>() == nullptr);
    CHECK(&ex.raw().memory() == &x.memory());
    CHECK(&ex.raw().executor() == &x.executor());
    auto call = to_thread([ex] { return run(ex, [ex] { return seven_of(ex); }); });
    const int seven = co_await call;
    CHECK(seven == 7);
    co_await answer(ex);
  });
  reports told;
  lint checked(app, told.settings());
  x.serve(checked);
  CHECK(told.text() == "");
  CHECK(x.misdeeds().empty());
  CHECK(x.result().status == 200);
}

TEST_CASE("without a callback, reports go to the log of the exchange, with the level of their clause") {
  silent app;
  lint checked(app);
  scene s;
  s.x.serve(checked);
  const auto log = s.x.result().log;
  REQUIRE(log.size() == 2);
  CHECK(log[0].level == log_level::error);
  CHECK(log[0].text == "lint: CSGI-HTTP-064 (app): done without having finished or aborted its response, in http()");
  CHECK(s.x.result().status == 500);
}

TEST_CASE("reports are bounded") {
  silent app;
  lint_settings with;
  with.most_reports = 2;
  lint checked(app, with);
  std::vector<std::string> lines;
  for (int i = 0; i < 5; ++i) {
    scene s;
    s.x.serve(checked);
    for (const auto& each : s.x.result().log)
      if (each.text.starts_with("lint: ")) lines.push_back(each.text);
  }
  REQUIRE(lines.size() == 3);
  CHECK(lines[2] == "lint: too many reports, no more will follow");
  CHECK(checked.reports() == 5);
}

TEST_CASE("a report tells the request, cut where it is long") {
  silent app;
  std::string request;
  lint_settings with;
  with.report = [&](const lint_report& r) { request = r.request; };
  lint checked(app, with);
  testing::test_loop loop(testing::time_flow::skipped);
  testing::memory_exchange x(loop, "GET", "/" + std::string(500, 'a'));
  x.serve(checked);
  CHECK(request == "GET /" + std::string(123, 'a'));
}

TEST_CASE("a composite's parts and choices are those of the app inside") {
  sample_app app(app_kind::blocking, answer);
  lint checked(app);
  CHECK(checked.parts().size() == 1);
  CHECK(checked.choose({}).kind() == app_kind::blocking);
  CHECK(&last_app(checked, {}).blocking() == &application(app).blocking());
}
}
