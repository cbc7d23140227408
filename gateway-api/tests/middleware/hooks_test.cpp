#include <csgi/middleware/hooks.hpp>
#include "around.hpp"

using namespace csgi;

namespace {

class guarded final : public hooks {
 public:
  guarded(exchange& next, const std::string& word) : hooks(next), word_(word) {}
  std::optional<ready_response> on_request(const request& head) override {
    if (head.field("authorization") == word_) return std::nullopt;
    return ready_response{.status = 401, .body = "who are you?\n", .fields = {{"www-authenticate", "Word"}}};
  }
  std::optional<ready_response> on_failure(const std::exception_ptr&) override {
    return ready_response{.status = 503, .body = "later\n"};
  }

 private:
  const std::string& word_;
};

using guard = hooked<guarded, std::string>;

task<> answering(async_exchange ex) {
  ex.start(200, {{"content-length", "4"}});
  co_await ex.finish("abcd");
}

task<> failing(async_exchange ex) {
  ex.start(200, {{"x-old", "1"}});
  if (ex.head().query == "late") co_await ex.flush();
  throw std::runtime_error("broken");
}

}  // namespace

TEST_SUITE("hooks") {
TEST_CASE("a class of hooks answers in the app's place, before it and when it fails") {
  const guard middleware("sesame");
  in_both_kinds(middleware, answering, {}, [](const recorded_response& r) {
    CHECK(r.status == 401);
    CHECK(r.field("www-authenticate") == "Word");
  });
  const scripted_request known{.fields = {{"authorization", "sesame"}}};
  in_both_kinds(middleware, answering, known, [](const recorded_response& r) {
    CHECK(r.body == "abcd");
    CHECK(r.field("content-length") == "4");
  });
  in_both_kinds(middleware, failing, known, [](const recorded_response& r) {
    CHECK(r.status == 503);
    CHECK(r.body == "later\n");
    CHECK_FALSE(r.field("x-old"));
  });
  auto late = known;
  late.target = "/?late";
  CHECK_THROWS_WITH(in_both_kinds(middleware, failing, late, [](const recorded_response&) {}), "broken");
}

TEST_CASE("a failure is routine when the client has gone or the request is to end") {
  const auto thrown = [](std::errc why) { return std::make_exception_ptr(error(std::make_error_code(why), "read")); };
  CHECK(is_routine(thrown(std::errc::connection_reset)));
  CHECK(is_routine(thrown(std::errc::operation_canceled)));
  CHECK_FALSE(is_routine(thrown(std::errc::timed_out)));
  CHECK_FALSE(is_routine(std::make_exception_ptr(1)));
  CHECK_FALSE(is_routine(nullptr));
}

TEST_CASE("every operation failing in turn ends it") {
  with_each_failing(guard("sesame"), answering, {});
  with_each_failing(guard("sesame"), answering, {.fields = {{"authorization", "sesame"}}});
}
}
