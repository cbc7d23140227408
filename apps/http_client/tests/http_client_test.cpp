#include <http_client/async_client.hpp>
#include <http_client/blocking_client.hpp>
#include "scripted_upstream.hpp"
#include <csgi/run.hpp>
#include <csgi/to_thread.hpp>
#include <csgi/when_any.hpp>
#include <doctest/doctest.h>
#include <functional>

using namespace std::chrono_literals;
using upstream::failure;

namespace {

using fetch = std::function<upstream::response(const upstream::request&)>;

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const std::string bye = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbye";

/// The same test for both clients, each with an upstream of its own.
void both(const std::vector<script>& scripts, const std::function<void(const fetch&, scripted_upstream&)>& test,
          upstream::client_limits limits = {}) {
  {
    INFO(std::string("blocking"));
    scripted_upstream somebody(scripts);
    upstream::blocking_client client(upstream::origin(somebody.url()), limits);
    test([&](const upstream::request& what) { return client.fetch(what); }, somebody);
    client.close_idle();
  }
  {
    INFO(std::string("async"));
    scripted_upstream somebody(scripts);
    upstream::async_client client(upstream::origin(somebody.url()), limits);
    test([&](const upstream::request& what) { return csgi::run(client.fetch(what)); }, somebody);
    client.close_idle();
  }
}

upstream::request by(std::string method) {
  upstream::request what("/");
  what.method = std::move(method);
  return what;
}

std::optional<failure::kind> failed(const fetch& get, const upstream::request& what) {
  try {
    get(what);
  } catch (const failure& why) {
    return why.reason();
  }
  return std::nullopt;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_SUITE("http_client") {
TEST_CASE("an answer is given whole, whatever its status") {
  both({{"HTTP/1.1 404 Not Found\r\nX-Kind: none\r\nContent-Length: 2\r\n\r\nno"}}, [](const fetch& get, scripted_upstream&) {
    const auto answer = get(upstream::request("/x?y=1"));
    CHECK(answer.status == 404);
    CHECK(answer.field("x-kind") == "none");
    CHECK(!answer.field("x-other"));
    CHECK(answer.body == "no");
  });
}

TEST_CASE("the request is sent with its fields, its body, and what the origin's path says") {
  scripted_upstream somebody({{bye}});
  upstream::blocking_client client(upstream::origin(somebody.url() + "/api/"));
  upstream::request what("/notes");
  what.method = "POST";
  what.fields = {{"X-Who", "Ada"}};
  what.body = "milk";
  client.fetch(what);
  const auto head = somebody.heads().at(0);
  CHECK(head.starts_with("1 POST /api/notes HTTP/1.1\r\n"));
  CHECK(contains(head, "Host: " + somebody.url().substr(7) + "\r\n"));
  CHECK(contains(head, "X-Who: Ada\r\n"));
  CHECK(contains(head, "Content-Length: 4\r\n"));
}

TEST_CASE("bodies may be chunked, or end with the connection, and interim responses are passed over") {
  both({{"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
         "HTTP/1.1 200 OK\r\n\r\nto the end"}},
       [](const fetch& get, scripted_upstream&) {
         CHECK(get(upstream::request("/")).body == "abc");
         CHECK(get(upstream::request("/")).body == "to the end");
       });
}

TEST_CASE("HEAD has no body") {
  both({{"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", hello}}, [](const fetch& get, scripted_upstream& somebody) {
    CHECK(get(by("HEAD")).body.empty());
    CHECK(get(upstream::request("/")).body == "hello");
    CHECK(somebody.heads().at(1).starts_with("1 GET"));
  });
}

TEST_CASE("a connection is used again, unless the upstream closes it") {
  both({{hello, bye}, {hello}}, [](const fetch& get, scripted_upstream& somebody) {
    CHECK(get(upstream::request("/a")).body == "hello");
    CHECK(get(upstream::request("/b")).body == "bye");
    CHECK(get(upstream::request("/c")).body == "hello");
    const auto heads = somebody.heads();
    REQUIRE(heads.size() == 3);
    CHECK(heads[1].starts_with("1 GET /b"));
    CHECK(heads[2].starts_with("2 GET /c"));
  });
}

TEST_CASE("one that the upstream has closed meanwhile is not missed") {
  both({{hello}, {hello}, {hello}}, [](const fetch& get, scripted_upstream& somebody) {
    for (int i = 0; i < 3; ++i) CHECK(get(upstream::request("/")).body == "hello");
    CHECK(somebody.heads().back().starts_with("3 GET"));
  });
}

TEST_CASE("one that is closed under a request is replaced once, where that does no harm") {
  both({{hello, hangs_up}, {hello}}, [](const fetch& get, scripted_upstream& somebody) {
    get(upstream::request("/"));
    CHECK(get(upstream::request("/again")).body == "hello");
    const auto heads = somebody.heads();
    REQUIRE(heads.size() == 3);
    CHECK(heads[1].starts_with("1 GET /again"));
    CHECK(heads[2].starts_with("2 GET /again"));
  });
  both({{hello, hangs_up}, {hangs_up}, {hello}}, [](const fetch& get, scripted_upstream&) {
    get(upstream::request("/"));
    CHECK(failed(get, upstream::request("/again")) == failure::kind::broken);
  });
}

TEST_CASE("a request that might be done twice begins with a fresh connection") {
  both({{hello}, {bye}}, [](const fetch& get, scripted_upstream& somebody) {
    get(upstream::request("/"));
    CHECK(get(by("POST")).body == "bye");
    CHECK(somebody.heads().at(1).starts_with("2 POST"));
  });
}

TEST_CASE("what is no whole answer is a failure, and the connection is gone") {
  for (const auto* part : {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "no HTTP\r\n\r\n", "HTTP/1.1 20"}) {
    CAPTURE(part);
    both({{part}, {hello}}, [](const fetch& get, scripted_upstream&) {
      CHECK(failed(get, upstream::request("/")) == failure::kind::broken);
      CHECK(get(upstream::request("/")).body == "hello");
    });
  }
}

TEST_CASE("more than is taken is a failure") {
  const upstream::client_limits limits{.idle = 1, .head = 100, .body = 10};
  both({{"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a"}}, [](const fetch& get, scripted_upstream&) {
    CHECK(failed(get, upstream::request("/")) == failure::kind::too_large);
  }, limits);
  both({{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n"}},
       [](const fetch& get, scripted_upstream&) { CHECK(failed(get, upstream::request("/")) == failure::kind::too_large); }, limits);
  both({{"HTTP/1.1 200 OK\r\nX-Long: " + std::string(200, 'x') + "\r\n\r\n"}}, [](const fetch& get, scripted_upstream&) {
    CHECK(failed(get, upstream::request("/")) == failure::kind::too_large);
  }, limits);
}

TEST_CASE("where nobody listens it says so") {
  std::string url;
  { url = scripted_upstream({}).url(); }
  upstream::blocking_client blocking{upstream::origin(url)};
  upstream::async_client async{upstream::origin(url)};
  CHECK(failed([&](const auto& what) { return blocking.fetch(what); }, upstream::request("/")) == failure::kind::unreachable);
  CHECK(failed([&](const auto& what) { return csgi::run(async.fetch(what)); }, upstream::request("/")) == failure::kind::unreachable);
}

TEST_CASE("an upstream that is silent is left when the time is over, and its connection closed") {
  both({{silence}}, [](const fetch& get, scripted_upstream& somebody) {
    CHECK(failed(get, upstream::request("/", 20ms)) == failure::kind::timed_out);
    somebody.await_closed(1);
  });
}

TEST_CASE("a coroutine that is stopped in the middle leaves nothing behind") {
  scripted_upstream somebody({{silence}, {hello}});
  upstream::async_client client{upstream::origin(somebody.url())};
  const auto test = [](upstream::async_client& c, scripted_upstream& whom) -> csgi::task<std::size_t> {
    auto asked = csgi::to_pool([&] { whom.await_requests(1); });
    auto either = csgi::when_any(c.fetch(upstream::request("/", 1h)), std::move(asked));
    const auto first = co_await std::move(either);
    co_return first.index();
  };
  CHECK(csgi::run(test(client, somebody)) == 1);
  somebody.await_closed(1);
  CHECK(csgi::run(client.fetch(upstream::request("/"))).body == "hello");
}

TEST_CASE("no more connections are kept than the limit says") {
  both({{hello, hello}, {hello}}, [](const fetch& get, scripted_upstream& somebody) {
    get(upstream::request("/"));
    get(upstream::request("/"));
    CHECK(somebody.heads().at(1).starts_with("2 GET"));
  }, {.idle = 0});
}

TEST_CASE("what would end a line of the request is refused before anything is sent") {
  upstream::blocking_client client{upstream::origin("http://127.0.0.1:9")};
  upstream::request field("/");
  field.fields = {{"x", "1\r\nHost: evil"}};
  CHECK_THROWS_AS(client.fetch(field), std::invalid_argument);
  CHECK_THROWS_AS(client.fetch(upstream::request("/ HTTP/1.1\r\nX: y")), std::invalid_argument);
  CHECK_THROWS_AS(client.fetch(upstream::request("no-slash")), std::invalid_argument);
  CHECK_THROWS_AS(client.fetch(by("GET /")), std::invalid_argument);
}

TEST_CASE("an origin is an http URL") {
  const upstream::origin v6("http://[::1]:8080/a/b/");
  CHECK(v6.authority == "[::1]:8080");
  CHECK(v6.path == "/a/b");
  CHECK(v6.endpoints.at(0).port() == 8080);
  CHECK(v6.endpoints.at(0).address().is_v6());
  CHECK(upstream::origin("http://127.0.0.1").endpoints.at(0).port() == 80);
  for (const auto* url : {"", "127.0.0.1", "https://127.0.0.1", "http://", "http://:80", "http://127.0.0.1:", "http://127.0.0.1:x",
                          "http://127.0.0.1:65536", "http://127.0.0.1/?q", "http://a@127.0.0.1", "http://127.0.0.1/ x"}) {
    CAPTURE(url);
    CHECK_THROWS_AS(upstream::origin{url}, std::invalid_argument);
  }
}
}
