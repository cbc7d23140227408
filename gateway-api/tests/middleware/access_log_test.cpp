#include <csgi/middleware/access_log.hpp>
#include "around.hpp"
#include <csgi/middleware/request_ids.hpp>
#include <regex>

using namespace csgi;

namespace {

task<> as_asked(async_exchange ex) {
  const auto path = ex.head().path;
  ex.start(201, {{"content-type", "text/plain"}});
  if (path == "/throws") throw std::runtime_error("broken");
  co_await ex.write("part");
  if (path == "/aborts") ex.abort(std::errc::io_error);
  else co_await ex.finish("ner");
}

struct both {
  access_log_settings settings;
  task<> operator()(async_exchange ex, next_app app) const {
    request_ids_hooks outer(ex.raw());
    access_log_hooks view(outer, settings);
    view.on_request(ex.head());
    co_await app(async_exchange(view));
  }
};

std::vector<access_entry> entries(const std::string& target) {
  std::vector<access_entry> all;
  const both middleware{{.write = [&](const access_entry& e) { all.push_back(e); }}};
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how, {.method = "PUT", .target = target, .fields = {{"x-request-id", "id-7"}}});
    try {
      serve_around(x, how, middleware, as_asked);
    } catch (const std::runtime_error&) {
    }
  }
  return all;
}

}  // namespace

TEST_SUITE("access_log") {
TEST_CASE("each request is one entry, when it is over") {
  const auto all = entries("/made?x=1");
  REQUIRE(all.size() == 2);
  for (const auto& e : all) {
    CHECK(e.method == "PUT");
    CHECK(e.target == "/made?x=1");
    CHECK(e.peer == "192.0.2.7");
    CHECK(e.id == "id-7");
    CHECK(e.how.status == 201);
    CHECK(e.how.body_bytes == 7);
    CHECK_FALSE(e.how.aborted);
    CHECK(e.took >= clock::duration::zero());
  }
}

TEST_CASE("and so is one that failed") {
  for (const char* target : {"/aborts", "/throws"}) {
    const auto all = entries(target);
    REQUIRE(all.size() == 2);
    for (const auto& e : all) CHECK(e.how.aborted == std::errc::io_error);
  }
}

TEST_CASE("without a place of its own it goes to the operator's log") {
  const auto line = [](const char* target) {
    recording_exchange x(completion::later, {.target = target});
    try {
      serve_around(x, completion::later, access_log(), as_asked);
    } catch (const std::runtime_error&) {
    }
    REQUIRE(x.response().log.size() == 1);
    return std::regex_replace(x.response().log[0], std::regex("[0-9]+\\.[0-9]{3}"), "T");
  };
  CHECK(line("/made") == "201 after T ms");
  CHECK(line("/aborts") == "aborted after T ms");
  CHECK(line("/throws") == "no response after T ms");
}

TEST_CASE("files and lengths pass untouched; every operation failing in turn ends it") {
  with_each_failing(access_log(), as_asked, {});
  with_each_failing(access_log({.write = [](const access_entry&) {}}), as_asked, {});
}
}
