// metadata.cpp - what an app is told of a request's head.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

/// The probe's description of this request has these lines.
test_case told(std::vector<std::string> clauses, std::string name, std::string bytes, std::vector<std::string> lines,
               std::string method = "GET") {
  expectation wanted = answer(200);
  for (auto& line : lines) wanted.body_contains.push_back('\n' + line + '\n');
  test_case c{std::move(clauses), std::move(name), {send(std::move(bytes)), receive(std::move(wanted), std::move(method))}};
  return c;
}

std::string raw(std::string_view target, std::string_view fields = {}) {
  return request("GET", "/request" + std::string(target), fields);
}


void add_line_cases(cases& to) {
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    to.push_back(told({"CSGI-HTTP-002", "CSGI-HTTP-001"}, std::string(method) + " reaches the app", request(method, "/request"),
                      {std::string("method=") + method}, method));
  to.push_back({{"CSGI-HTTP-002", "CSGI-HTTP-001"}, "HEAD reaches the app", {send(request("HEAD", "/hello")), receive(answer(200), "HEAD"), noted("called with HEAD")}});
  to.push_back(told({"CSGI-HTTP-011"}, "a later minor version counts as 1.1", "GET {root}/request HTTP/1.7\r\nHost: probe\r\n\r\n", {"version=1.1"}));
  to.push_back(told({"CSGI-HTTP-011"}, "a request of HTTP/1.0 says so", "GET {root}/request HTTP/1.0\r\n\r\n", {"version=1.0"}));
  to.push_back(told({"CSGI-HTTP-011"}, "a request of HTTP/1.1 says so", raw(""), {"version=1.1"}));
  to.push_back(told({"CSGI-HTTP-020"}, "an empty line before the request is skipped", "\r\n" + raw(""), {"version=1.1"}));
  to.push_back({{"CSGI-HTTP-020"}, "an empty line between requests is skipped",
                {send(get("/hello") + "\r\n" + get("/hello")), receive(answer(200)), receive(answer(200).saying("Hello\n"))}});
}

void add_target_cases(cases& to) {
  to.push_back(told({"CSGI-HTTP-004", "CSGI-HTTP-016"}, "the target is what was received", raw("/x?y"), {"target={root}/request/x?y"}));
  to.push_back(told({"CSGI-HTTP-004"}, "the raw path is what was received, nothing decoded, merged or removed",
                    raw("//a/./b/../c;p=1/%41%2f%2E?q"), {"raw_path={root}/request//a/./b/../c;p=1/%2541%252f%252E"}));
  to.push_back(told({"CSGI-HTTP-004", "CSGI-HTTP-016"}, "every byte that a path may have is passed on",
                    raw("/a-._~!$&'()*+,;=:@"), {"raw_path={root}/request/a-._~!$&'()*+,;=:@", "tail=/request/a-._~!$&'()*+,;=:@"}));
  to.push_back(told({"CSGI-HTTP-004", "CSGI-HTTP-016"}, "OPTIONS may be asked of everything", "OPTIONS * HTTP/1.1\r\nHost: probe\r\nX-Mount: {root}\r\n\r\n",
                    {"method=OPTIONS", "target=*", "raw_path=*", "query=(none)"}, "OPTIONS"));
  to.push_back(told({"CSGI-HTTP-004", "CSGI-HTTP-016"}, "an absolute target without a path has the path /", "GET http://probe HTTP/1.1\r\nHost: probe\r\nX-Mount: {root}\r\n\r\n",
                    {"target=http://probe", "raw_path=/", "query=(none)"}));
  to.push_back(told({"CSGI-HTTP-004", "CSGI-HTTP-007"}, "an absolute target without a path may have a query", "GET http://probe?a=b HTTP/1.1\r\nHost: probe\r\nX-Mount: {root}\r\n\r\n",
                    {"raw_path=/", "query=a=b"}));
  to.push_back(told({"CSGI-HTTP-005"}, "the path is decoded exactly once", raw("/bar%252cbaz"), {"tail=/request/bar%252cbaz"}));
  to.push_back(told({"CSGI-HTTP-005", "CSGI-HTTP-006"}, "an encoded slash and an encoded letter are decoded", raw("/%41%2f%2F%62"), {"tail=/request/A//b"}));
  to.push_back(told({"CSGI-HTTP-005"}, "bytes that are no UTF-8 stay bytes", raw("/%80%c0%ff"), {"tail=/request/%80%c0%ff"}));
  to.push_back(told({"CSGI-HTTP-005"}, "a plus is a plus, encoded dots are dots, and neither is resolved", raw("/a+b/%2e%2E/c"), {"tail=/request/a+b/../c"}));
  to.push_back(told({"CSGI-HTTP-005"}, "an encoded NUL is a byte like others", raw("/a%00b"), {"tail=/request/a%00b"}));
  to.push_back(told({"CSGI-HTTP-007"}, "the query is what follows the first question mark, still encoded",
                    raw("?a=%20b&c=?&d+/"), {"query=a=%2520b&c=?&d+/"}));
  to.push_back(told({"CSGI-HTTP-007"}, "an encoded question mark begins no query", raw("/%3fa?b"), {"tail=/request/?a", "query=b"}));
  to.push_back(told({"CSGI-HTTP-007"}, "an empty query is told from none", raw("?"), {"query="}));
  to.push_back(told({"CSGI-HTTP-007"}, "no query is told from an empty one", raw(""), {"query=(none)"}));
  to.push_back(told({"CSGI-HTTP-008"}, "path is root_path and tail together", raw("/deep"), {"root_path={root}", "tail=/request/deep", "path={root}/request/deep"}));
  to.push_back(told({"CSGI-HTTP-010", "CSGI-HTTP-008"}, "no field changes the root path, whatever a client claims",
                    raw("/deep", "Script-Name: /other\r\nSCRIPT_NAME: /other\r\nX-Script-Name: /other\r\nX-Forwarded-Prefix: /other\r\n"),
                    {"root_path={root}", "tail=/request/deep"}));
}

void add_origin_cases(cases& to) {
  to.push_back(told({"CSGI-HTTP-016", "CSGI-HTTP-013"}, "the authority of an absolute target overrides Host",
                    "GET http://other.example:81{root}/request?x HTTP/1.1\r\nHost: probe\r\n\r\n",
                    {"authority=other.example:81", "raw_path={root}/request", "query=x", "field Host=probe"}));
  to.push_back(told({"CSGI-HTTP-012", "CSGI-HTTP-016"}, "the scheme is that of the connection, whatever the target says",
                    "GET HTTPS://probe{root}/request HTTP/1.1\r\nHost: probe\r\n\r\n", {"scheme=http", "raw_path={root}/request"}));
  to.push_back(told({"CSGI-HTTP-016", "CSGI-HTTP-013"}, "an absolute target is taken in HTTP/1.0, without Host",
                    "GET http://other.example{root}/request HTTP/1.0\r\n\r\n", {"authority=other.example", "raw_path={root}/request"}));
  to.push_back(told({"CSGI-HTTP-013", "CSGI-HTTP-132"}, "the authority is that of Host, whatever a client claims",
                    raw("", "X-Forwarded-Host: other.example\r\nForwarded: host=other.example\r\n"), {"authority=probe"}));
  to.push_back(told({"CSGI-HTTP-013", "CSGI-HTTP-028"}, "without Host in HTTP/1.0 there is no authority", "GET {root}/request HTTP/1.0\r\n\r\n", {"authority="}));
  for (const char* host : {"a.b-c.example", "Probe.EXAMPLE", "probe:1", "probe:80", "probe:65535", "127.0.0.1:8080", "[::1]", "[2001:db8::7]:8080", "[::ffff:1.2.3.4]"})
    to.push_back(told({"CSGI-HTTP-029", "CSGI-HTTP-013"}, "the Host " + std::string(host) + " is taken as it is",
                      "GET {root}/request HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n", {"authority=" + std::string(host)}));
  to.push_back(told({"CSGI-HTTP-012", "CSGI-HTTP-010", "CSGI-HTTP-132"}, "the scheme is that of this hop, whatever a client claims",
                    raw("", "X-Forwarded-Proto: https\r\nForwarded: proto=https\r\nX-Forwarded-Scheme: https\r\nX-Forwarded-Ssl: on\r\n"), {"scheme=http"}));
  const std::string claims = "X-Forwarded-For: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\nForwarded: for=1.2.3.4;by=5.6.7.8\r\nX-Forwarded-Port: 81\r\n";
  to.push_back({{"CSGI-HTTP-014", "CSGI-HTTP-010", "CSGI-HTTP-132"}, "the peer is the socket's, or unknown, whatever a client claims",
                {send(raw("", claims)), receive(answer(200).containing("\npeer=127.0.0.1:{from}\n").or_else(answer(200).containing("\npeer=unknown\n")))}});
  to.push_back({{"CSGI-HTTP-014", "CSGI-HTTP-010"}, "the local end is the socket's, or unknown, whatever a client claims",
                {send(raw("", claims)), receive(answer(200).containing("\nlocal=127.0.0.1:{port}\n").or_else(answer(200).containing("\nlocal=unknown\n")))}});
}

void add_body_kind_cases(cases& to) {
  to.push_back(told({"CSGI-HTTP-015"}, "a request without framing has no body", raw(""), {"body=none"}));
  to.push_back(told({"CSGI-HTTP-015"}, "a POST without framing has no body", request("POST", "/request"), {"body=none"}, "POST"));
  to.push_back(told({"CSGI-HTTP-015"}, "a Content-Length makes a known body", request("POST", "/request", "", "12345"), {"body=known%205"}, "POST"));
  to.push_back(told({"CSGI-HTTP-015"}, "a Content-Length of 0 makes a known body", request("POST", "/request", "Content-Length: 0\r\n"), {"body=known%200"}, "POST"));
  to.push_back(told({"CSGI-HTTP-015"}, "a GET may have a body", request("GET", "/request", "", "12345"), {"body=known%205"}));
  to.push_back(told({"CSGI-HTTP-015"}, "a chunked body is of unknown length",
                    request("POST", "/request", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", {"body=unknown"}, "POST"));
}

void add_field_cases(cases& to) {
  to.push_back(told({"CSGI-HTTP-024"}, "fields keep order, case and duplicates",
                    raw("", "B: 1\r\na: 2\r\nB: 3\r\nCookie: x=1\r\nCookie: y=2\r\n"),
                    {"fields=7", "field Host=probe\nfield X-Case={key}\nfield B=1\nfield a=2\nfield B=3\nfield Cookie=x=1\nfield Cookie=y=2"}));
  to.push_back(told({"CSGI-HTTP-024"}, "fields that are about the resource are the app's affair, whatever is in them",
                    raw("", "Range: bytes=99999999999999999999-,-0,5-1\r\nIf-Match: \"a\r\nAccept: */*;q=\"x\r\nAccept-Encoding: gzip;q=9\r\n"),
                    {"fields=6", "field Range=bytes=99999999999999999999-,-0,5-1\nfield If-Match=\"a\nfield Accept=*/*;q=\"x\nfield Accept-Encoding=gzip;q=9"}));
  to.push_back(told({"CSGI-HTTP-024"}, "the fields of the framing are fields like others",
                    request("POST", "/request", "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n") + "0\r\n\r\n",
                    {"fields=5", "field Connection=keep-alive\nfield Transfer-Encoding=chunked\nfield TE=trailers"}, "POST"));
  to.push_back(told({"CSGI-HTTP-024"}, "what is said twice is there twice", raw("", "A: 1\r\nA: 1\r\n"), {"fields=4", "field A=1\nfield A=1"}));
  to.push_back(told({"CSGI-HTTP-024"}, "the fields that a server heeds are fields like others",
                    request("POST", "/request", "Expect: 100-continue\r\nConnection: upgrade\r\nUpgrade: no-such-protocol/1\r\n", "x"),
                    {"fields=6", "field Expect=100-continue\nfield Connection=upgrade\nfield Upgrade=no-such-protocol/1\nfield Content-Length=1"}, "POST"));
  to.push_back(told({"CSGI-HTTP-024", "CSGI-HTTP-027"}, "every byte that a name may have is passed on", raw("", "!#$&'*+-.^_`|~09aZ: v\r\n"), {"field !#$&'*+-.^_`|~09aZ=v"}));
  to.push_back(told({"CSGI-HTTP-024"}, "a long value is one value", raw("", "V: " + std::string(4'000, 'v') + "\r\n"), {"field V=" + std::string(4'000, 'v')}));
  to.push_back(told({"CSGI-HTTP-025"}, "a name with an underscore is another name",
                    raw("", "X_Foo: under\r\nX-Foo: dash\r\nx-foo: small\r\n"), {"field X_Foo=under\nfield X-Foo=dash\nfield x-foo=small"}));
  to.push_back(told({"CSGI-HTTP-026"}, "white space around a value is taken off, and its bytes are kept",
                    raw("", "V: \t a\xe4 b\t\xff \t\r\nE:\r\nS: \t \r\nN:x\r\n"), {"field V=a%e4%20b%09%ff\nfield E=\nfield S=\nfield N=x"}));
  to.push_back(told({"CSGI-HTTP-026"}, "white space within a value is kept", raw("", "V: a  b\t\tc \t d\r\n"), {"field V=a%20%20b%09%09c%20%09%20d"}));
  to.push_back(told({"CSGI-HTTP-026", "CSGI-HTTP-027"}, "every byte that a value may have is passed on",
                    raw("", "V: \"!#$&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~\x80\xa0\"\r\n"), {"field V=\"!#$&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~%80%a0\""}));
}

}  // namespace

void add_metadata_cases(cases& to) {
  add_line_cases(to);
  add_target_cases(to);
  add_origin_cases(to);
  add_body_kind_cases(to);
  add_field_cases(to);
  to.push_back({{"CSGI-CORE-003", "CSGI-CORE-004"}, "the head stays the same while the body streams past, and when the next request waits",
                {send(request("POST", "/views-stay?q=1", "A: b\r\n", std::string(200'000, 'b')) + request("GET", "/hello?other", "Other: field\r\n")),
                 receive(answer(200).saying("same"), "POST"), receive(answer(200).saying("Hello\n")), noted("still the same")}});
  to.push_back({{"CSGI-CORE-004"}, "nothing of one request shows in the next",
                {send(request("POST", "/request?q=1", "X-First: 1\r\n", "abc")), receive(answer(200).containing("field X-First=1\n"), "POST"),
                 send(get("/request")), receive(answer(200).containing("body=none\n").containing("query=(none)\n").containing("fields=2\n").lacking("X-First"))}});
}

}  // namespace csgi::conformance
