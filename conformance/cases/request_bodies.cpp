// request_bodies.cpp - how request bodies reach an app, and what becomes of those that it does not want.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

std::string chunked(std::string_view path, std::string_view body, std::string_view fields = {}) {
  return request("POST", path, "Transfer-Encoding: chunked\r\n" + std::string(fields)) + std::string(body);
}

/// The head of a request whose body has that length, and has not come yet.
std::string announced(std::string_view path, std::size_t length) {
  return request("POST", path, "Content-Length: " + std::to_string(length) + "\r\n");
}

void add_reading_cases(cases& to) {
  const auto read = [&](std::vector<std::string> clauses, std::string name, std::string bytes, std::string body) {
    to.push_back({std::move(clauses), std::move(name), {send(bytes + get("/hello")), receive(answer(200).saying(std::move(body)), "POST"), receive(answer(200).saying("Hello\n"))}});
  };
  const std::string every("\x00\x01\r\n\x7f\x80\xff", 7);
  const std::string large(65'536, 'l');
  read({"CSGI-HTTP-036"}, "a body of known length ends where it says", request("POST", "/collect", "", "12345"), "12345");
  read({"CSGI-HTTP-036"}, "a chunked body is given without its framing", chunked("/collect", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "abcde");
  read({"CSGI-HTTP-036"}, "a chunked body may be empty", chunked("/collect", "0\r\n\r\n"), "");
  read({"CSGI-HTTP-036"}, "bytes of every value pass unchanged", request("POST", "/collect", "", every), every);
  read({"CSGI-HTTP-036"}, "bytes of every value pass unchanged in chunks", chunked("/collect", "7\r\n" + every + "\r\n0\r\n\r\n"), every);
  read({"CSGI-HTTP-036"}, "a size may be in capital letters", chunked("/collect", "A\r\n0123456789\r\n0\r\n\r\n"), "0123456789");
  read({"CSGI-HTTP-036"}, "a size may be in small letters", chunked("/collect", "a\r\n0123456789\r\n0\r\n\r\n"), "0123456789");
  read({"CSGI-HTTP-036"}, "a size may begin with zeros", chunked("/collect", "0003\r\nabc\r\n000\r\n\r\n"), "abc");
  read({"CSGI-HTTP-036"}, "a chunk may be large", chunked("/collect", "10000\r\n" + large + "\r\n0\r\n\r\n"), large);
  read({"CSGI-HTTP-036"}, "a chunk may look like framing", chunked("/collect", "b\r\n0\r\n\r\n3\r\nxyz\r\n0\r\n\r\n"), "0\r\n\r\n3\r\nxyz");
  read({"CSGI-HTTP-036"}, "chunk extensions are left out", chunked("/collect", "3;a=b\r\nabc\r\n1;c=\"d;\\\"e\";f\r\nd\r\n0;last\r\n\r\n"), "abcd");
  read({"CSGI-HTTP-036", "CSGI-HTTP-045"}, "trailers are left out", chunked("/collect", "3\r\nabc\r\n0\r\nA: b\r\nC:\t\xe4 \r\n\r\n"), "abc");
  read({"CSGI-HTTP-037"}, "after the end each read gives the end again", request("POST", "/read-on", "", "body"), "body...");
  read({"CSGI-HTTP-037"}, "after the end of a chunked body each read gives the end again", chunked("/read-on", "4\r\nbody\r\n0\r\n\r\n"), "body...");
  read({"CSGI-HTTP-037"}, "until the end each read gives something", request("POST", "/count", "", std::string(300'000, 'b')), "300000");
  to.push_back({{"CSGI-HTTP-037"}, "without a body the first read gives the end", {send(get("/read-on")), receive(answer(200).saying("..."))}});
  to.push_back({{"CSGI-HTTP-038", "CSGI-HTTP-046"}, "a read does not wait for more than there is", {send(announced("/first-bytes", 10) + "a"), receive(answer(200).saying("a"), "POST")}});
  to.push_back({{"CSGI-HTTP-038", "CSGI-HTTP-046"}, "a read does not wait for the end of a chunk", {send(chunked("/first-bytes", "a\r\na")), receive(answer(200).saying("a"), "POST")}});
  to.push_back({{"CSGI-HTTP-045"}, "trailers are no fields, and change nothing",
                {send(chunked("/views-stay", "3\r\nabc\r\n0\r\nContent-Length: 7\r\nHost: other\r\nTransfer-Encoding: gzip\r\nConnection: close\r\nX-Trailer: t\r\n\r\n") + get("/hello")),
                 receive(answer(200).saying("same"), "POST"), receive(answer(200).saying("Hello\n")), noted("still the same")}});
}

/// Where a body can end that has not ended.
void add_short_cases(cases& to) {
  const auto cut_short = [&](std::string name, std::string bytes) {
    to.push_back({{"CSGI-HTTP-040", "CSGI-HTTP-042", "CSGI-HTTP-043"}, "a body is cut short " + std::move(name),
                  {send(std::move(bytes)), half_close(), receive(answer(400), "POST"), end(), noted("read failed: bad_message"), noted("read again: bad_message")}});
  };
  cut_short("before its first byte", announced("/count", 10));
  cut_short("before its last byte", announced("/count", 10) + "123456789");
  cut_short("before its first chunk", chunked("/count", ""));
  cut_short("in a size", chunked("/count", "3\r\nabc\r\n1"));
  cut_short("in an extension", chunked("/count", "3;a=b"));
  cut_short("behind the CR of a size", chunked("/count", "3\r"));
  cut_short("in a chunk", chunked("/count", "3\r\nab"));
  cut_short("behind the bytes of a chunk", chunked("/count", "3\r\nabc"));
  cut_short("between chunks", chunked("/count", "3\r\nabc\r\n"));
  cut_short("in the last chunk", chunked("/count", "3\r\nabc\r\n0"));
  cut_short("before the trailers", chunked("/count", "3\r\nabc\r\n0\r\n"));
  cut_short("in a trailer", chunked("/count", "3\r\nabc\r\n0\r\nA: b"));
  cut_short("behind a trailer", chunked("/count", "3\r\nabc\r\n0\r\nA: b\r\n"));
  cut_short("in the last line end", chunked("/count", "3\r\nabc\r\n0\r\n\r"));
  const std::string bad = "3\r\nabc\r\nzz\r\n";
  to.push_back({{"CSGI-HTTP-042", "CSGI-HTTP-043"}, "an app that says nothing to a malformed body is answered for",
                {send(chunked("/careless", bad) + get("/hello")), receive(answer(400), "POST"), end(), noted("read failed: bad_message")}});
  to.push_back({{"CSGI-HTTP-042", "CSGI-HTTP-043"}, "an app that throws something else at a malformed body is answered for",
                {send(chunked("/careless?throw", bad) + get("/hello")), receive(answer(400), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-042", "CSGI-HTTP-043"}, "an app that says nothing to a body cut short is answered for",
                {send(announced("/careless", 9) + "abc"), half_close(), receive(answer(400), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-043", "CSGI-HTTP-110"}, "an app may answer a malformed body, and the connection ends all the same",
                {send(chunked("/careless?answer", bad) + get("/hello")), receive(answer(200).with("connection", "close").saying("never mind"), "POST"), end()}});
}

void add_streaming_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-046"}, "a body is echoed while it comes",
                {send(announced("/echo", 6) + "one"), receive_some("one"), send("two"), receive(answer(200).saying("onetwo"), "POST")}});
  to.push_back({{"CSGI-HTTP-046"}, "a chunked body is echoed while it comes",
                {send(chunked("/echo", "3\r\none\r\n")), receive_some("one"), send("3\r\ntwo\r\n0\r\n\r\n"), receive(answer(200).saying("onetwo"), "POST")}});
  to.push_back({{"CSGI-HTTP-046"}, "the app is called when there is a head, and no body yet", {send(announced("/count", 1)), noted("reading"), send("x"), receive(answer(200).saying("1"), "POST")}});
  to.push_back({{"CSGI-HTTP-046"}, "an app may answer before it reads",
                {send(announced("/answer-then-read", 3)), receive_some("early"), send("abc"), receive(answer(200).saying("early 3"), "POST")}});
  to.push_back({{"CSGI-HTTP-036", "CSGI-HTTP-073"}, "a large body comes back byte by byte",
                {send(request("POST", "/echo", "", std::string(700'000, 'x'))), receive(answer(200).saying(std::string(700'000, 'x')), "POST")}});
  to.push_back({{"CSGI-HTTP-047"}, "a body that the app does not read is not collected",
                {send(announced("/until-gone", 900'000'000)), flood(std::string(65'536, 'x'), 60'000'000), reset()}});
  to.push_back({{"CSGI-HTTP-047"}, "a chunk that the app does not read is not collected",
                {send(chunked("/until-gone", "30000000\r\n")), flood(std::string(65'536, 'x'), 60'000'000), reset()}});
}

/// A request that begins in an unread body is none: what follows is either the next request's response or the end.
void add_unread_cases(cases& to) {
  const std::string hidden = request("DELETE", "/hello");
  const auto unread = [&](std::string name, std::string bytes) {
    to.push_back({{"CSGI-HTTP-048"}, std::move(name),
                  {send(bytes + get("/request")), receive(answer(200).saying("ignored"), "POST"), receive_or_end(answer(200).containing("\nmethod=GET\n")), never_noted("called with DELETE")}});
  };
  unread("an unread body is not taken for a request", request("POST", "/ignore-body", "", "DELETE /request HTTP/1.1\r\nHost: probe\r\n\r\n"));
  unread("an unread body of empty lines is not taken for any", request("POST", "/ignore-body", "", std::string(300, '\n')));
  unread("an unread chunked body is not taken for a request", chunked("/ignore-body", "3\r\nGET\r\n0\r\n\r\n"));
  to.push_back({{"CSGI-HTTP-048"}, "a request in an unread body is none",
                {send(announced("/ignore-body", 100'000) + hidden), receive(answer(200).saying("ignored"), "POST"), never_noted("called with DELETE")}});
  to.push_back({{"CSGI-HTTP-048"}, "a request in an unread body that comes later is none",
                {send(announced("/ignore-body", 100'000)), receive(answer(200).saying("ignored"), "POST"), send(hidden), meanwhile(get("/hello"), answer(200)), never_noted("called with DELETE")}});
  to.push_back({{"CSGI-HTTP-048", "CSGI-HTTP-036"}, "a request in a body that is read is none",
                {send(chunked("/count", "1\r\n\n\r\n4\r\nGET \r\n0\r\n\r\n") + get("/hello")), receive(answer(200).saying("5"), "POST"), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-049"}, "a response arrives whole although its request's body is far from over",
                {send(announced("/ignore-body", 100'000'000) + std::string(300'000, 'x')), receive(answer(200).saying("ignored").or_else(answer(413)), "POST")}});
}

}  // namespace

void add_request_body_cases(cases& to) {
  add_reading_cases(to);
  add_short_cases(to);
  add_streaming_cases(to);
  add_unread_cases(to);
}

}  // namespace csgi::conformance
