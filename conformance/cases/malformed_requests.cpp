// malformed_requests.cpp - request lines and fields that a server refuses, and their end.
#include "refusals.hpp"

namespace csgi::conformance {

using namespace std::string_view_literals;

namespace {

struct fault {
  const char* what;
  std::string_view bytes;
};

void add_line_cases(cases& to) {
  constexpr fault lines[] = {
      {"two spaces before the target", "GET  {root}/hello HTTP/1.1"}, {"two spaces before the version", "GET {root}/hello  HTTP/1.1"},
      {"a tab before the target", "GET\t{root}/hello HTTP/1.1"}, {"a tab before the version", "GET {root}/hello\tHTTP/1.1"},
      {"a space behind the version", "GET {root}/hello HTTP/1.1 "}, {"a fourth word", "GET {root}/hello HTTP/1.1 x"},
      {"a space before the method", " GET {root}/hello HTTP/1.1"}, {"no target", "GET HTTP/1.1"}, {"nothing but a method", "GET"},
      {"no version, as in HTTP/0.9", "GET {root}/hello"}, {"a method that is no token", "G(T {root}/hello HTTP/1.1"},
      {"a colon in the method", "GE:T {root}/hello HTTP/1.1"}, {"NUL in the method", "GE\0T {root}/hello HTTP/1.1"sv},
      {"a byte above 0x7F in the method", "G\xc9T {root}/hello HTTP/1.1"},
  };
  for (const fault& each : lines) refused(to, {"CSGI-HTTP-019"}, std::string("a request line with ") + each.what + " is refused", with_line(each.bytes));
  refused(to, {"CSGI-HTTP-019"}, "what is no HTTP at all is refused", "\x16\x03\x01\x02\r\n\r\n");
  for (const char* version : {"HTTP/0.9", "HTTP/2.0", "HTTP/3.0"})
    refused(to, {"CSGI-HTTP-021"}, std::string("the version ") + version + " is not spoken here", with_line("GET {root}/hello " + std::string(version)), {505});
  for (const char* version : {"http/1.1", "HTTP/1", "HTTP/1.", "HTTP/1.10", "HTTP/01.1", "HTTP/1.x", "HTTP/1,1", "HTTPS/1.1", "RTSP/1.0"})
    refused(to, {"CSGI-HTTP-021"}, std::string("the version ") + version + " is malformed", with_line("GET {root}/hello " + std::string(version)));
}

void add_method_cases(cases& to) {
  for (const char* method : {"BREW", "get", "GETS", "PROPFIND", "SOURCE", "!#$&'*+-.^_`|~09"})
    to.push_back({{"CSGI-HTTP-003", "CSGI-HTTP-001"}, std::string("the method ") + method + " is handed on as it is",
                  {send(with_line(method + std::string(" {root}/request HTTP/1.1"))),
                   receive(answer(200).containing("\nmethod=" + std::string(method) + '\n'))}});
  answered(to, {"CSGI-HTTP-003"}, "CONNECT does not reach the app", "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\nX-Case: {key}\r\n\r\n", answer(501));
}

void add_target_cases(cases& to) {
  constexpr fault targets[] = {
      {"a relative path", "GET hello HTTP/1.1"}, {"a query alone", "GET ?a HTTP/1.1"}, {"an authority, for GET", "GET other.example:80 HTTP/1.1"},
      {"an asterisk, for GET", "GET * HTTP/1.1"}, {"more than an asterisk", "OPTIONS *a HTTP/1.1"}, {"a path with a fragment", "GET {root}/hello#f HTTP/1.1"},
      {"a URI with a fragment", "GET http://probe{root}/hello#f HTTP/1.1"}, {"a URI of another scheme", "GET ftp://probe{root}/hello HTTP/1.1"},
      {"a scheme with one slash", "GET http:/hello HTTP/1.1"}, {"a URI without a host", "GET http:///hello HTTP/1.1"},
  };
  for (const fault& each : targets) refused(to, {"CSGI-HTTP-016"}, std::string("a target that is ") + each.what + " is refused", with_line(each.bytes));
  constexpr fault bytes[] = {{"NUL", "GET {root}/hel\0lo HTTP/1.1"sv}, {"a control character", "GET {root}/hel\x01lo HTTP/1.1"},
                             {"DEL", "GET {root}/hel\x7flo HTTP/1.1"}, {"a control character in its query", "GET {root}/hello?\x1b HTTP/1.1"},
                             {"a space", "GET {root}/hel lo HTTP/1.1"}};
  for (const fault& each : bytes) refused(to, {"CSGI-HTTP-017"}, std::string("a target with ") + each.what + " is refused", with_line(each.bytes));
  for (const char* byte : {"\\", "\"", "<", ">", "{", "}", "\xe9"})
    refused(to, {"CSGI-HTTP-018"}, "a target with " + (*byte == '\xe9' ? std::string("a byte above 0x7F") : std::string(byte)) + " is refused",
            with_line("GET {root}/hel" + std::string(byte) + "lo HTTP/1.1"));
  for (const char* path : {"/%zz", "/%4", "/%", "/%%41", "/%4?1"})
    refused(to, {"CSGI-HTTP-006"}, std::string("the path ") + path + " is refused", with_line("GET {root}" + std::string(path) + " HTTP/1.1"));
}

void add_line_end_cases(cases& to) {
  const std::string line = "POST {root}/count HTTP/1.1", own = "Host: probe\r\nX-Case: {key}";
  const std::pair<const char*, std::string> heads[] = {
      {"a bare LF behind the request line", line + '\n' + own + "\r\n\r\n"}, {"a bare LF behind a field", line + "\r\n" + own + "\n\r\n"},
      {"a bare LF for the empty line", line + "\r\n" + own + "\r\n\n"}, {"bare LFs alone", line + "\nHost: probe\nX-Case: {key}\n\n"},
      {"a bare LF between fields", with_lines("A: b\nC: d\r\n")}, {"a bare LF that hides a coding", with_lines("A: b\nTransfer-Encoding: chunked\r\n")},
      {"a bare CR in the request line", "POST {root}/count\rx HTTP/1.1\r\n" + own + "\r\n\r\n"}, {"two CRs behind the request line", line + "\r\r\n" + own + "\r\n\r\n"},
      {"a bare CR in a name", with_lines("A\rB: c\r\n")}, {"a bare CR in a value", with_lines("A: b\rc\r\n")}, {"a bare CR for a value", with_lines("A:\rB\r\n")},
      {"two CRs behind a field", with_lines("A: b\r\r\n")}, {"CR and another byte for the empty line", line + "\r\n" + own + "\r\n\rX"},
  };
  for (const auto& [what, head] : heads) refused(to, {"CSGI-HTTP-022"}, std::string(what) + " is refused", head);
  std::string empty;
  for (int i = 0; i < 100; ++i) empty += "\r\n";
  refused(to, {"CSGI-HTTP-020"}, "a hundred empty lines are refused", empty);
}

void add_field_cases(cases& to) {
  constexpr fault lines[] = {
      {"a folded value", "A: b\r\n c\r\n"}, {"a value folded by a tab", "A: b\r\n\tc\r\n"}, {"a value that begins folded", "A:\r\n b\r\n"},
      {"a fold of nothing", "A: b\r\n \r\n"}, {"a space before the colon", "A : b\r\n"}, {"a tab before the colon", "A\t: b\r\n"},
      {"an empty name", ": b\r\n"}, {"nothing but a colon", ":\r\n"}, {"no colon", "A\r\n"}, {"a space in its name", "A B: c\r\n"},
      {"parentheses in its name", "A(b): c\r\n"}, {"an at-sign in its name", "@A: b\r\n"}, {"a slash in its name", "A/B: c\r\n"},
      {"NUL in its name", "A\0: b\r\n"sv}, {"a byte above 0x7F in its name", "A\xe9: b\r\n"}, {"NUL in its value", "A: b\0c\r\n"sv},
      {"a control character in its value", "A: b\x01\r\n"}, {"a vertical tab in its value", "A: b\vc\r\n"}, {"an escape in its value", "A: b\x1b[m\r\n"},
      {"DEL in its value", "A: b\x7f\r\n"},
  };
  for (const fault& each : lines) refused(to, {"CSGI-HTTP-027"}, std::string("a field with ") + each.what + " is refused", with_lines(each.bytes));
  refused(to, {"CSGI-HTTP-027"}, "white space before the first field is refused", "POST {root}/count HTTP/1.1\r\n Host: probe\r\nX-Case: {key}\r\n\r\n");
}

void add_host_cases(cases& to) {
  const auto sent = [](std::string_view line, std::string_view hosts) {
    return std::string(line) + "\r\n" + std::string(hosts) + "X-Case: {key}\r\n\r\n";
  };
  constexpr std::string_view line = "GET {root}/hello HTTP/1.1";
  refused(to, {"CSGI-HTTP-028"}, "HTTP/1.1 without Host is refused", sent(line, ""));
  refused(to, {"CSGI-HTTP-028"}, "a later minor version without Host is refused", sent("GET {root}/hello HTTP/1.7", ""));
  refused(to, {"CSGI-HTTP-028"}, "a URI without Host is refused", sent("GET http://probe{root}/hello HTTP/1.1", ""));
  refused(to, {"CSGI-HTTP-028"}, "two Hosts are refused", sent(line, "Host: a\r\nHost: b\r\n"));
  refused(to, {"CSGI-HTTP-028"}, "the same Host twice is refused", sent(line, "Host: a\r\nhost: a\r\n"));
  refused(to, {"CSGI-HTTP-028"}, "two Hosts in HTTP/1.0 are refused", sent("GET {root}/hello HTTP/1.0", "Host: a\r\nHost: b\r\n"));
  for (const char* host : {"u@probe", "u:p@probe:80", "a, b", "a,b", "a b", "a\tb", "probe/x", "probe?x", "probe#x", "http://probe", "a\\b", "probe:8x", "probe:http",
                           "probe:65536", "probe:99999999999999999999", "probe:-80", "probe:+80", "probe:80:80", "::1", "[::1", "::1]", "[]", "[probe]", "[::1]x", "[1::2::3]"})
    refused(to, {"CSGI-HTTP-029"}, "the Host \"" + std::string(host) + "\" is refused", sent(line, "Host: " + std::string(host) + "\r\n"));
  for (const char* authority : {"u@probe", "u:p@probe", "probe:http", "probe:65536", "::1"})
    refused(to, {"CSGI-HTTP-029"}, "the authority \"" + std::string(authority) + "\" in a target is refused",
            sent("GET http://" + std::string(authority) + "{root}/hello HTTP/1.1", "Host: probe\r\n"));
  refused(to, {"CSGI-HTTP-029"}, "a bad Host is refused beside a good authority", sent("GET http://probe{root}/hello HTTP/1.1", "Host: a b\r\n"));
  refused(to, {"CSGI-HTTP-029"}, "a bad Host is refused in HTTP/1.0", sent("GET {root}/hello HTTP/1.0", "Host: a b\r\n"));
  refused(to, {"CSGI-HTTP-030"}, "an empty Host is refused", sent(line, "Host:\r\n"));
}

void add_answer_cases(cases& to) {
  const auto own = answer(400).with("date").with("content-length").with("connection", "close");
  to.push_back({{"CSGI-HTTP-129"}, "after garbage nothing more is served, and the answer says so",
                {send("garbage\r\n\r\n" + get("/count")), receive(answer(400).with("connection", "close")), end(), never_noted("called*")}});
  to.push_back({{"CSGI-HTTP-129"}, "after a malformed field nothing more is served, and the answer says so",
                {send(with_lines("A : b\r\n") + get("/count")), receive(answer(400).with("connection", "close")), end(), never_noted("called*")}});
  to.push_back({{"CSGI-HTTP-130"}, "the answer to garbage is a whole response", {send("garbage\r\n\r\n"), receive(own)}});
  to.push_back({{"CSGI-HTTP-130"}, "the answer to a malformed HEAD has no body",
                {send("HEAD {root}/hello HTTP/1.1\r\nHost: a b\r\n\r\n"), receive(own, "HEAD"), end()}});
  to.push_back({{"CSGI-HTTP-130"}, "the answer to a malformed request of HTTP/1.0 is one of HTTP/1.1", {send("GET {root}/%zz HTTP/1.0\r\n\r\n"), receive(own), end()}});
  to.push_back({{"CSGI-HTTP-131"}, "the answer to garbage is a line of text", {send("garbage\r\n\r\n"), receive(answer(400).with("content-type", "text/plain*").containing("\n"))}});
  answered(to, {"CSGI-HTTP-055"}, "an unknown expectation is answered 417", with_lines("Expect: the-unexpected\r\nContent-Length: 1\r\n"), answer(417));
  answered(to, {"CSGI-HTTP-055"}, "an unknown expectation beside a known one is answered 417", with_lines("Expect: 100-continue, tea\r\nContent-Length: 1\r\n"), answer(417).after_interim(0));
}

/// Far beyond any limit, for servers that cannot be told theirs.
void add_endless_cases(cases& to) {
  const std::string much(1'000'000, 'a');
  std::string fields;
  while (fields.size() < much.size()) fields += "F: v\r\n";
  const auto cut_off = [&](std::vector<std::string> clauses, std::string name, std::string bytes, std::vector<int> statuses) {
    to.push_back({std::move(clauses), std::move(name), {send(std::move(bytes)), receive(answer(std::move(statuses))), ended(), never_noted("called*")}});
  };
  cut_off({"CSGI-HTTP-115"}, "an endless request line is answered, not collected", "GET {root}/" + much, {414, 431});
  cut_off({"CSGI-HTTP-116"}, "an endless field is answered, not collected", "GET {root}/hello HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nA: " + much, {431});
  cut_off({"CSGI-HTTP-116"}, "fields without number are answered, not collected", "GET {root}/hello HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n" + fields, {431});
  cut_off({"CSGI-HTTP-117"}, "a length beyond all limits is refused", with_lines("Content-Length: 4611686018427387904\r\n"), {413});
}

}  // namespace

void add_malformed_request_cases(cases& to) {
  add_endless_cases(to);
  add_line_cases(to);
  add_method_cases(to);
  add_target_cases(to);
  add_line_end_cases(to);
  add_field_cases(to);
  add_host_cases(to);
  add_answer_cases(to);
}

}  // namespace csgi::conformance
