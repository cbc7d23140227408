#include <csgi/middleware/request_ids.hpp>
#include "around.hpp"
#include <regex>

using namespace csgi;

namespace {

task<> telling(async_exchange ex) {
  const auto* const own = ex.find<request_id>();
  const std::string text(own ? own->value : "none");
  ex.start(200, {{"X-Request-Id", "the app's"}});
  co_await ex.finish(text);
}

std::string id_for(const std::string& sent) {
  std::string id;
  in_both_kinds(request_ids(), telling, {.fields = {{"X-Request-Id", sent}}}, [&](const recorded_response& r) {
    id = r.body;
    CHECK(r.field("x-request-id") == id);
    CHECK(std::ranges::count_if(r.fields, [](const auto& f) { return same_name(f.first, "x-request-id"); }) == 1);
  });
  return id;
}

struct twice {
  task<> operator()(async_exchange ex, next_app app) const {
    request_ids_hooks outer(ex.raw());
    request_ids_hooks inner(static_cast<exchange&>(outer));
    CHECK(static_cast<request_id*>(outer.find(request_id::id))->value == static_cast<request_id*>(inner.find(request_id::id))->value);
    co_await app(async_exchange(inner));
  }
};

}  // namespace

TEST_SUITE("request_ids") {
TEST_CASE("a well-formed id is taken") {
  CHECK(id_for("7f3a-_.1:z") == "7f3a-_.1:z");
  CHECK(id_for(std::string(128, 'x')) == std::string(128, 'x'));
}

TEST_CASE("any other is replaced by a fresh one") {
  const std::regex made("[0-9a-f]{32}");
  for (const std::string& sent : {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a\"b"), std::string("\xe4")})
    CHECK(std::regex_match(id_for(sent), made));
  CHECK(id_for("") != id_for(""));
}

TEST_CASE("an id given already is kept") {
  in_both_kinds(twice(), telling, {}, [](const recorded_response& r) { CHECK(r.field("x-request-id") == r.body); });
}

TEST_CASE("every operation failing in turn ends it") { with_each_failing(request_ids(), telling, {}); }
}
