#include <csgi/serving/websocket_handshake.hpp>
#include <csgi/websocket_protocol_offers.hpp>
#include "../../src/serving/sha1.hpp"
#include <csgi/serving/response_framer.hpp>
#include <doctest/doctest.h>
#include <ostream>
#include <vector>

using csgi::field;
using csgi::websocket_handshake;
using state = websocket_handshake::state;

namespace {

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";      // that of RFC 6455, 1.3

std::vector<field> good_fields() {
  return {{"Host", "server.example.com"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Key", key},
          {"Sec-WebSocket-Version", "13"}};
}

csgi::request request_with(const std::vector<field>& fields) {
  csgi::request head;
  head.method = "GET";
  head.fields = fields;
  return head;
}

websocket_handshake look(const std::vector<field>& fields) {
  const auto found = csgi::look_at_websocket_handshake(request_with(fields));
  CHECK((found.now == state::refused) == (found.why.status != 0));
  CHECK((found.now == state::good) == !found.key.empty());
  return found;
}

/// The good handshake, but for one field; no value: without it.
websocket_handshake look_with(std::string_view name, std::optional<std::string_view> value) {
  auto fields = good_fields();
  std::erase_if(fields, [name](const field& f) { return csgi::same_name(f.name, name); });
  if (value) fields.push_back({name, *value});
  return look(fields);
}

int refusal_with(std::string_view name, std::optional<std::string_view> value) { return look_with(name, value).why.status; }

int refusal_with_another(std::string_view name, std::string_view value) {
  auto fields = good_fields();
  fields.push_back({name, value});
  return look(fields).why.status;
}

std::string hex(const csgi::sha1_digest& digest) {
  std::string text;
  for (const unsigned byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::vector<std::string> offers(const std::vector<field>& fields) {
  csgi::websocket_protocol_offers all(fields);
  std::vector<std::string> names;
  while (const auto offered = all.next()) names.emplace_back(*offered);
  CHECK_FALSE(all.next());
  return names;
}

}  // namespace

TEST_SUITE("websocket_handshake") {
TEST_CASE("a handshake as RFC 6455 has it is good") {
  const auto found = look(good_fields());
  CHECK(found.now == state::good);
  CHECK(found.key == key);
}

TEST_CASE("names and tokens are compared regardless of case, in lists and over several fields") {
  CHECK(look_with("upgrade", "WebSocket").now == state::good);
  CHECK(look_with("UPGRADE", "h2c, websocket").now == state::good);
  CHECK(look_with("connection", "keep-alive, upgrade").now == state::good);
  CHECK(look_with("Connection", ",keep-alive\t,, UPGRADE ,").now == state::good);
  auto fields = good_fields();
  fields.insert(fields.begin(), {{"Connection", "keep-alive"}, {"Upgrade", "h2c"}});
  CHECK(look(fields).now == state::good);
}

TEST_CASE("what asks for no WebSocket is a plain request") {
  CHECK(look({}).now == state::none);
  CHECK(look_with("Upgrade", std::nullopt).now == state::none);
  CHECK(look_with("Connection", std::nullopt).now == state::none);
  for (const char* other : {"", "h2c", "websocket/13", "websockets", "web socket", "\"websocket\""})
    CHECK(look_with("Upgrade", other).now == state::none);
  for (const char* other : {"", "keep-alive", "upgraded", "close"}) CHECK(look_with("Connection", other).now == state::none);

  const auto fields = good_fields();
  auto head = request_with(fields);
  for (const char* method : {"POST", "HEAD", "get", "CONNECT"}) {
    head.method = method;
    CHECK(csgi::look_at_websocket_handshake(head).now == state::none);
  }
  head.method = "GET";
  for (const auto version : {csgi::http_version::http_1_0, csgi::http_version::http_2, csgi::http_version::http_3}) {
    head.version = version;
    CHECK(csgi::look_at_websocket_handshake(head).now == state::none);
  }
}

TEST_CASE("another version is answered 426, before anything that this version has is missed") {
  for (const char* version : {"8", "7", "0", "14", "013", "13, 8", "", "thirteen"})
    CHECK(refusal_with("Sec-WebSocket-Version", version) == 426);
  CHECK(refusal_with("Sec-WebSocket-Version", std::nullopt) == 426);
  CHECK(look({{"Upgrade", "WebSocket"}, {"Connection", "Upgrade"}}).why.status == 426);
}

TEST_CASE("a key is base64 of 16 bytes, once") {
  CHECK(refusal_with("Sec-WebSocket-Key", std::nullopt) == 400);
  for (const char* bad : {"", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ",
                          "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25j-Q==",
                          "dGhlIHNhbXBsZSBub25 ZQ==", "dGhlIHNhbXBsZSBub25jZQAA", "AAAAAAAAAAAAAAAAAAAAAAAAAA=="})
    CHECK(refusal_with("Sec-WebSocket-Key", bad) == 400);
  CHECK(refusal_with("Sec-WebSocket-Key", "+/+/+/+/+/+/+/+/+/+/+/==") == 0);
  CHECK(refusal_with_another("sec-websocket-key", key) == 400);
  CHECK(refusal_with_another("sec-websocket-version", "13") == 400);
}

TEST_CASE("offers that break their grammar are refused") {
  for (const char* good : {"chat", "chat, superchat", ",chat,,", "v1.json"})
    CHECK(refusal_with("Sec-WebSocket-Protocol", good) == 0);
  for (const char* bad : {"", ",", "a b", "a;b", "\"chat\"", "a/b"}) CHECK(refusal_with("Sec-WebSocket-Protocol", bad) == 400);
  for (const char* good : {"foo", "foo, bar; baz=2", "permessage-deflate; client_max_window_bits", "a;b=\"c\" ; d , e",
                           ",a,,b;c,", "a; b=\"x\\y\""})
    CHECK(refusal_with("Sec-WebSocket-Extensions", good) == 0);
  for (const char* bad : {"", ",", "a b", "a;", "a;;b", "a;=b", "a;b=", "a;b=\"", "a;b=\"\"", "a;b=\"c", "a;b=\"c d\"",
                          "a;b=\"c\\", "a;b=\"c,d\"", "a=b", ";a", "a; b=c d", "a;b=\"c\"d", "a, ;b", "a@"}) {
    CAPTURE(bad);
    CHECK(refusal_with("Sec-WebSocket-Extensions", bad) == 400);
  }
}

TEST_CASE("a handshake has no body") {
  const auto fields = good_fields();
  auto head = request_with(fields);
  head.body = csgi::body_kind::known;
  CHECK(csgi::look_at_websocket_handshake(head).now == state::good);
  head.content_length = 1;
  CHECK(csgi::look_at_websocket_handshake(head).why.status == 400);
  head.body = csgi::body_kind::unknown;
  CHECK(csgi::look_at_websocket_handshake(head).why.status == 400);
}

TEST_CASE("subprotocols are those of all fields, in order, and are compared byte by byte") {
  const std::vector<field> fields = {
      {"Sec-WebSocket-Protocol", "chat, superchat"}, {"Host", "x"}, {"sec-websocket-protocol", ",v2 "}};
  CHECK(offers(fields) == std::vector<std::string>{"chat", "superchat", "v2"});
  CHECK(offers({{"Host", "x"}}).empty());
  CHECK(offers({}).empty());
  CHECK(csgi::offers_websocket_protocol(fields, "v2"));
  CHECK_FALSE(csgi::offers_websocket_protocol(fields, "V2"));
  CHECK_FALSE(csgi::offers_websocket_protocol(fields, "super"));
  CHECK_FALSE(csgi::offers_websocket_protocol(fields, ""));
}

TEST_CASE("the accept key is the one that RFC 6455 gives") {
  const auto made = csgi::websocket_accept_of(key);
  CHECK(std::string_view(made.data(), made.size()) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("an app's fields are checked") {
  const auto refused = [](field f) { return csgi::check_websocket_fields(std::span(&f, 1)) == std::errc::invalid_argument; };
  for (const char* name :
       {"Sec-WebSocket-Accept", "sec-websocket-protocol", "SEC-WEBSOCKET-EXTENSIONS", "Sec-WebSocket-", "Connection",
        "upgrade", "Content-Length", "Transfer-Encoding", "Keep-Alive", "", "a b", "a:"})
    CHECK(refused({name, "x"}));
  CHECK(refused({"X-A", "a\r\nB: c"}));
  CHECK(refused({"X-A", std::string_view("\0", 1)}));
  for (const char* name : {"Set-Cookie", "Date", "Server", "Sec-WebSocket", "Sec-Other"}) CHECK_FALSE(refused({name, "x"}));
  CHECK_FALSE(csgi::check_websocket_fields({}));
}

TEST_CASE("426 asks for version 13") {
  for (const bool keep : {true, false}) {
    std::string out;
    const auto body = csgi::append_server_response(out, 426, {.keep_alive = keep}, "today", "csgi");
    CHECK(out.starts_with("HTTP/1.1 426 Upgrade Required\r\n"));
    CHECK(out.find("\r\nSec-WebSocket-Version: 13\r\n") != out.npos);
    const std::string end = keep ? "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" : "\r\nUpgrade: websocket\r\nConnection: close, Upgrade\r\n\r\n";
    CHECK(out.substr(0, out.size() - body).ends_with(end));
  }
}

TEST_CASE("SHA-1 gives what FIPS 180-4 and RFC 3174 say, at every length around a block") {
  CHECK(hex(csgi::sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex(csgi::sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(hex(csgi::sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(hex(csgi::sha1(std::string(1'000'000, 'a'))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  CHECK(hex(csgi::sha1(std::string(55, 'a'))) == "c1c8bbdc22796e28c0e15163d20899b65621d65a");
  CHECK(hex(csgi::sha1(std::string(56, 'a'))) == "c2db330f6083854c99d4b5bfb6e8f29f201be699");
  CHECK(hex(csgi::sha1(std::string(63, 'a'))) == "03f09f5b158a7a8cdad920bddc29b81c18a551f5");
  CHECK(hex(csgi::sha1(std::string(64, 'a'))) == "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}
}
