// What an exchange in memory holds against an app that it survives.
#include <csgi/testing/memory_exchange.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>
#include <map>
#include "scene.hpp"

using namespace csgi::testing;

namespace {

struct careless : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    kept = ex;
    try {
      co_await ex.finish("too early");
    } catch (const csgi::misuse&) {  // which is the point
    }
    ex.start(204);
    co_await ex.write("a body");
    co_await ex.finish();
  }
  std::optional<csgi::async_exchange> kept;
};

/// Counts what is held of each size, and where.
class ledger final : public std::pmr::memory_resource {
 public:
  std::map<const void*, std::size_t> held;
  bool holds(std::string_view view) const {
    const auto found = held.find(view.data());
    return found != held.end() && found->second == view.size();
  }

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    void* at = std::pmr::new_delete_resource()->allocate(size, alignment);
    held[at] = size;
    return at;
  }
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
    held.erase(at);
    std::pmr::new_delete_resource()->deallocate(at, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

struct looking : csgi::blocking_app {
  explicit looking(const ledger& l) : memory(l) {}
  void http(csgi::blocking_exchange ex) override {
    CHECK(memory.holds(ex.head().target));
    CHECK(memory.holds(ex.head().fields.front().name));
    CHECK(memory.holds(ex.head().fields.front().value));
    CHECK(ex.head().raw_path == "/a");
    CHECK(ex.head().query == "b");
    const auto first = ex.read();
    CHECK(memory.holds(first));
    const auto* const before = first.data();
    const auto second = ex.read();
    CHECK(memory.holds(second));
    if (second.data() != before) CHECK(!memory.held.contains(before));
    ex.respond(200, "text/plain", "ok");
  }
  const ledger& memory;
};

}  // namespace

TEST_SUITE("misdeeds") {
TEST_CASE("what an app does out of turn, and for a status without a body, is held against it") {
  careless app;
  client c(app);
  auto live = c.begin("GET", "/");
  live.finish();
  CHECK(live.exchange().misdeeds() ==
        std::vector<misdeed>{{misuse::out_of_turn, "an operation was begun before a response was started"},
                             {misuse::unwanted_body, "6 body bytes were written for 204"}});
  CHECK(app.kept->phase() == csgi::phase::finished);
  CHECK(live.exchange().misdeeds().back() == misdeed{misuse::after_end, "phase() was called when the app was done"});
  CHECK(live.exchange().operations() == 3);
}

TEST_CASE("what is refused because the client has gone is not") {
  struct stubborn : csgi::async_app {
    csgi::task<> http(csgi::async_exchange ex) override {
      for (int i = 0; i < 3; ++i) {
        try {
          if (i == 0) ex.start(200);
          co_await ex.write("bytes");
        } catch (const csgi::disconnected&) {  // it goes on
        }
      }
    }
  } app;
  client c(app, {.behaviour = {.fails_at = 1}});
  auto live = c.begin("GET", "/");
  CHECK(live.outcome().aborted == std::errc::connection_reset);
  CHECK(live.exchange().misdeeds().empty());
  CHECK(live.exchange().failed_operations() == 3);
}

TEST_CASE("each view of a request, and each chunk, has memory of its own, which ends with it") {
  ledger memory;
  looking app(memory);
  client c(app, {.views = &memory});
  CHECK(c.post("/a?b", {.fields = {{"x", "y"}}, .body = request_body::chunks({"one", "three"})}).body == "ok");
  CHECK(memory.held.empty());
}
}
