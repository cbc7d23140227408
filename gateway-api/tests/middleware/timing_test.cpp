#include <csgi/middleware/timing.hpp>
#include "around.hpp"
#include <regex>

using namespace csgi;

namespace {

// Answers JSON with what the query says, in pieces that end at each "|"; "^" flushes.
task<> json(async_exchange ex) {
  ex.start(500);
  ex.start(200, {{"content-type", "application/problem+json; charset=utf-8"}, {"etag", "\"1\""}});
  std::string_view rest = ex.head().query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of("|^"), rest.size());
    const std::string_view piece = rest.substr(0, end);
    const bool flushes = end < rest.size() && rest[end] == '^';
    co_await ex.write(piece, flushes ? ending::flush : ending::more);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  co_await ex.finish();
}

task<> text(async_exchange ex) { co_await ex.respond(200, "text/plain", "{}"); }

task<> encoded(async_exchange ex) {
  ex.start(200, {{"content-type", "application/json"}, {"content-encoding", "br"}, {"content-length", "2"}});
  co_await ex.finish("{}");
}

std::string timed(const std::string& pieces) {
  std::string body;
  in_both_kinds(timing(), json, {.target = "/?" + pieces}, [&](const recorded_response& r) {
    CHECK(r.status == 200);
    CHECK(r.field("etag") == "W/\"1\"");
    CHECK(std::ranges::count(r.fields, "server-timing", [](const auto& f) { return f.first; }) == 1);
    CHECK(std::regex_match(std::string(*r.field("server-timing")), std::regex("app;dur=[0-9]+\\.[0-9]{3}")));
    body = std::regex_replace(r.body, std::regex("\"elapsed_ms\":[0-9]+\\.[0-9]{3}"), "T");
  });
  return body;
}

}  // namespace

TEST_SUITE("timing") {
TEST_CASE("a JSON object gets the time that it took, however it comes") {
  CHECK(timed("{}") == "{T}");
  CHECK(timed("{ }\n") == "{ T}\n");
  CHECK(timed("{\"a\":1}") == "{\"a\":1,T}");
  CHECK(timed("{|\"a\"|:{}|}|\n") == "{\"a\":{},T}\n");
  CHECK(timed(" {\"a\":\"}\"|,\"b\":{\"c\":1}| |}") == " {\"a\":\"}\",\"b\":{\"c\":1} ,T}");
  CHECK(timed("|{||}|") == "{T}");
}

TEST_CASE("anything else is left as it is") {
  CHECK(timed("[{}]") == "[{}]");
  CHECK(timed("[|{}") == "[{}");
  CHECK(timed("7") == "7");
  CHECK(timed("").empty());
  CHECK(timed("{}" + std::string(1000, ' ')) == "{}" + std::string(1000, ' '));
  CHECK(timed("{}|" + std::string(1000, ' ')) == "{}" + std::string(1000, ' '));
  in_both_kinds(timing(), text, {}, [](const recorded_response& r) {
    CHECK(r.body == "{}");
    CHECK(r.field("server-timing"));
  });
  in_both_kinds(timing(), encoded, {}, [](const recorded_response& r) {
    CHECK(r.body == "{}");
    CHECK(r.field("content-length") == "2");
  });
}

TEST_CASE("CSGI-CORE-065: what is flushed is not held back") {
  CHECK(timed("{\"a\":{}^}") == "{\"a\":{},T}");
  CHECK(timed("{}^") == "{}");
}

TEST_CASE("every operation failing in turn ends it") { with_each_failing(timing(), json, {.target = "/?{|\"a\":1|}^ |"}); }
}
