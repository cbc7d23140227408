// request_bodies.cpp - how request bodies reach an app, and what becomes of those that it does not want.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

std::string chunked(std::string_view path, std::string_view body, std::string_view fields = {}) {
  return request("POST", path, "Transfer-Encoding: chunked\r\n" + std::string(fields)) + std::string(body);
}

std::string expecting(std::string_view path, std::string_view fields = {}) {
  return request("POST", path, "Expect: 100-continue\r\nContent-Length: 4\r\n" + std::string(fields));
}

void add_reading_cases(cases& to) {
  test_case whole{{"CSGI-HTTP-036"}, "a chunked body is given without its framing, and the next request is untouched",
                  {send(chunked("/collect", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n") + get("/hello")),
                   receive(answer(200).saying("abcde"), "POST"), receive(answer(200).saying("Hello\n"))}};
  whole.at_every_split = true;
  to.push_back(std::move(whole));
  to.push_back({{"CSGI-HTTP-036"}, "a body of known length ends where it says",
                {send(request("POST", "/collect", "", "12345") + get("/hello")), receive(answer(200).saying("12345"), "POST"),
                 receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-036"}, "bytes of every value pass unchanged",
                {send(request("POST", "/collect", "", std::string("\x00\x01\r\n\x7f\x80\xff", 7))),
                 receive(answer(200).saying(std::string("\x00\x01\r\n\x7f\x80\xff", 7)), "POST")}});
  to.push_back({{"CSGI-HTTP-037"}, "after the end each read gives the end again",
                {send(request("POST", "/read-on", "", "body")), receive(answer(200).saying("body..."), "POST")}});
  to.push_back({{"CSGI-HTTP-037"}, "without a body the first read gives the end", {send(get("/read-on")), receive(answer(200).saying("..."))}});
  to.push_back({{"CSGI-HTTP-038", "CSGI-HTTP-046"}, "a read does not wait for more than there is",
                {send("POST {root}/first-bytes HTTP/1.1\r\nHost: probe\r\nContent-Length: 10\r\n\r\nabc"),
                 receive(answer(200).saying("abc"), "POST")}});
  to.push_back({{"CSGI-HTTP-036"}, "chunk extensions are ignored",
                {send(chunked("/collect", "3;a=b\r\nabc\r\n1;c=\"d;\\\"e\"\r\nd\r\n0;last\r\n\r\n")), receive(answer(200).saying("abcd"), "POST")}});
  to.push_back({{"CSGI-HTTP-044"}, "an endless chunk extension is broken framing",
                {send(chunked("/count", "3;" + std::string(100'000, 'x'))), receive(answer({400, 413}), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-045"}, "trailers are no fields, and change nothing",
                {send(chunked("/request", "3\r\nabc\r\n0\r\nContent-Length: 7\r\nX-Trailer: t\r\n\r\n") + get("/hello")),
                 receive(answer(200).containing("body=unknown\n"), "POST"), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-040", "CSGI-HTTP-042", "CSGI-HTTP-043"}, "a body that is cut short is an error, not an end",
                {send("POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nContent-Length: 10\r\n\r\nabc"), half_close(),
                 receive(answer(400), "POST"), end(), noted("read failed: bad_message")}});
  to.push_back({{"CSGI-HTTP-041"}, "malformed trailers are broken framing",
                {send(chunked("/count", "0\r\nbad trailer\r\n\r\n")), receive(answer(400), "POST"), end(), noted("read failed: bad_message")}});
}

void add_streaming_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-046"}, "a body is echoed while it comes",
                {send("POST {root}/echo HTTP/1.1\r\nHost: probe\r\nContent-Length: 6\r\n\r\none"), through("3\r\none\r\n"),
                 send("two"), through("3\r\ntwo\r\n0\r\n\r\n")}});
  to.push_back({{"CSGI-HTTP-046"}, "an app may answer before it reads",
                {send("POST {root}/answer-then-read HTTP/1.1\r\nHost: probe\r\nContent-Length: 3\r\n\r\n"), through("5\r\nearly\r\n"),
                 send("abc"), through("0\r\n\r\n")}});
  to.push_back({{"CSGI-HTTP-036", "CSGI-HTTP-073"}, "a large body comes back byte by byte",
                {send(request("POST", "/echo", "", std::string(700'000, 'x'))), receive(answer(200).saying(std::string(700'000, 'x')), "POST")}});
}

void add_unread_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-048"}, "an unread body is not taken for a request",
                {send(request("POST", "/ignore-body", "", "GET /hello HTTP/1.1\r\nHost: probe\r\n\r\n") + get("/request")), receive(answer(200).saying("ignored"), "POST"),
                 receive(answer(200).containing("method=GET\n"))}});
  to.push_back({{"CSGI-HTTP-048"}, "an unread chunked body is not taken for a request",
                {send(chunked("/ignore-body", "3\r\nGET\r\n0\r\n\r\n") + get("/hello")), receive(answer(200).saying("ignored"), "POST"),
                 receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-049"}, "a response arrives whole although its request's body is far from over",
                {send("POST {root}/ignore-body HTTP/1.1\r\nHost: probe\r\nContent-Length: 100000000\r\n\r\n" + std::string(300'000, 'x')),
                 receive(answer(200).saying("ignored"), "POST")}});
}

void add_expect_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-051"}, "100 Continue is sent once, when the app first reads",
                {send(expecting("/collect")), receive_text("HTTP/1.1 100 Continue\r\n\r\n"), silence(), send("body"),
                 receive_text("HTTP/1.1 200"), through("\r\n\r\nbody")}});
  to.push_back({{"CSGI-HTTP-052", "CSGI-HTTP-054"}, "without a read there is no 100, and the connection ends",
                {send(expecting("/ignore-body")), receive_text("HTTP/1.1 200"), through("Connection: close"), through("ignored"), end()}});
  to.push_back({{"CSGI-HTTP-052"}, "HTTP/1.0 gets no 100",
                {send("POST {root}/collect HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"), silence(), send("body"),
                 receive_text("HTTP/1.1 200")}});
  to.push_back({{"CSGI-HTTP-052"}, "a request without a body gets no 100",
                {send(get("/collect", "Expect: 100-continue\r\n")), receive_text("HTTP/1.1 200")}});
  to.push_back({{"CSGI-HTTP-053"}, "a client that does not wait gets no 100",
                {send(expecting("/collect") + "body"), receive_text("HTTP/1.1 200")}});
}

}  // namespace

void add_request_body_cases(cases& to) {
  add_reading_cases(to);
  add_streaming_cases(to);
  add_unread_cases(to);
  add_expect_cases(to);
}

}  // namespace csgi::conformance
