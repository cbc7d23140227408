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

}  // namespace

void add_metadata_cases(cases& to) {
  to.push_back(told({"CSGI-HTTP-001"}, "a method is passed byte for byte", request("PATCH", "/request"), {"method=PATCH"}, "PATCH"));
  for (const char* method : {"GET", "POST", "PUT", "DELETE", "OPTIONS"})
    to.push_back(told({"CSGI-HTTP-002", "CSGI-HTTP-001"}, std::string(method) + " reaches the app", request(method, "/request"),
                      {std::string("method=") + method}, method));
  to.push_back(told({"CSGI-HTTP-004"}, "the raw path is what was received, nothing decoded, merged or removed",
                    raw("//a/./b/../c;p=1/%41%2f%2E?q"), {"raw_path={root}/request//a/./b/../c;p=1/%2541%252f%252E"}));
  to.push_back(told({"CSGI-HTTP-005"}, "the path is decoded exactly once", raw("/bar%252cbaz"), {"tail=/request/bar%252cbaz"}));
  to.push_back(told({"CSGI-HTTP-005"}, "an encoded slash and an encoded letter are decoded", raw("/%41%2f%62"), {"tail=/request/A/b"}));
  to.push_back(told({"CSGI-HTTP-005"}, "bytes that are no UTF-8 stay bytes", raw("/%80%c0%ff"), {"tail=/request/%80%c0%ff"}));
  to.push_back(told({"CSGI-HTTP-007"}, "the query is what follows the first question mark, still encoded",
                    raw("?a=%20b&c=?&d"), {"query=a=%2520b&c=?&d"}));
  to.push_back(told({"CSGI-HTTP-007"}, "an empty query is told from none", raw("?"), {"query="}));
  to.push_back(told({"CSGI-HTTP-007"}, "no query is told from an empty one", raw(""), {"query=(none)"}));
  to.push_back(told({"CSGI-HTTP-004"}, "the target is what was received", raw("/x?y"), {"target={root}/request/x?y"}));
  to.push_back(told({"CSGI-HTTP-008"}, "path is root_path and tail together", raw("/deep"), {"root_path={root}", "tail=/request/deep", "path={root}/request/deep"}));
  to.push_back(told({"CSGI-HTTP-016", "CSGI-HTTP-013"}, "the authority of an absolute target overrides Host",
                    "GET http://other.example:81{root}/request?x HTTP/1.1\r\nHost: probe\r\n\r\n",
                    {"authority=other.example:81", "raw_path={root}/request", "query=x"}));
  to.push_back(told({"CSGI-HTTP-011"}, "a later minor version counts as 1.1", "GET {root}/request HTTP/1.7\r\nHost: probe\r\n\r\n", {"version=1.1"}));
  to.push_back(told({"CSGI-HTTP-020"}, "an empty line before the request is skipped", "\r\n" + raw(""), {"version=1.1"}));
  to.push_back(told({"CSGI-HTTP-013"}, "the authority is that of Host", raw(""), {"authority=probe"}));
  to.push_back(told({"CSGI-HTTP-011"}, "the version is that of the request", "GET {root}/request HTTP/1.0\r\n\r\n", {"version=1.0"}));
  to.push_back(told({"CSGI-HTTP-011"}, "a request of HTTP/1.1 says so", raw(""), {"version=1.1"}));
  to.push_back(told({"CSGI-HTTP-012", "CSGI-HTTP-010"}, "the scheme is that of this hop, whatever a client claims",
                    raw("", "X-Forwarded-Proto: https\r\nForwarded: proto=https\r\n"), {"scheme=http"}));
  to.push_back(told({"CSGI-HTTP-014", "CSGI-HTTP-010"}, "the peer is the socket's, whatever a client claims",
                    raw("", "X-Forwarded-For: 1.2.3.4\r\n"), {"scheme=http"}));
  to.back().steps.back().wanted.body_contains.push_back("\npeer=127.0.0.1:");
  to.push_back(told({"CSGI-HTTP-014"}, "the local address is the socket's, not that of Host", raw(""), {"scheme=http"}));
  to.back().steps.back().wanted.body_contains.push_back("\nlocal=127.0.0.1:");
  to.push_back(told({"CSGI-HTTP-015"}, "a request without framing has no body", raw(""), {"body=none"}));
  to.push_back(told({"CSGI-HTTP-015"}, "a Content-Length makes a known body", request("POST", "/request", "", "12345"), {"body=known%205"}, "POST"));
  to.push_back(told({"CSGI-HTTP-015"}, "a chunked body is of unknown length",
                    request("POST", "/request", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", {"body=unknown"}, "POST"));
  to.push_back(told({"CSGI-HTTP-024"}, "fields keep order, case and duplicates",
                    raw("", "B: 1\r\na: 2\r\nB: 3\r\n"), {"field B=1\nfield a=2\nfield B=3"}));
  to.push_back(told({"CSGI-HTTP-025"}, "a name with an underscore is another name",
                    raw("", "X_Foo: under\r\nX-Foo: dash\r\n"), {"field X_Foo=under\nfield X-Foo=dash"}));
  to.push_back(told({"CSGI-HTTP-026"}, "white space around a value is taken off, and its bytes are kept",
                    raw("", "V: \t a\xe4 b \t\r\nE:\r\n"), {"field V=a%e4%20b\nfield E="}));
  to.push_back({{"CSGI-CORE-003"}, "the head's views stay valid while the body streams past",
                {send(request("POST", "/views-stay", "", std::string(200'000, 'b'))), receive(answer(200).saying("same"), "POST")}});
  test_case split = told({"CSGI-HTTP-023"}, "a request cut anywhere is the same request", raw("/%20?q", "A: b\r\n"), {"tail=/request/%20", "query=q", "field A=b"});
  split.at_every_split = true;
  to.push_back(std::move(split));
  to.push_back({{"CSGI-HTTP-023"}, "a request may come byte by byte", {drip(raw("/x")), receive(answer(200).containing("tail=/request/x\n"))}});
}

}  // namespace csgi::conformance
