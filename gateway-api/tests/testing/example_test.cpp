#include <csgi/app.hpp>
#include <csgi/testing/client.hpp>
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

}  // namespace

TEST_SUITE("the example of the test client") {
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
