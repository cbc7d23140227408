// expectations.cpp - clients that wait for 100 Continue before they send their body.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

std::string expecting(std::string_view path, std::string_view expect = "100-continue") {
  return request("POST", path, "Expect: " + std::string(expect) + "\r\nContent-Length: 4\r\n");
}

}  // namespace

void add_expect_cases(cases& to) {
  const std::vector<step> told_to_go_on = {receive_text("HTTP/1.1 100 "), through("\r\n\r\n")};
  const auto waits = [&](std::string name, std::string bytes, std::string body) {
    to.push_back({{"CSGI-HTTP-051"}, std::move(name), {send(std::move(bytes))}});
    auto& steps = to.back().steps;
    steps.insert(steps.end(), told_to_go_on.begin(), told_to_go_on.end());
    steps.insert(steps.end(), {silence(), send(std::move(body)), receive(answer(200).after_interim(0).saying("body"), "POST")});
  };
  waits("100 Continue is sent once, when the app first reads", expecting("/collect"), "body");
  waits("100 Continue is sent for a chunked body", request("POST", "/collect", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"), "4\r\nbody\r\n0\r\n\r\n");
  waits("the expectation has no case", expecting("/collect", "100-CONTINUE"), "body");
  to.push_back({{"CSGI-HTTP-052", "CSGI-HTTP-054"}, "without a read there is no 100, and the connection ends",
                {send(expecting("/ignore-body")), receive(answer(200).after_interim(0).with("connection", "close").saying("ignored"), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-054", "CSGI-HTTP-109"}, "what follows a response without a 100 is no request",
                {send(expecting("/ignore-body")), receive(answer(200).after_interim(0).with("connection", "close"), "POST"), send(get("/hello")), end()}});
  to.push_back({{"CSGI-HTTP-052"}, "an app that answers before it reads gets no 100 after that",
                {send(expecting("/answer-then-read")), receive_some("early"), send("body"), receive(answer(200).after_interim(0).saying("early 4"), "POST")}});
  to.push_back({{"CSGI-HTTP-052"}, "HTTP/1.0 gets no 100",
                {send("POST {root}/collect HTTP/1.0\r\nX-Case: {key}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"), silence(), send("body"),
                 receive(answer(200).after_interim(0).saying("body"), "POST")}});
  to.push_back({{"CSGI-HTTP-052"}, "a request without a body gets no 100", {send(get("/collect", "Expect: 100-continue\r\n")), receive(answer(200).after_interim(0))}});
  to.push_back({{"CSGI-HTTP-053"}, "a client that does not wait gets no 100", {send(expecting("/collect") + "body"), receive(answer(200).after_interim(0).saying("body"), "POST")}});
  to.push_back({{"CSGI-HTTP-051", "CSGI-HTTP-107"}, "the connection goes on behind a 100",
                {send(expecting("/collect")), receive_text("HTTP/1.1 100 "), through("\r\n\r\n"), send("body" + get("/hello")),
                 receive(answer(200).saying("body"), "POST"), receive(answer(200).after_interim(0).saying("Hello\n"))}});
}

}  // namespace csgi::conformance
