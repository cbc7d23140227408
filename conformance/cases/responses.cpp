// responses.cpp - how what an app says looks on the wire.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

std::string old(std::string_view path, std::string_view fields = {}) {
  return "GET {root}" + std::string(path) + " HTTP/1.0\r\nX-Case: {key}\r\n" + std::string(fields) + "\r\n";
}

std::string head(std::string_view path) { return request("HEAD", path); }

void add_head_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-068"}, "fields keep their order, case and duplicates",
                {send(get("/fields")), through("Set-Cookie: a=1\r\nx-one: first\r\nX-MiXeD: \xe4\xf6\r\nSet-Cookie: b=2\r\nx-empty:"), through("\r\n\r\n")}});
  to.push_back({{"CSGI-HTTP-069"}, "a standard status has its phrase", {send(get("/status?404")), receive_text("HTTP/1.1 404 Not Found\r\n")}});
  to.push_back({{"CSGI-HTTP-069"}, "an unknown status keeps the space", {send(get("/status?299")), receive_text("HTTP/1.1 299 \r\n")}});
  to.push_back({{"CSGI-HTTP-069"}, "the app's reason is sent", {send(get("/reason")), receive_text("HTTP/1.1 299 As Told\r\n")}});
  to.push_back({{"CSGI-HTTP-070"}, "a response has a date", {send(get("/hello")), receive(answer(200).with("date"))}});
  to.push_back({{"CSGI-HTTP-070", "CSGI-HTTP-072"}, "the app's own date is the only one",
                {send(get("/own-date")), receive(answer(200).with("date", "Thu, 01 Jan 1970 00:00:00 GMT").with("server", "own"))}});
  to.push_back({{"CSGI-HTTP-071"}, "no type is invented", {send(get("/no-type")), receive(answer(200).without("content-type").saying("bytes"))}});
  to.push_back({{"CSGI-HTTP-072"}, "no fields are added but those of the server's own business",
                {send(get("/pieces")), receive(answer(200).without("x-powered-by").without("via").without("vary").without("cache-control").without("etag"))}});
  to.push_back({{"CSGI-HTTP-061"}, "a head may be replaced as a whole before it is sent",
                {send(get("/replaced")), receive(answer(201).with("x-second").without("x-first").with("content-length", "8").saying("replaced"))}});
  to.push_back({{"CSGI-HTTP-060"}, "what start() was given may change as soon as it has returned",
                {send(get("/passing-head")), receive_text("HTTP/1.1 200 As Told\r\n"), through("x-passing: kept\r\n")}});
  to.push_back({{"CSGI-HTTP-067"}, "a flush sends the head at once",
                {send("POST {root}/flushed HTTP/1.1\r\nHost: probe\r\nContent-Length: 1\r\n\r\n"), through("\r\n\r\n"), send("x"),
                 through("1\r\nx\r\n0\r\n\r\n")}});
}

void add_framing_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-076"}, "a whole body gets a length", {send(get("/hello")), receive(answer(200).with("content-length", "6").without("transfer-encoding").saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-077", "CSGI-HTTP-066", "CSGI-HTTP-073"}, "writes of unknown length are chunked, empty ones send nothing",
                {send(get("/pieces")), receive(answer(200).with("transfer-encoding", "chunked").without("content-length").saying("one,two,three"))}});
  to.push_back({{"CSGI-HTTP-078"}, "in HTTP/1.0 the connection's end is the body's",
                {send(old("/pieces")), receive(answer(200).with("connection", "close").without("transfer-encoding").without("content-length").saying("one,two,three"))}});
  to.push_back({{"CSGI-HTTP-079"}, "a declared length frames the body",
                {send(get("/declared")), receive(answer(200).with("content-length", "10").without("transfer-encoding").saying("0123456789"))}});
  to.push_back({{"CSGI-HTTP-080", "CSGI-CORE-039"}, "bytes beyond the declared length are refused, and the right ones may follow",
                {send(get("/too-much") + get("/hello")), receive(answer(200).saying("five!")), receive(answer(200).saying("Hello\n")), noted("refused")}});
  to.push_back({{"CSGI-HTTP-081", "CSGI-HTTP-094"}, "a body short of its length breaks the connection, and the app is told",
                {send(get("/too-little") + get("/hello")), ended(), reconnect(), noted("refused")}});
  to.push_back({{"CSGI-HTTP-074"}, "a buffer may be used again after each write",
                {send(get("/reused-buffer")), receive(answer(200).containing(std::string(100, 'a')).containing(std::string(100, 'j')).lacking("!"))}});
  to.push_back({{"CSGI-HTTP-075"}, "a block is sent without another call",
                {send("POST {root}/block-by-block HTTP/1.1\r\nHost: probe\r\nContent-Length: 1\r\n\r\n"), through("5\r\nfirst\r\n"), send("x"), through("0\r\n\r\n")}});
  to.push_back({{"CSGI-HTTP-073"}, "a large body arrives whole", {send(get("/whole?5000000")), receive(answer(200).with("content-length", "5000000"))}});
  to.push_back({{"CSGI-HTTP-073", "CSGI-HTTP-103"}, "a long stream arrives whole", {send(get("/stream?20000000")), receive(answer(200)), noted("streamed")}});
  to.push_back({{"CSGI-CORE-021"}, "a hundred thousand small writes are no trouble", {send(get("/many-writes?100000")), receive(answer(200))}});
}

void add_bodiless_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-084", "CSGI-HTTP-089"}, "HEAD has no body, and the connection goes on",
                {send(head("/hello") + get("/hello")), receive(answer(200), "HEAD"), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-085"}, "HEAD keeps the length that the app declares", {send(head("/declared")), receive(answer(200).with("content-length", "10"), "HEAD"), silence()}});
  to.push_back({{"CSGI-HTTP-085", "CSGI-HTTP-084"}, "HEAD may declare what it does not write", {send(head("/declared-only")), receive(answer(200).with("content-length", "10"), "HEAD"), silence()}});
  to.push_back({{"CSGI-HTTP-086"}, "HEAD tells the length that GET has", {send(head("/hello")), receive(answer(200).with("content-length", "6"), "HEAD")}});
  to.push_back({{"CSGI-HTTP-084"}, "HEAD of a stream has no last chunk", {send(head("/pieces") + get("/hello")), receive(answer(200), "HEAD"), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-087", "CSGI-HTTP-089"}, "204 has neither length nor body",
                {send(get("/status?204") + get("/hello")), receive(answer(204).without("content-length").without("transfer-encoding")), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-088", "CSGI-HTTP-089"}, "304 has no body",
                {send(get("/status?304") + get("/hello")), receive(answer(304).without("transfer-encoding")), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-088"}, "304 keeps a declared length", {send(get("/declared-only?304")), receive(answer(304).with("content-length", "10"))}});
}

}  // namespace

void add_response_cases(cases& to) {
  add_head_cases(to);
  add_framing_cases(to);
  add_bodiless_cases(to);
}

}  // namespace csgi::conformance
