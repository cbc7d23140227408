#include <csgi/middleware/changed_request.hpp>
#include "around.hpp"

using namespace csgi;

namespace {

task<> echo(async_exchange ex) {
  const std::string body = co_await ex.read_all(1000);
  const std::string kind = ex.head().body == body_kind::none ? "none" : std::to_string(ex.head().content_length);
  ex.start(200, {{"x-length", kind}, {"x-scheme", ex.head().scheme},
                 {"x-original", ex.find<original_request>() ? ex.find<original_request>()->head->scheme : "none"}});
  co_await ex.finish(body);
}

struct renamed {
  task<> operator()(async_exchange ex, next_app app) const {
    changed_request view(ex.raw());
    view.change().scheme = "gopher";
    co_await app(async_exchange(view));
    CHECK(ex.head().scheme == "http");
  }
};

struct peeked {
  task<> operator()(async_exchange ex, next_app app) const {
    const auto first = co_await ex.read();
    changed_request view(ex.raw());
    view.put_body(std::string(first), body_rest::unread);
    co_await app(async_exchange(view));
  }
};

struct replaced {
  std::string by;
  task<> operator()(async_exchange ex, next_app app) const {
    changed_request view(ex.raw());
    view.put_body(by, body_rest::none);
    co_await app(async_exchange(view));
  }
};

const scripted_request upload{.method = "POST", .chunks = {"ab", "cde"}};

}  // namespace

TEST_SUITE("changed_request") {
TEST_CASE("CSGI-CORE-060: the app sees a changed copy, and finds the original") {
  in_both_kinds(renamed(), echo, upload, [](const recorded_response& r) {
    CHECK(r.field("x-scheme") == "gopher");
    CHECK(r.field("x-original") == "http");
    CHECK(r.body == "abcde");
  });
}

TEST_CASE("CSGI-CORE-067: bytes that were read are given back in order, and then the end") {
  in_both_kinds(peeked(), echo, upload, [](const recorded_response& r) {
    CHECK(r.body == "abcde");
    CHECK(r.field("x-length") == "5");
  });
  in_both_kinds(peeked(), echo, {}, [](const recorded_response& r) { CHECK(r.body.empty()); });
}

TEST_CASE("a body is replaced by another") {
  in_both_kinds(replaced{"new"}, echo, upload, [](const recorded_response& r) {
    CHECK(r.body == "new");
    CHECK(r.field("x-length") == "3");
  });
  in_both_kinds(replaced{""}, echo, upload, [](const recorded_response& r) { CHECK(r.field("x-length") == "none"); });
}

TEST_CASE("every operation failing in turn ends it") {
  with_each_failing(renamed(), echo, upload);
  with_each_failing(peeked(), echo, upload);
  with_each_failing(replaced{"new"}, echo, upload);
}
}
