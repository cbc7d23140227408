// websocket_handshakes.cpp - how a WebSocket is opened, refused, declined and accepted.
#include "websockets.hpp"

namespace csgi::conformance {

namespace {

const step hello = receive(answer(200).saying("Hello\n"));

std::string with_fields(std::string_view fields, std::string_view commands = "accept,echo") { return get("/play?" + std::string(commands), fields); }

std::string versioned(std::string_view fields) { return std::string(fields) + std::string(websocket_version_field); }

void add_right_ones(cases& to) {
  conversing(to, {"CSGI-WS-001"}, "a handshake reaches the app with the extension", {send(opening("/play?find")), receive(answer(200).saying("find: found\n"))});
  const auto right = [&](std::string name, std::string_view fields) {
    conversing(to, {"CSGI-WS-001", "CSGI-WS-006"}, std::move(name), {handshake(with_fields(fields), accepted()), send(text("hi")), receive_message(opcode::text, "hi")});
  };
  const std::string rest = versioned(websocket_key_field);
  right("a handshake's fields and tokens have no case", "CONNECTION: upgrade\r\nuPGRADE: WebSocket\r\nsec-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==\r\nSEC-WEBSOCKET-VERSION: 13\r\n");
  right("a handshake's Connection may list more", "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n" + rest);
  right("a handshake's Connection may be two fields", "Connection: keep-alive\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + rest);
  right("a handshake's Upgrade may list more", "Connection: Upgrade\r\nUpgrade: no-such-protocol/1, websocket ,h2c\r\n" + rest);
  right("a handshake's Upgrade may be two fields", "Connection: Upgrade\r\nUpgrade: no-such-protocol/1\r\nUpgrade: websocket\r\n" + rest);
  right("a handshake with a length of 0 has no body", "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n" + rest);
  conversing(to, {"CSGI-WS-001"}, "the rules for requests hold for handshakes", {send("GET {root}/play?accept HTTP/1.1\r\nX-Case: {key}\r\n" + handshake_fields() + "\r\n"), receive(answer(400)), end(), never_noted("called*")});
  conversing(to, {"CSGI-WS-001"}, "nothing is answered to a handshake before the app does", {send(opening("/play?await:go,accept,echo")), noted("called with GET"), silence(), note_go, receive(accepted())});
}

void add_refused_ones(cases& to) {
  const auto other_version = [&](std::string name, std::string_view version) {
    conversing(to, {"CSGI-WS-002"}, std::move(name),
               {send(with_fields("Connection: Upgrade\r\nUpgrade: websocket\r\n" + std::string(version) + std::string(websocket_key_field))),
                receive(answer(426).with("sec-websocket-version", "13").listing("upgrade", "websocket")), reconnect(), never_noted("called*")});
  };
  other_version("a handshake of an older version is answered 426", "Sec-WebSocket-Version: 8\r\n");
  other_version("a handshake of a newer version is answered 426", "Sec-WebSocket-Version: 14\r\n");
  other_version("a handshake of a version that only begins like 13 is answered 426", "Sec-WebSocket-Version: 130\r\n");
  other_version("a handshake of a version that is no number is answered 426", "Sec-WebSocket-Version: thirteen\r\n");
  other_version("a handshake of no version is answered 426", "");
  const auto refused = [&](std::string name, const std::string& fields, std::string_view body = {}) {
    conversing(to, {"CSGI-WS-003"}, std::move(name),
               {send(get("/play?accept,echo", versioned("Connection: Upgrade\r\nUpgrade: websocket\r\n") + fields) + std::string(body)), receive(answer(400)), reconnect(), never_noted("called*")});
  };
  const std::string key(websocket_key_field);
  refused("a handshake without a key is answered 400", "");
  refused("a handshake with an empty key is answered 400", "Sec-WebSocket-Key:\r\n");
  refused("a handshake with its key twice is answered 400", key + key);
  refused("a handshake with two keys in one field is answered 400", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==\r\n");
  refused("a handshake with a key of 15 bytes is answered 400", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n");
  refused("a handshake with a key of 17 bytes is answered 400", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE=\r\n");
  refused("a handshake with a key that is not base64 is answered 400", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q==\r\n");
  refused("a handshake with a key without its padding is answered 400", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n");
  refused("a handshake with a body is answered 400", key + "Content-Length: 3\r\n", "abc");
  refused("a handshake with a chunked body is answered 400", key + "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n");
}

void add_others(cases& to) {
  const auto none = [&](std::string name, std::string bytes, const std::string& method = "GET") {
    conversing(to, {"CSGI-WS-004"}, std::move(name), {send(std::move(bytes)), receive(answer(200).saying("find: absent\n"), method)});
  };
  const std::string rest = versioned(websocket_key_field);
  none("a plain request is no handshake", get("/play?find"));
  none("a handshake of HTTP/1.0 is none", "GET {root}/play?find HTTP/1.0\r\nHost: probe\r\nX-Case: {key}\r\n" + handshake_fields() + "\r\n");
  none("a handshake with POST is none", request("POST", "/play?find", handshake_fields()), "POST");
  none("an Upgrade that Connection does not list is no handshake", get("/play?find", "Connection: keep-alive\r\nUpgrade: websocket\r\n" + rest));
  none("an Upgrade without Connection is no handshake", get("/play?find", "Upgrade: websocket\r\n" + rest));
  none("a Connection: upgrade without Upgrade is no handshake", get("/play?find", "Connection: Upgrade\r\n" + rest));
  none("an upgrade to something else is no handshake", get("/play?find", "Connection: Upgrade\r\nUpgrade: websocket2, h2c\r\n" + rest));
}

void add_declined_ones(cases& to) {
  conversing(to, {"CSGI-WS-005", "CSGI-WS-010", "CSGI-HTTP-112"}, "a handshake that is declined is served as HTTP, and so is what follows it",
             {send(opening("/play?respond:403:no") + get("/hello")), receive(answer(403).after_interim(0).saying("no")), hello});
  conversing(to, {"CSGI-WS-005", "CSGI-HTTP-112"}, "an app that knows nothing of WebSockets serves a handshake as a request", {send(opening("/hello") + opening("/pieces") + get("/hello")), hello, receive(answer(200).saying("one,two,three")), hello});
  conversing(to, {"CSGI-WS-005"}, "an app that fails before it accepts is answered for", {send(opening("/play?fail") + get("/hello")), receive(answer(500).lacking("secret")), hello});
  conversing(to, {"CSGI-WS-005"}, "a handshake may follow one that was declined", {send(opening("/play?respond:401")), receive(answer(401)), talk("echo"), send(text("hi")), receive_message(opcode::text, "hi")});
  conversing(to, {"CSGI-WS-005"}, "a handshake may follow other requests", {send(get("/hello")), hello, talk("echo"), send(text("hi")), receive_message(opcode::text, "hi")});
  const auto demanded = [&](std::string name, std::string bytes) {
    conversing(to, {"CSGI-WS-011"}, std::move(name), {send(std::move(bytes)), receive(answer(426).listing("upgrade", "websocket").listing("connection", "upgrade").saying("no"))});
  };
  demanded("an app's 426 to a handshake says what to upgrade to", opening("/play?respond:426:no"));
  demanded("an app's 426 to a plain request says what to upgrade to", get("/play?respond:426:no"));
}

void add_accepted_ones(cases& to) {
  const auto accepting = [&](std::string name, std::string_view commands, std::string_view fields, expectation wanted) {
    conversing(to, {"CSGI-WS-006"}, std::move(name),
               {handshake(opening("/play?" + std::string(commands) + ",echo", fields), std::move(wanted)), send(text("hi")), receive_message(opcode::text, "hi")});
  };
  accepting("a subprotocol that the app chooses is told", "accept:superchat", "Sec-WebSocket-Protocol: chat, superchat\r\n", accepted().with("sec-websocket-protocol", "superchat"));
  accepting("a subprotocol may be in the second of two fields", "accept:superchat", "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: superchat\r\n", accepted().with("sec-websocket-protocol", "superchat"));
  accepting("no subprotocol is told where the app chooses none", "accept", "Sec-WebSocket-Protocol: chat\r\n", accepted().without("sec-websocket-protocol"));
  accepting("no extension is told where none is offered", "accept", "", accepted().without("sec-websocket-extensions"));
  accepting("an extension that nobody knows is declined", "accept", "Sec-WebSocket-Extensions: x-no-such-extension; a=1\r\n", accepted().without("sec-websocket-extensions"));
  accepting("the app's fields go with the 101, in their order", "accept::X-One=1:Set-Cookie=a:X-Two=2:Set-Cookie=b", "",
            accepted().with_in_order({{"X-One", "1"}, {"Set-Cookie", "a"}, {"X-Two", "2"}, {"Set-Cookie", "b"}}));
  conversing(to, {"CSGI-WS-006"}, "the accept field belongs to the key",
             {handshake(with_fields(versioned("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==\r\n")), answer(101).with("sec-websocket-accept", "OfS0wDaT5NoxF2gqm7Zj2YtetzM="))});
  const std::string refused[] = {"accept:nobody", "accept:Chat", "accept::Sec-WebSocket-Accept=x", "accept::sec-websocket-extensions=x", "accept::Content-Length=5",
                                 "accept::Transfer-Encoding=chunked", "accept::Connection=close", "accept::Upgrade=x", "accept::bad%20name=1", "accept::=1", "accept::X-Split=1%0d%0aX-Own%3a%202"};
  std::string commands;
  std::vector<std::string> outcomes;
  for (const auto& each : refused) {
    commands += each + ',';
    outcomes.push_back("accept: invalid_argument");
  }
  outcomes.insert(outcomes.end(), {"phase: open", "accept: done", "phase: committed"});
  conversing(to, {"CSGI-WS-007"}, "what may not go with the 101 is refused, and changes nothing",
             {handshake(opening("/play?" + commands + "phase,accept:chat,phase,echo", "Sec-WebSocket-Protocol: chat\r\n"), accepted().with("sec-websocket-protocol", "chat").without("x-split").without("x-own")),
              noted_in_order(outcomes), send(text("hi")), receive_message(opcode::text, "hi")});
  conversing(to, {"CSGI-WS-008"}, "receiving, sending and closing before it is accepted are out of turn, and change nothing",
             {handshake(opening("/play?receive,receive-part,text:x,binary:x,close,phase,accept,accept,text:hi"), accepted()),
              noted_in_order({"receive: operation_not_permitted", "receive-part: operation_not_permitted", "text: operation_not_permitted", "binary: operation_not_permitted", "close: operation_not_permitted",
                              "phase: open", "accept: done", "accept: operation_not_permitted", "text: done"}),
              receive_message(opcode::text, "hi"), receive_closing(1000, "*")});
  conversing(to, {"CSGI-WS-008"}, "accepting once the response is committed is out of turn, and changes nothing",
             {send(opening("/play?start,write:ab,accept,finish:cd") + get("/hello")), receive(answer(200).saying("abcd")), hello, noted("accept: operation_not_permitted")});
  conversing(to, {"CSGI-WS-008"}, "receiving and sending where the handshake was declined are out of turn",
             {send(opening("/play?respond:403:no,accept,receive,text:x,close") + get("/hello")), receive(answer(403).saying("no")), hello,
              noted_in_order({"respond: done", "accept: operation_not_permitted", "receive: operation_not_permitted", "text: operation_not_permitted", "close: operation_not_permitted"})});
  conversing(to, {"CSGI-WS-009"}, "once accepted, the exchange's own operations are out of turn, and harm nothing",
             {talk("phase,start,read,write:x,finish:x,send-file,connected,phase,echo"),
              noted_in_order({"accept: done", "phase: committed", "start: operation_not_permitted", "read: operation_not_permitted", "write: operation_not_permitted",
                              "finish: operation_not_permitted", "send-file: operation_not_permitted", "connected: yes", "phase: committed"}),
              send(text("hi")), receive_message(opcode::text, "hi"), silence()});
  conversing(to, {"CSGI-WS-009"}, "an abort breaks an accepted connection off", {handshake(opening("/play?hook,accept,text:hi,await:go,abort"), accepted()), receive_message(opcode::text, "hi"), note_go, noted("outcome: 101 aborted by io_error 2"), end()});
  auto& gone = conversing(to, {"CSGI-WS-009"}, "the client's going can be waited for beside a conversation", {talk("begin-gone,echo,end-gone"), noted("begin-gone: pending"), reset(), reconnect(), noted_in_order({"begin-gone: pending", "echo: over 1006 , unclean", "end-gone: connection_reset"})}, kinds::async_only);
  gone.through_bridges = false;
}

void add_bytes_behind(cases& to) {
  const std::vector<step> answered = {receive(accepted()), receive_control(opcode::pong, "?"), receive_message(opcode::text, "hi"), receive_message(opcode::binary, "!")};
  const std::string bytes = opening("/play?accept,echo") + ping("?") + text("hi") + binary("!");
  const auto behind = [&](std::string name, step first) -> test_case& {
    std::vector<step> steps = {std::move(first)};
    steps.insert(steps.end(), answered.begin(), answered.end());
    return conversing(to, {"CSGI-WS-010", "CSGI-WS-012"}, std::move(name), std::move(steps));
  };
  behind("frames may follow a handshake at once", send(bytes));
  behind("a handshake and frames, cut anywhere", send(bytes)).at_every_split = true;
  behind("a handshake and frames, byte by byte", drip(bytes));
  conversing(to, {"CSGI-WS-010", "CSGI-WS-012"}, "a large message may follow a handshake at once", {send(opening("/play?accept,echo") + binary(std::string(200'000, 'x')) + text("hi")), receive(accepted()), receive_message(opcode::binary, std::string(200'000, 'x')), receive_message(opcode::text, "hi")});
  conversing(to, {"CSGI-WS-010", "CSGI-WS-028"}, "a close may follow a handshake at once", {send(opening("/play?accept,receive") + closing(1000)), receive(accepted()), receive_closing(1000, "*"), end(), reconnect(), noted("receive: over 1000 , clean")});
}

}  // namespace

void add_websocket_handshake_cases(cases& to) {
  add_right_ones(to);
  add_refused_ones(to);
  add_others(to);
  add_declined_ones(to);
  add_accepted_ones(to);
  add_bytes_behind(to);
}

}  // namespace csgi::conformance
