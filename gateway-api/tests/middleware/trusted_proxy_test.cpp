#include <csgi/middleware/trusted_proxy.hpp>
#include "around.hpp"

using namespace csgi;

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

std::string told(const request& head) {
  std::string text = head.peer.type == endpoint::kind::unknown ? "hidden" : std::string(head.peer.address);
  if (head.peer.port) text += ' ' + std::to_string(head.peer.port);
  return text + '|' + std::string(head.scheme) + '|' + std::string(head.authority);
}

task<> telling(async_exchange ex) {
  const auto* const original = ex.find<original_request>();
  CHECK(original != nullptr);
  CHECK(told(*original->head) == "192.0.2.7 50000|http|inner");
  const std::string text = told(ex.head());
  co_await ex.respond(200, "text/plain", text);
}

std::string seen(trusted_proxy_settings settings, fields sent) {
  if (settings.peers.empty()) settings.peers = {"192.0.2.0/24", "10.0.0.0/8", "2001:db8:1::/48"};
  sent.emplace_back("host", "inner");
  std::string text;
  in_both_kinds(trusted_proxy(settings), telling, {.fields = sent}, [&](const recorded_response& r) {
    text = r.status == 200 ? r.body : std::to_string(r.status);
  });
  return text;
}

const trusted_proxy_settings lenient{.malformed = malformed_fields::ignored};
const trusted_proxy_settings lenient_rfc7239{.fields = proxy_fields::forwarded, .malformed = malformed_fields::ignored};

std::string x(fields sent) { return seen({}, std::move(sent)); }
std::string rfc7239(const std::string& value) { return seen({.fields = proxy_fields::forwarded}, {{"forwarded", value}}); }

const std::string unchanged = "192.0.2.7 50000|http|inner";

}  // namespace

TEST_SUITE("trusted_proxy") {
TEST_CASE("CSGI-HTTP-133: what a trusted peer says is believed, and what the server saw is found besides") {
  CHECK(x({{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-proto", "HTTPS"}, {"x-forwarded-host", "shop.example:8443"}}) ==
        "203.0.113.9|https|shop.example:8443");
  CHECK(x({{"x-forwarded-for", "203.0.113.9:1234"}}) == "203.0.113.9 1234|http|inner");
  CHECK(x({{"x-forwarded-for", "2001:db8::7"}}) == "2001:db8::7|http|inner");
  CHECK(x({{"x-forwarded-for", "[2001:db8::7]:99"}}) == "2001:db8::7 99|http|inner");
  CHECK(x({{"x-forwarded-proto", "https"}}) == "192.0.2.7 50000|https|inner");
  CHECK(x({}) == unchanged);
}

TEST_CASE("what any other peer says is not believed") {
  CHECK(seen({.peers = {"198.51.100.0/24", "unix"}}, {{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-proto", "https"}}) == unchanged);
  CHECK(seen({.peers = {"198.51.100.0/24"}, .malformed = malformed_fields::refused}, {{"x-forwarded-for", "?"}}) == unchanged);
}

TEST_CASE("from right to left, the first that is no trusted proxy is the client") {
  CHECK(x({{"x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.1.2.3"}}) == "203.0.113.9|http|inner");
  CHECK(x({{"x-forwarded-for", "1.1.1.1"}, {"x-forwarded-for", "203.0.113.9, 2001:db8:1::5"}}) == "203.0.113.9|http|inner");
  CHECK(x({{"x-forwarded-for", "10.9.9.9, 10.1.2.3"}}) == "10.9.9.9|http|inner");
  CHECK(x({{"x-forwarded-for", "203.0.113.9, 10.1.2.3"}, {"x-forwarded-proto", "https, http"}}) == "203.0.113.9|https|inner");
  CHECK(x({{"x-forwarded-for", "203.0.113.9, 10.1.2.3"}, {"x-forwarded-proto", "https"}}) == "203.0.113.9|https|inner");
  CHECK(x({{"x-forwarded-for", "203.0.113.9, unknown, 10.1.2.3"}}) == "hidden|http|inner");
}

TEST_CASE("RFC 7239") {
  CHECK(rfc7239("for=203.0.113.9;proto=https;host=shop.example;by=10.0.0.1") == "203.0.113.9|https|shop.example");
  CHECK(rfc7239("For=\"[2001:db8::7]:4711\"") == "2001:db8::7 4711|http|inner");
  CHECK(rfc7239("for=1.1.1.1, for=203.0.113.9;proto=https, for=10.0.0.2;proto=http") == "203.0.113.9|https|inner");
  CHECK(rfc7239("for=_hidden, for=\"10.0.0.2:_p\"") == "hidden|http|inner");
  CHECK(rfc7239("proto=https") == "192.0.2.7 50000|https|inner");
  CHECK(seen({.fields = proxy_fields::forwarded}, {{"x-forwarded-for", "203.0.113.9"}}) == unchanged);
  CHECK(x({{"forwarded", "for=203.0.113.9"}}) == unchanged);
}

TEST_CASE("what is malformed is refused unless told otherwise, or ignored as a whole") {
  for (const char* bad : {"1.2.3", "1.2.3.4:x", "[::1", "::1]", "1.2.3.4, ?", "localhost", "1.2.3.4:99999", "[1.2.3.4]"}) {
    CHECK_MESSAGE(seen(lenient, {{"x-forwarded-for", bad}, {"x-forwarded-proto", "https"}}) == unchanged, bad);
    CHECK(x({{"x-forwarded-for", bad}}) == "400");
  }
  for (const auto& sent : {fields{{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-proto", "gopher"}},
                           fields{{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-host", "a b"}}, fields{{"x-forwarded-host", "shop.example/path"}}}) {
    CHECK(seen(lenient, sent) == unchanged);
    CHECK(x(sent) == "400");
  }
  for (const char* bad : {"for", "for=1.2.3.4;for=1.2.3.5", "for=\"1.2.3.4", "for=\"1.2\\.3.4\"", "for=2001:db8::7x", "host=a@b"})
    CHECK_MESSAGE(seen(lenient_rfc7239, {{"forwarded", bad}}) == unchanged, bad);
  for (const char* bad : {"x\"y, for=203.0.113.9", "=1", "a b=1"})
    CHECK(rfc7239(bad) == "400");
}

TEST_CASE("the operator is told of what is refused") {
  in_both_kinds(trusted_proxy({.peers = {"192.0.2.7"}}), telling, {.fields = {{"host", "inner"}, {"x-forwarded-for", "?"}}},
                [](const recorded_response& r) {
                  REQUIRE(r.log.size() == 1);
                  CHECK(r.log[0].find("trusted_proxy: what a proxy says of its client cannot be understood: 400") != std::string::npos);
                });
}

TEST_CASE("what a client says before its proxy undoes nothing of what the proxy says") {
  for (const std::string client : {"?", "_hidden\" 10.0.0.1", "\"", "unknown", "10.0.0.1", "_", "for=10.0.0.1"})
    for (const auto malformed : {malformed_fields::ignored, malformed_fields::refused}) {
      CAPTURE(client);
      CHECK(seen({.malformed = malformed}, {{"x-forwarded-for", client + ", 203.0.113.9"}}) == "203.0.113.9|http|inner");
      CHECK(seen({.malformed = malformed}, {{"x-forwarded-for", client}, {"x-forwarded-for", "203.0.113.9, 10.1.2.3"}}) == "203.0.113.9|http|inner");
      CHECK(seen({.malformed = malformed}, {{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-host", client + ", shop.example"}}) ==
            "203.0.113.9|http|shop.example");
      CHECK(seen({.fields = proxy_fields::forwarded, .malformed = malformed}, {{"forwarded", client}, {"forwarded", "for=203.0.113.9"}}) ==
            "203.0.113.9|http|inner");
    }
  // In one line, an open quote swallows the rest: the client would hide behind its proxy.
  CHECK(seen(lenient_rfc7239, {{"forwarded", "for=\"_hidden, for=203.0.113.9"}}) == unchanged);
  CHECK(rfc7239("for=\"_hidden, for=203.0.113.9") == "400");
}

TEST_CASE("a hidden address is a name of letters, digits and few signs") {
  for (const char* hidden : {"_a.B-9_", "_a:80", "_a:_b", "unknown:80"})
    CHECK_MESSAGE(x({{"x-forwarded-for", hidden}}) == "hidden|http|inner", hidden);
  for (const char* bad : {"_", "_a b", "_a\"", "_a:", "_a:x", "[_a]", "[", "203.0.113.9:_", "203.0.113.9:_a b"})
    CHECK_MESSAGE(x({{"x-forwarded-for", bad}}) == "400", bad);
}

TEST_CASE("networks") {
  const auto trusts = [](const char* network, const char* address) {
    return trusted_proxy({.peers = {network}}).trusts({endpoint::kind::ip, 1, address});
  };
  CHECK(trusts("10.0.0.0/8", "10.255.0.1"));
  CHECK(trusts("10.0.0.0/8", "::ffff:10.255.0.1"));
  CHECK_FALSE(trusts("10.0.0.0/8", "11.0.0.1"));
  CHECK(trusts("192.0.2.128/25", "192.0.2.200"));
  CHECK_FALSE(trusts("192.0.2.128/25", "192.0.2.127"));
  CHECK(trusts("0.0.0.0/0", "8.8.8.8"));
  CHECK_FALSE(trusts("0.0.0.0/0", "2001:db8::1"));
  CHECK(trusts("::/0", "2001:db8::1"));
  CHECK(trusts("::1", "::1"));
  CHECK(trusted_proxy({.peers = {"unix"}}).trusts({endpoint::kind::unix_socket, 0, "/run/app.sock"}));
  CHECK_FALSE(trusted_proxy({.peers = {"unix"}}).trusts({}));
  for (const char* none : {"", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "::/129", "proxy.example", "10.0.0.0/8 "})
    CHECK_THROWS_AS(trusted_proxy({.peers = {none}}), std::invalid_argument);
}

TEST_CASE("every operation failing in turn ends it") {
  const trusted_proxy middleware({.peers = {"192.0.2.7"}});
  with_each_failing(middleware, telling, {.fields = {{"host", "inner"}, {"x-forwarded-for", "203.0.113.9"}}});
  with_each_failing(middleware, telling, {.fields = {{"host", "inner"}, {"x-forwarded-for", "?"}}});
}
}
