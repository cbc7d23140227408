// One app on several servers: what is sent, what is compared, what is told.
#include "answer.hpp"
#include "masks.hpp"
#include "request_bytes.hpp"
#include "swap.hpp"
#include "swap_report.hpp"
#include <algorithm>
#include <csgi/conformance/subject.hpp>
#include <doctest/doctest.h>

using namespace csgi::conformance;
using strings = std::vector<std::string>;

namespace {

std::string refusal(const std::string& text, const strings& arguments = {}) {
  try {
    to_swap_server(text, arguments);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

reply said(std::string body, std::vector<std::pair<std::string, std::string>> fields = {}) {
  reply made;
  made.status = 200;
  made.whole = true;
  made.body = std::move(body);
  made.fields = std::move(fields);
  return made;
}

std::string command(const std::string& name, const std::string& options) {
  return name + "=" CSGI_COMMAND " serve {app} --port {port} --no-access-log " + options;
}

swap_findings compared(const std::string& first, const std::string& second) {
  return swap({.plugin = CSGI_GOOD_APP, .servers = {to_swap_server(first, {}), to_swap_server(second, {})}});
}

}  // namespace

TEST_SUITE("servers to swap") {
TEST_CASE("a command is parted into words as a shell does") {
  const auto server = to_swap_server(R"(mine=csgi  serve {app} 'a b' "c'd" e\ f "" --port {port})", {});
  CHECK(server.name == "mine");
  CHECK(server.command == strings{"csgi", "serve", "{app}", "a b", "c'd", "e f", "", "--port", "{port}"});
}

TEST_CASE("the app's arguments stand where the command wants them") {
  CHECK(to_swap_server("serve {app} -- {arguments}", {"--root", "a b"}).command == strings{"serve", "{app}", "--", "--root", "a b"});
  CHECK(to_swap_server("serve {app} -- {arguments}", {}).command == strings{"serve", "{app}", "--"});
}

TEST_CASE("what makes no sense is refused with a reason") {
  CHECK(refusal("serve {app}", {"--root"}) == "--server: where do the app's arguments belong? {arguments} is missing in serve {app}");
  CHECK(refusal("serve 'a") == "--server: a quote is not closed in serve 'a");
  CHECK(refusal("mine=") == "--server: a command is missing");
  CHECK_THROWS_WITH_AS(masks({"a("}), "--mask: \"a(\" is not a regular expression", std::invalid_argument);
  CHECK_THROWS_WITH_AS(swap({.plugin = CSGI_GOOD_APP, .servers = {}, .forbidden = {"a("}}), "--forbid: \"a(\" is not a regular expression",
                       std::invalid_argument);
}

TEST_CASE("servers without a name are called by their program, and no two the same") {
  std::vector<swap_server> servers{{"", {"/bin/csgi"}}, {"", {"csgi"}}, {"mine", {"csgi"}}};
  name_all(servers);
  CHECK(servers[0].name == "csgi");
  CHECK(servers[1].name == "csgi-2");
  CHECK(servers[2].name == "mine");
}
}

TEST_SUITE("what is swapped") {
TEST_CASE("a request says what it needs to, and whether it is the last") {
  CHECK(bytes_of({.name = "", .method = "GET", .target = "/a"}, false) == "GET /a HTTP/1.1\r\nHost: app.example\r\n\r\n");
  CHECK(bytes_of({.name = "", .method = "PUT", .target = "/", .fields = {{"host", "b"}}, .body = csgi::body_kind::known, .chunks = {"abc"}}, true) ==
        "PUT / HTTP/1.1\r\nhost: b\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(bytes_of({.name = "", .method = "PUT", .target = "/", .body = csgi::body_kind::unknown, .chunks = {"abc", "0123456789abcdef"}}, false) ==
        "PUT / HTTP/1.1\r\nHost: app.example\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
}

TEST_CASE("fields are compared by name, in the order of their values, but for the server's own") {
  const answer made = answer_of(said("ok", {{"Date", "now"}, {"SERVER", "x"}, {"Connection", "close"}, {"Vary", "a"}, {"vary", "b"}}));
  CHECK(made == answer{{"status", "200"}, {"body", "ok"}, {"end", "whole"}, {"field vary", "a, b"}});
}

TEST_CASE("excerpts show where it begins to differ, and how much there is") {
  CHECK(excerpts({"", "a\r\n"}) == strings{"(none)", "a\\r\\n"});
  const std::string same(100, 'x');
  CHECK(excerpts({same + "1", same + "2"}) == strings{"…" + std::string(20, 'x') + "1 (101 bytes)", "…" + std::string(20, 'x') + "2 (101 bytes)"});
}

TEST_CASE("ports are nobody's doing, and a length that follows from them isn't either") {
  masks mask({});
  reply seen = said("from 127.0.0.1:45678, not 145678", {{"Content-Length", "32"}});
  mask.apply({.name = ""}, seen, 8000, 45678);
  CHECK(seen.body == "from 127.0.0.1:(client's port), not 145678");
  CHECK(seen.value("content-length") == "(the body's)");
  reply of_head = said("", {{"content-length", "32"}});
  mask.apply({.name = "", .method = "HEAD"}, of_head, 8000, 45679);
  CHECK_FALSE(of_head.has("content-length"));
  reply elsewhere = said("", {{"content-length", "32"}});
  mask.apply({.name = "", .method = "HEAD", .target = "/b"}, elsewhere, 8000, 45679);
  CHECK(elsewhere.has("content-length"));
}

TEST_CASE("what a mask matches is the same everywhere") {
  masks mask({"id=[0-9]+"});
  reply one = said("id=1&a"), other = said("id=234&a");
  mask.apply({.name = ""}, one, 8000, 45678);
  mask.apply({.name = ""}, other, 8000, 45678);
  CHECK(answer_of(one) == answer_of(other));
}
}

TEST_SUITE("swapping") {
TEST_CASE("what one server refuses and the other does not is told with the requests that show it") {
  const swap_findings found = compared(command("wide", "--server threaded"), command("narrow", "--server evented --limit-line 1000"));
  REQUIRE_FALSE(found.differences.empty());
  for (const auto& each : found.differences) {
    const bool has_long_line = each.request.find("8000 bytes") != std::string::npos || each.request.find("2000 slashes") != std::string::npos;
    CHECK_MESSAGE(has_long_line, each.request);
  }
  const auto status = std::ranges::find_if(found.differences, [](const difference& d) { return d.aspect == "status"; });
  REQUIRE(status != found.differences.end());
  CHECK(status->seen[1] == "414");
  CHECK(status->way == "alone");
}

TEST_CASE("what is said on WebSockets is compared, among servers that open them") {
  const app_request handshake{.name = "a chat", .target = "/careful", .fields = {{"connection", "Upgrade"}, {"upgrade", "websocket"},
                                                                             {"sec-websocket-version", "13"},
                                                                             {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}},
                              .opens_websocket = true, .messages = {"short", "rather long"}};
  const auto played = [&](const std::string& other) {
    return swap({.plugin = CSGI_PARROT, .servers = {to_swap_server(command("one", ""), {}), to_swap_server(command("other", other), {})},
                 .requests = {handshake}, .enough = std::chrono::milliseconds(500)});
  };
  CHECK(played("").none());

  const auto narrow = played("--limit-websocket-message 10");
  REQUIRE_FALSE(narrow.differences.empty());
  CHECK(narrow.differences[0].aspect == "body");
  CHECK(narrow.differences[0].seen[0] == "text short\\ntext rather long\\nclosed with 1000 \\n");
  CHECK(narrow.differences[0].seen[1].find("closed with 1009") != std::string::npos);

  const auto without = played("--server beast");
  CHECK(without.differences.empty());
  REQUIRE(without.notes.size() == 1);
  CHECK(without.notes[0] == "not compared, since no WebSocket is opened there: other");
}

TEST_CASE("a server that is not there is no subject") {
  CHECK_THROWS_AS(compared(command("one", ""), "two=/no/such/program {app} {port}"), not_a_subject);
}

TEST_CASE("how servers end is compared, and what one says of it is told") {
  const std::string ends_badly = R"(two=sh -c 'trap "kill \$p; wait \$p; echo it broke >&2; exit 3" TERM; "$@" & p=$!; wait $p' sh )"
                                 CSGI_COMMAND " serve {app} --port {port} --no-access-log";
  const auto found = swap({.plugin = CSGI_GOOD_APP, .servers = {to_swap_server(command("one", ""), {}), to_swap_server(ends_badly, {})},
                           .requests = {{.name = "GET /", .method = "GET", .target = "/"}}});
  REQUIRE(found.differences.size() == 1);
  CHECK(found.differences[0].aspect == "exit code");
  CHECK(found.differences[0].seen == strings{"0", "3, and its last words: it broke"});
}

TEST_CASE("a line on standard error that is forbidden is told, with how often it was written") {
  const auto found = swap({.plugin = CSGI_GOOD_APP,
                           .servers = {to_swap_server(command("quiet", ""), {}),
                                       to_swap_server("loud=sh -c 'echo no harm >&2; echo harm >&2; echo harm >&2; exec \"$@\"' sh "
                                                      CSGI_COMMAND " serve {app} --port {port} --no-access-log", {})},
                           .requests = {{.name = "GET /", .method = "GET", .target = "/"}},
                           .forbidden = {"^harm", "never said"}});
  CHECK(found.differences.empty());
  REQUIRE(found.forbidden.size() == 1);
  CHECK(found.forbidden[0].server == "loud");
  CHECK(found.forbidden[0].line == "harm");
  CHECK(found.forbidden[0].times == 2);
  CHECK_FALSE(found.none());
}

#ifdef CSGI_ACCUSED_APP
TEST_CASE("what lint says of an app can be forbidden, though no client sees it") {
  const auto found = swap({.plugin = CSGI_ACCUSED_APP,
                           .servers = {to_swap_server(command("plain", ""), {}), to_swap_server(command("checked", "--lint"), {})},
                           .requests = {{.name = "GET /", .method = "GET", .target = "/"}},
                           .forbidden = {" lint: "}});
  CHECK(found.differences.empty());
  REQUIRE(found.forbidden.size() == 1);
  CHECK(found.forbidden[0].server == "checked");
  CHECK(found.forbidden[0].line.find("lint: CSGI-CORE-083 (app): ") != std::string::npos);
}
#endif

TEST_CASE("differences of one shape are told once, in every kind of report") {
  const difference d{"GET /a", "alone", "status", {"200", "404"}};
  difference other = d;
  other.request = "GET /<b>";
  const swap_report made{.app = "app", .servers = {{"one", {"x"}}, {"two", {"y"}}}, .requests = {{.name = "GET /a"}, {.name = "GET /<b>"}, {.name = "GET /c"}},
                         .found = {.exchanges = 3, .differences = {d, other}, .forbidden = {{"two", "<harm>", 2}}, .notes = {"a note"}}};
  const std::string text = swap_text(made, terminal());
  CHECK(text.find("DIFFERENT  status\n    200: one\n    404: two\n  GET /a (alone); GET /<b> (alone)\n") != text.npos);
  CHECK(text.find("FORBIDDEN  two: <harm> (2 times)\n") != text.npos);
  CHECK(text.ends_with("2 differences and 1 forbidden line in 3 exchanges with each of 2 servers\n"));
  CHECK(swap_json(made).find(R"({"request":"GET /a","way":"alone","aspect":"status","seen":{"one":"200","two":"404"}})") != text.npos);
  CHECK(swap_junit(made).find("tests=\"5\" failures=\"3\"") != text.npos);
  CHECK(swap_json(made).find(R"("forbidden":[{"server":"two","line":"<harm>","times":2}])") != text.npos);
  const std::string html = swap_html(made);
  CHECK(html.find("&lt;harm&gt; (2 times)") != html.npos);
  CHECK(html.find("GET /&lt;b&gt; (alone)") != html.npos);
  CHECK(html.find("<li>a note</li>") != html.npos);
}
}
