#include <csgi/app.hpp>
#include <csgi/informational.hpp>
#include <csgi/testing/client.hpp>
#include <csgi/trailers.hpp>
#include <doctest/doctest.h>
#include <mutex>

// The example of the README, as a stranger would write it.

namespace {

struct guest_book final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    if (ex.head().path == "/news") return tell(ex);
    const std::lock_guard lock(mutex);
    if (ex.head().method == "POST") {
      names += ex.read_all(1000) + "\n";
      ex.start(303, {{"location", "/"}, {"set-cookie", "signed=yes"}});
      return ex.finish();
    }
    ex.respond(200, "text/plain", ex.head().field("cookie") ? names + "(you too)\n" : names);
  }

  static void tell(csgi::blocking_exchange ex) {
    ex.start(200, {{"content-type", "text/event-stream"}});
    for (int i = 1;; ++i) {
      ex.write("data: " + std::to_string(i) + "\n\n", csgi::ending::flush);
      ex.sleep_for(std::chrono::hours(1));
    }
  }

  std::mutex mutex;
  std::string names;
};

/// Sums what is sent, and says meanwhile what its page will need.
struct uploads final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const csgi::field style[] = {{"link", "</style.css>; rel=preload"}};
    co_await csgi::inform(ex, 103, style);
    std::size_t bytes = 0;
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) bytes += chunk.size();
    const std::string sum = std::to_string(bytes);
    csgi::announce_trailers(ex, {"x-checksum"});
    ex.start(csgi::find_field(csgi::received_trailers(ex), "x-checksum") == sum ? 200 : 400);
    csgi::set_trailers(ex, {{"x-checksum", sum}});
    co_await ex.finish("summed\n");
  }
};

}  // namespace

TEST_SUITE("the example of the test client") {
TEST_CASE("what is around a response is in it") {
  uploads app;
  csgi::testing::client c(app);
  const auto r = c.post("/upload", {.body = csgi::testing::request_body::chunks({"ab", "c"}), .trailers = {{"x-checksum", "3"}}});
  CHECK(r.status == 200);
  CHECK(r.informational.at(0).status == 103);
  CHECK(r.trailer("x-checksum") == "3");
}

TEST_CASE("who signs is in the book") {
  guest_book app;
  csgi::testing::client c(app);
  CHECK(c.get("/").body.empty());

  const auto r = c.post("/", {.fields = {{"content-type", "text/plain"}}, .body = "Ada"});
  CHECK(r.status == 303);
  CHECK(r.field("location") == "/");
  CHECK(c.get("/").body == "Ada\n(you too)\n");
}

TEST_CASE("news come every hour until the reader leaves") {
  guest_book app;
  csgi::testing::client c(app, {.time = csgi::testing::time_flow::skipped});
  auto live = c.begin("GET", "/news");
  CHECK(live.head().field("content-type") == "text/event-stream");
  CHECK(live.read() == "data: 1\n\n");
  CHECK(live.read() == "data: 2\n\n");
  live.disconnect();
  CHECK(live.outcome().aborted == std::errc::connection_reset);
}
}
