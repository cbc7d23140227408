// app_requests.cpp - the corpus of the app suite.
#include <numeric>
#include "app_request.hpp"

namespace csgi::conformance {

namespace {

constexpr std::size_t huge = 1024 * 1024;

std::string filler(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i % 23);
  return bytes;
}

std::vector<app_request> with_methods() {
  std::vector<app_request> all;
  for (const char* method : {"GET", "HEAD", "OPTIONS", "DELETE", "PATCH", "BREW", "get"})
    all.push_back({std::string(method) + " /", method});
  all.push_back({"OPTIONS *", "OPTIONS", "*"});
  all.push_back({"GET / of HTTP/1.0", "GET", "/", {}, body_kind::none, {}, http_version::http_1_0});
  return all;
}

std::vector<app_request> with_targets() {
  std::vector<app_request> all;
  for (const char* target : {"/no/such/page", "/a%2Fb", "/%00", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//", "/.",
                             "/%ff%fe", "/a%0d%0ab:%20c", "/\xc3\xa4", "/?", "/?a=b&c=d", "/?a=%zz&=&&%00", "/%25%32%66"})
    all.push_back({"GET " + std::string(target), "GET", target});
  all.push_back({"HEAD /no/such/page", "HEAD", "/no/such/page"});
  all.push_back({"GET of a path of 8000 bytes", "GET", '/' + filler(7999)});
  all.push_back({"GET / with a query of 8000 bytes", "GET", "/?" + filler(7998)});
  all.push_back({"GET of 2000 slashes", "GET", std::string(2000, '/')});
  return all;
}

std::vector<app_request> with_fields() {
  testing::field_list many;
  for (int i = 0; i < 90; ++i) many.push_back({"x-field-" + std::to_string(i), std::to_string(i)});
  return {
      {"GET / with 90 fields", "GET", "/", many},
      {"GET / with a field of 7000 bytes", "GET", "/", {{"cookie", filler(7000)}}},
      {"GET / with fields twice and empty",
       "GET",
       "/",
       {{"accept", "text/html"}, {"Accept", ""}, {"cookie", "a=1"}, {"cookie", "=; ;b"}}},
      {"GET / with bytes that are no UTF-8", "GET", "/", {{"user-agent", "\xff\xfe\x80"}, {"accept-language", "\xc0\xaf"}}},
      {"GET / with conditions",
       "GET",
       "/",
       {{"if-none-match", "*"}, {"if-modified-since", "Thu, 99 Foo 9999 99:99:99 GMT"}, {"if-match", "\"a"}}},
      {"GET / with a range", "GET", "/", {{"range", "bytes=0-0"}}},
      {"GET / with odd ranges", "GET", "/", {{"range", "bytes=99999999999999999999-,-0,5-1"}}},
      {"GET / with any coding", "GET", "/", {{"accept-encoding", "gzip;q=0.001, *;q=1"}, {"accept", "*/*;q=\"x"}}},
      {"GET / without a host", "GET", "/", {{"host", ""}}},
  };
}

std::vector<app_request> with_bodies() {
  const std::vector<std::string> crumbs(20, "ab\n");
  return {
      {"POST / without a body", "POST"},
      {"POST / with an empty body", "POST", "/", {}, body_kind::known, {""}},
      {"POST / with a form",
       "POST",
       "/",
       {{"content-type", "application/x-www-form-urlencoded"}},
       body_kind::known,
       {"a=b&c=%zz&d=%00"}},
      {"POST / with JSON",
       "POST",
       "/",
       {{"content-type", "application/json"}},
       body_kind::known,
       {R"({"a": [1, 2, {"b": null}]})"}},
      {"POST / with broken JSON",
       "POST",
       "/",
       {{"content-type", "application/json"}},
       body_kind::known,
       {"[[[[[[[[{\"a\": \"\\ud800\xff"}},
      {"POST / with parts",
       "POST",
       "/",
       {{"content-type", "multipart/form-data; boundary=x"}},
       body_kind::unknown,
       {"--x\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--", "x--\r\n"}},
      {"POST / with broken parts",
       "POST",
       "/",
       {{"content-type", "multipart/form-data; boundary="}},
       body_kind::known,
       {"--\r\n\r\n--"}},
      {"POST / in chunks", "POST", "/", {}, body_kind::unknown, crumbs},
      {"POST / of no chunk", "POST", "/", {}, body_kind::unknown, {}},
      {.name = "POST / in chunks, with trailers",
       .method = "POST",
       .fields = {{"te", "trailers"}},
       .body = body_kind::unknown,
       .chunks = crumbs,
       .trailers = {{"x-checksum", "60"}, {"server-timing", "db;dur=53"}}},
      {"POST / with a body of 1 MiB", "POST", "/", {{"content-type", "text/plain"}}, body_kind::known, {filler(huge)}},
      {"PUT /new with a body", "PUT", "/new", {{"content-type", "text/plain"}}, body_kind::known, {"new\n"}},
      {"PUT / in chunks of 64 KiB", "PUT", "/", {}, body_kind::unknown, std::vector<std::string>(8, filler(64 * 1024))},
      {"GET / with a body", "GET", "/", {}, body_kind::known, {"a body"}},
  };
}

/// Where an app speaks it; elsewhere a request with odd fields.
app_request websocket() {
  app_request r{.name = "GET / for a WebSocket"};
  r.fields = {{"connection", "Upgrade"}, {"upgrade", "websocket"}, {"sec-websocket-version", "13"},
              {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}, {"sec-websocket-protocol", "chat"}};
  r.opens_websocket = true;
  r.messages = {"hello", "", "{}"};
  return r;
}

/// To protocols that the server does not speak: for who upgrades to one of them; elsewhere a request with odd fields.
app_request upgrade() {
  app_request r{.name = "GET / with an offer to upgrade"};
  r.fields = {{"connection", "Upgrade"}, {"upgrade", "echo/1, IRC/6.9"}};
  r.messages = {"NICK guest\r\n", "QUIT\r\n"};
  return r;
}

}  // namespace

std::size_t app_request::body_size() const noexcept {
  return std::accumulate(chunks.begin(), chunks.end(), std::size_t{0},
                         [](std::size_t sum, const std::string& c) { return sum + c.size(); });
}

std::vector<app_request> all_app_requests() {
  std::vector<app_request> all;
  for (const auto& part : {with_methods(), with_targets(), with_fields(), with_bodies()})
    all.insert(all.end(), part.begin(), part.end());
  all.push_back(websocket());
  all.push_back(upgrade());
  return all;
}

std::vector<app_request> all_http_requests() {
  auto all = all_app_requests();
  std::erase_if(all, [](const app_request& r) { return testing::find_field(r.fields, "upgrade").has_value(); });
  return all;
}

}  // namespace csgi::conformance
