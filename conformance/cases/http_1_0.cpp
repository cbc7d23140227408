// http_1_0.cpp - requests of HTTP/1.0: connections that end, and those that are kept where it is asked for and possible.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

std::string old(std::string_view method, std::string_view path, std::string_view fields = {}, std::string_view body = {}) {
  std::string bytes = std::string(method) + " {root}" + std::string(path) + " HTTP/1.0\r\nX-Case: {key}\r\n" + std::string(fields);
  if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return bytes + "\r\n" + std::string(body);
}

constexpr std::string_view keep = "Connection: keep-alive\r\n";

}  // namespace

void add_http_1_0_cases(cases& to) {
  const auto ends = [&](std::string name, std::string bytes, expectation wanted, std::string method = "GET") {
    to.push_back({{"CSGI-HTTP-111"}, "HTTP/1.0 ends " + std::move(name), {send(bytes + old("GET", "/nap")), receive(std::move(wanted), std::move(method)), end(), never_noted("napping")}});
  };
  ends("after a response of known length", old("GET", "/hello"), answer(200).saying("Hello\n"));
  ends("after a declared length", old("GET", "/declared"), answer(200).with("content-length", "10").saying("0123456789"));
  ends("after a body of unknown length", old("GET", "/pieces"), answer(200).without("transfer-encoding").saying("one,two,three"));
  ends("after a body of unknown length, asked to be kept or not", old("GET", "/pieces", keep), answer(200).with("connection", "close").without("transfer-encoding").saying("one,two,three"));
  ends("after HEAD", old("HEAD", "/hello"), answer(200), "HEAD");
  ends("after a 204", old("GET", "/status?204"), answer(204).without("content-length").without("transfer-encoding"));
  ends("after a 304", old("GET", "/status?304"), answer(304).without("transfer-encoding"));
  ends("after a POST", old("POST", "/collect", "", "abc"), answer(200).saying("abc"), "POST");
  ends("after the server's own answer", old("GET", "/throw-before"), answer(500));
  ends("when it is asked to", old("GET", "/hello", "Connection: close\r\n"), answer(200).saying("Hello\n"));
  ends("when the app wants it", old("GET", "/close-after", keep), answer(200).with("connection", "close").saying("last"));
  ends("when both is asked for", old("GET", "/hello", "Connection: keep-alive, close\r\n"), answer(200).with("connection", "close"));

  const auto goes_on = [&](std::string name, std::string bytes, expectation wanted, std::string method = "GET") {
    to.push_back({{"CSGI-HTTP-111"}, "HTTP/1.0 goes on when asked to, " + std::move(name),
                  {send(bytes + get("/hello")), receive(std::move(wanted).with("connection", "keep-alive"), std::move(method)), receive(answer(200).saying("Hello\n"))}});
  };
  goes_on("after a response of known length", old("GET", "/hello", keep), answer(200).saying("Hello\n"));
  goes_on("whatever the case", old("GET", "/hello", "CONNECTION: x , Keep-Alive\r\n"), answer(200).saying("Hello\n"));
  goes_on("after a declared length", old("GET", "/declared", keep), answer(200).saying("0123456789"));
  goes_on("after a POST", old("POST", "/collect", keep, "abc"), answer(200).saying("abc"), "POST");
  goes_on("after HEAD", old("HEAD", "/hello", keep), answer(200), "HEAD");
  goes_on("after a 204", old("GET", "/status?204", keep), answer(204));
  goes_on("after a 304", old("GET", "/status?304", keep), answer(304));
  to.push_back({{"CSGI-HTTP-111"}, "HTTP/1.0 goes on as long as it is asked to",
                {send(old("GET", "/hello", keep) + old("GET", "/declared", keep) + old("GET", "/hello") + get("/nap")), receive(answer(200).with("connection", "keep-alive")),
                 receive(answer(200).with("connection", "keep-alive").saying("0123456789")), receive(answer(200).saying("Hello\n")), end(), never_noted("napping")}});
  to.push_back({{"CSGI-HTTP-015", "CSGI-HTTP-111"}, "a POST of HTTP/1.0 without a length has no body", {send(old("POST", "/request") + "abc"), receive(answer(200).containing("\nbody=none\n"), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-040", "CSGI-HTTP-042"}, "a body of HTTP/1.0 that is cut short is no end",
                {send("POST {root}/count HTTP/1.0\r\nX-Case: {key}\r\nContent-Length: 9\r\n\r\nabc"), half_close(), receive(answer(400), "POST"), end(), noted("read failed: bad_message")}});
}

}  // namespace csgi::conformance
