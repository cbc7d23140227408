// splits.cpp - requests of every shape, cut in two at every byte, and byte by byte.
#include "refusals.hpp"

namespace csgi::conformance {

namespace {

const step next = receive(answer(200).saying("Hello\n"));

/// Both whole, in two pieces cut anywhere, and each byte in a segment of its own.
void cut(cases& to, std::vector<std::string> clauses, const std::string& name, const std::string& bytes, const std::vector<step>& then) {
  clauses.insert(clauses.begin(), "CSGI-HTTP-023");
  const auto with_first = [&](step first) {
    std::vector<step> steps = {std::move(first)};
    steps.insert(steps.end(), then.begin(), then.end());
    return steps;
  };
  to.push_back({clauses, name + ", cut anywhere", with_first(send(bytes)), kinds::both, {}, true});
  to.push_back({clauses, name + ", byte by byte", with_first(drip(bytes))});
}

}  // namespace

void add_split_cases(cases& to) {
  expectation seen = answer(200).containing("\ntail=/request/%20\nquery=q\n").containing("\nauthority=probe\n").containing("\nfields=4\nfield Host=probe\n").containing("\nfield A=b%20c\nfield E=\n");
  cut(to, {}, "a request with fields", get("/request/%20?q", "A: \tb c \r\nE:\r\n"), {receive(seen)});
  cut(to, {}, "a request behind an empty line", "\r\n" + get("/hello"), {next});
  cut(to, {"CSGI-HTTP-013"}, "a request with an absolute target", "GET http://other.example:81{root}/request/%20?q HTTP/1.1\r\nHost: probe\r\n\r\n",
      {receive(answer(200).containing("\ntail=/request/%20\nquery=q\n").containing("\nauthority=other.example:81\n"))});
  std::string fields;
  for (int i = 0; i < 20; ++i) fields += "F" + std::to_string(i) + ": " + std::to_string(i) + "\r\n";
  cut(to, {"CSGI-HTTP-024"}, "a request with many fields", get("/request", fields), {receive(answer(200).containing("\nfields=22\n").containing("\nfield F18=18\nfield F19=19\n"))});
  cut(to, {"CSGI-HTTP-036", "CSGI-HTTP-108"}, "a body of known length, and the next request", request("POST", "/collect", "", "abcde") + get("/hello"),
      {receive(answer(200).saying("abcde"), "POST"), next});
  cut(to, {"CSGI-HTTP-036", "CSGI-HTTP-108"}, "chunks with extensions and trailers, and the next request",
      request("POST", "/collect", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0A;a=b;c=\"\\\"\"\r\n0123456789\r\n0;d\r\nE: f\r\nG:\r\n\r\n" + get("/hello"),
      {receive(answer(200).saying("abc0123456789"), "POST"), next});
  cut(to, {"CSGI-HTTP-048"}, "chunks that nobody reads, and the next request", request("POST", "/ignore-body", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n" + get("/hello"),
      {receive(answer(200).saying("ignored"), "POST"), receive_or_end(answer(200).saying("Hello\n"))});
  cut(to, {"CSGI-HTTP-084", "CSGI-HTTP-108"}, "a HEAD, and a GET", request("HEAD", "/hello") + get("/hello"), {receive(answer(200), "HEAD"), next});
  cut(to, {"CSGI-HTTP-111"}, "a request of HTTP/1.0, kept, and another", "GET {root}/hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET {root}/hello HTTP/1.0\r\n\r\n", {next, next, end()});
  cut(to, {"CSGI-HTTP-055"}, "an expectation that nobody knows", with_lines("Expect: 100-continuum\r\n"), {receive(answer(417))});
  const std::vector<step> refusal = {receive(answer(400)), end()};
  cut(to, {"CSGI-HTTP-027"}, "a folded field", with_lines("A: b\r\n c\r\n"), refusal);
  cut(to, {"CSGI-HTTP-022"}, "a field that ends with a bare LF", with_lines("A: b\nC: d\r\n"), refusal);
  cut(to, {"CSGI-HTTP-033"}, "a length beside a coding", with_lines("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" + get("/hello"), refusal);
  cut(to, {"CSGI-HTTP-041", "CSGI-HTTP-043"}, "a bad chunk", with_lines("Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0x1\r\nd\r\n0\r\n\r\n" + get("/hello"), refusal);
  cut(to, {"CSGI-HTTP-041", "CSGI-HTTP-043"}, "a bad line end behind a chunk", with_lines("Transfer-Encoding: chunked\r\n") + "3\r\nabcX\n0\r\n\r\n" + get("/hello"), refusal);
}

}  // namespace csgi::conformance
