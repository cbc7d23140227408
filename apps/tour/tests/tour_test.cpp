#include <tour/tour.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;

namespace {

struct visit {
  explicit visit(scripted_request script, arguments given = {}) : app(given) {
    const scripted_head head(script);
    kind = application(app).resolve(head.head()).kind();
    recording_exchange x(kind == app_kind::async ? completion::later : completion::inside, std::move(script));
    x.serve(app);
    CHECK(x.phase() == phase::finished);
    response = x.response();
  }
  bool says(std::string_view text) const { return response.body.find(text) != std::string::npos; }

  tour app;
  app_kind kind;
  recorded_response response;
};

}  // namespace

TEST_SUITE("tour") {
TEST_CASE("the landing page links to each app with its kind, and names the server") {
  const visit page({.target = "/", .fields = {{"Host", "example.org:8000"}}});
  CHECK(page.response.status == 200);
  CHECK(page.response.field("content-type") == "text/html; charset=utf-8");
  for (const auto* part : {"href=\"/hello-blocking\"", "href=\"/hello-async\"", "href=\"/echo/any", "href=\"/stream/?count=20&amp;",
                           "<strong>recording</strong>", "http://example.org:8000/echo"}) {
    CAPTURE(part);
    CHECK(page.says(part));
  }
}

TEST_CASE("links lead below the tour's own mount point") {
  const visit page({.target = "/a%20tour/", .root_path = "/a tour"});
  CHECK(page.says("href=\"/a%20tour/echo/any"));
  CHECK(visit({.target = "/a%20tour", .root_path = "/a tour"}).response.body == page.response.body);
  CHECK(visit({.target = "/a%20tour/hello-async", .root_path = "/a tour"}).response.body == "Hello\n");
}

TEST_CASE("apps of both kinds answer under their prefixes") {
  const visit blocking({.target = "/hello-blocking"}), async({.target = "/hello-async"});
  CHECK(blocking.kind == app_kind::blocking);
  CHECK(async.kind == app_kind::async);
  CHECK(blocking.response.body == async.response.body);
  CHECK(visit({.method = "POST", .target = "/echo", .chunks = {"ping"}}).response.body == "ping");
  CHECK(visit({.target = "/echo/x"}).says("\"tail\": \"/x\""));
  CHECK(visit({.target = "/stream?count=2&interval=1"}).response.body == "1\n2\n");
}

TEST_CASE("members are let in by a stage that blocks, and answered by an app that does not") {
  const visit in({.target = "/members?word=tour"}), out({.target = "/members?word=wrong"}), silent({.target = "/members"});
  CHECK(in.kind == app_kind::blocking);
  CHECK(in.response.body == "Hello\n");
  CHECK(in.response.field("server-timing") != "");
  CHECK(out.response.status == 403);
  CHECK(silent.response.body == "Say the word: ?word=tour\n");
}

TEST_CASE("files are there with --root only") {
  CHECK(visit({.target = "/files/"}).response.status == 404);
  CHECK(visit({.target = "/"}).says("--root DIR"));
  const std::string_view given[] = {"--root", "/"};
  CHECK(visit({.target = "/files"}, given).response.field("location") == "/files/");
  CHECK(visit({.target = "/files/"}, given).response.status == 200);
  CHECK(visit({.target = "/"}, given).says("href=\"/files/\""));
  const std::string_view wrong[] = {"--rot", "/"};
  CHECK_THROWS_AS(tour{wrong}, std::invalid_argument);
}

TEST_CASE("browsers find an icon where they look for it") {
  const visit icon({.target = "/favicon.ico"});
  CHECK(icon.response.status == 200);
  CHECK(icon.response.field("content-type") == "image/svg+xml");
  CHECK(icon.says("</svg>"));
}

TEST_CASE("other paths are not found, other methods refused, and nothing of a request becomes markup") {
  const visit lost({.target = "/%3Cscript%3E"});
  CHECK(lost.response.status == 404);
  CHECK(lost.says("/&lt;script&gt;"));
  CHECK(visit({.method = "DELETE", .target = "/"}).response.field("allow") == "GET, HEAD");
  CHECK(!visit({.target = "/", .fields = {{"Host", "\"><script>"}}}).says("<script>"));
  CHECK(visit({.method = "HEAD", .target = "/"}).response.body.empty());
}
}
