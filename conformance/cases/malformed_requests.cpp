// malformed_requests.cpp - requests that a server answers itself: their status, and the end of the connection.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

/// One connection for each: the status, then its end, and the app has not seen it.
void refused(cases& to, std::vector<std::string> clauses, const std::string& name, std::string bytes, std::vector<int> statuses) {
  to.push_back({std::move(clauses), name,
                {send(std::move(bytes)), half_close(), receive(answer(std::move(statuses)).with("date").with("connection", "close")), end(),
                 never_noted("reading")}});
}

/// A request to /count, which would note that it was called, with these lines between request line and end.
std::string with_lines(std::string_view lines) {
  return "POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n" + std::string(lines) + "\r\n";
}

std::string with_line(std::string_view request_line) {
  return std::string(request_line) + "\r\nHost: probe\r\nX-Case: {key}\r\n\r\n";
}

std::string chunks(std::string_view body) { return with_lines("Transfer-Encoding: chunked\r\n") + std::string(body); }

/// The framing is found broken while the app reads: it learns of it, and the client gets 400 and the connection's end.
void broken_chunks(cases& to, const std::string& name, std::string_view body) {
  to.push_back({{"CSGI-HTTP-041", "CSGI-HTTP-042", "CSGI-HTTP-043"}, name,
                {send(chunks(body) + get("/hello")), receive(answer(400), "POST"), end(), noted("read failed: bad_message")}});
}

void add_field_cases(cases& to) {
  refused(to, {"CSGI-HTTP-027", "CSGI-HTTP-129"}, "a folded field is refused", with_lines("A: b\r\n c\r\n"), {400});
  refused(to, {"CSGI-HTTP-027"}, "white space before the colon is refused", with_lines("A : b\r\n"), {400});
  refused(to, {"CSGI-HTTP-027"}, "a field without a name is refused", with_lines(": b\r\n"), {400});
  refused(to, {"CSGI-HTTP-027"}, "a name that is no token is refused", with_lines("A(b): c\r\n"), {400});
  refused(to, {"CSGI-HTTP-022"}, "a bare CR is refused", with_lines("A: b\rc\r\n"), {400});
  refused(to, {"CSGI-HTTP-022"}, "a bare LF is refused", with_lines("A: b\nC: d\r\n"), {400});
  refused(to, {"CSGI-HTTP-027"}, "NUL is refused", with_lines(std::string_view("A: b\0c\r\n", 8)), {400});
  refused(to, {"CSGI-HTTP-027"}, "a control character is refused", with_lines("A: b\x01\r\n"), {400});
  refused(to, {"CSGI-HTTP-028"}, "HTTP/1.1 without Host is refused", "GET {root}/hello HTTP/1.1\r\n\r\n", {400});
  refused(to, {"CSGI-HTTP-028"}, "two Hosts are refused", with_lines("Host: probe\r\n"), {400});
  refused(to, {"CSGI-HTTP-029"}, "a Host with user information is refused", "GET {root}/hello HTTP/1.1\r\nHost: u@probe\r\n\r\n", {400});
  refused(to, {"CSGI-HTTP-029"}, "a Host with a bad port is refused", "GET {root}/hello HTTP/1.1\r\nHost: probe:8x\r\n\r\n", {400});
}

void add_line_cases(cases& to) {
  refused(to, {"CSGI-HTTP-003"}, "an unknown method is answered 501", with_line("BREW {root}/hello HTTP/1.1"), {501});
  refused(to, {"CSGI-HTTP-003"}, "a method in lower case is another method", with_line("get {root}/hello HTTP/1.1"), {501});
  refused(to, {"CSGI-HTTP-003"}, "CONNECT does not reach the app", "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n", {501});
  refused(to, {"CSGI-HTTP-016"}, "a relative target is refused", with_line("GET hello HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-016"}, "another scheme is refused", with_line("GET ftp://probe/hello HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-017"}, "a control character in a target is refused", with_line("GET {root}/hel\x01lo HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-019"}, "two spaces in a request line are refused", with_line("GET  {root}/hello HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-016"}, "a fragment in the target is refused", with_line("GET {root}/hello#f HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-018"}, "a byte that no target has is refused", with_line("GET {root}/hel<lo HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-006"}, "a broken percent encoding is refused", with_line("GET {root}/%zz HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-016"}, "an asterisk is for OPTIONS alone", with_line("GET * HTTP/1.1"), {400});
  refused(to, {"CSGI-HTTP-019", "CSGI-HTTP-129", "CSGI-HTTP-130"}, "garbage is refused", "\x16\x03\x01\x02\r\n\r\n", {400});
  refused(to, {"CSGI-HTTP-019"}, "a request of HTTP/0.9 is refused", "GET {root}/hello\r\n\r\n", {400, 505});
  refused(to, {"CSGI-HTTP-021"}, "another major version is refused", with_line("GET {root}/hello HTTP/3.0"), {400, 505});
  refused(to, {"CSGI-HTTP-021"}, "a version in lower case is refused", with_line("GET {root}/hello http/1.1"), {400});
  refused(to, {"CSGI-HTTP-019"}, "a method that is no token is refused", with_line("G(T {root}/hello HTTP/1.1"), {400, 501});
}

void add_framing_cases(cases& to) {
  refused(to, {"CSGI-HTTP-031"}, "differing lengths are refused", with_lines("Content-Length: 1\r\nContent-Length: 2\r\n") + "a", {400});
  refused(to, {"CSGI-HTTP-031"}, "a list of lengths is refused", with_lines("Content-Length: 1, 2\r\n") + "a", {400});
  for (const char* length : {"+1", "-1", "1x", "0x1", "", "1 1", "99999999999999999999"})
    refused(to, {"CSGI-HTTP-031"}, std::string("the length \"") + length + "\" is refused", with_lines(std::string("Content-Length: ") + length + "\r\n"), {400, 413});
  refused(to, {"CSGI-HTTP-033"}, "a length beside a transfer coding is refused", with_lines("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", {400});
  refused(to, {"CSGI-HTTP-034"}, "a coding that does not end in chunked is refused", with_lines("Transfer-Encoding: chunked, gzip\r\n"), {400, 501});
  refused(to, {"CSGI-HTTP-034"}, "an unknown coding is refused", with_lines("Transfer-Encoding: cow\r\n"), {400, 501});
  refused(to, {"CSGI-HTTP-035"}, "an empty coding is refused", with_lines("Transfer-Encoding:\r\n"), {400, 501});
  refused(to, {"CSGI-HTTP-034"}, "a disguised coding is refused", with_lines("Transfer-Encoding: xchunked\r\n"), {400, 501});
  refused(to, {"CSGI-HTTP-035"}, "a coding in HTTP/1.0 is refused", "POST {root}/count HTTP/1.0\r\nX-Case: {key}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400, 501});
  refused(to, {"CSGI-HTTP-032"}, "the same length twice is refused", with_lines("Content-Length: 1\r\nContent-Length: 1\r\n") + "a", {400});
  refused(to, {"CSGI-HTTP-030"}, "an empty Host is refused", "GET {root}/hello HTTP/1.1\r\nHost:\r\n\r\n", {400});
  refused(to, {"CSGI-HTTP-035"}, "chunked twice is refused", with_lines("Transfer-Encoding: chunked, chunked\r\n"), {400});
  refused(to, {"CSGI-HTTP-117"}, "a length beyond all limits is refused, and the body not asked for",
          with_lines("Expect: 100-continue\r\nContent-Length: 4611686018427387904\r\n"), {413});
  refused(to, {"CSGI-HTTP-055"}, "an unknown expectation is refused", with_lines("Expect: the-unexpected\r\nContent-Length: 1\r\n"), {417});
  for (const char* size : {"5g", "0x5", "-1", "+5", "", "fffffffffffffffff"})
    broken_chunks(to, std::string("the chunk size \"") + size + "\" is broken framing", std::string(size) + "\r\nhello\r\n0\r\n\r\n");
  broken_chunks(to, "bytes instead of CRLF behind a chunk are broken framing", "5\r\nhelloXX0\r\n\r\n");
  broken_chunks(to, "a bare LF behind a chunk's size is broken framing", "5\nhello\r\n0\r\n\r\n");
}

}  // namespace

void add_malformed_request_cases(cases& to) {
  add_field_cases(to);
  add_line_cases(to);
  add_framing_cases(to);
  refused(to, {"CSGI-HTTP-115"}, "an endless request line is answered, not collected", "GET {root}/" + std::string(70'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", {414, 431});
  refused(to, {"CSGI-HTTP-116"}, "an endless field is answered, not collected", with_lines("A: " + std::string(200'000, 'a') + "\r\n"), {431});
  std::string many;
  for (int i = 0; i < 5'000; ++i) many += "F: v\r\n";
  refused(to, {"CSGI-HTTP-116"}, "fields without number are answered, not collected", with_lines(many), {431});
}

}  // namespace csgi::conformance
