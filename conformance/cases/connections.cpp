// connections.cpp - several requests on a connection, and its end.
#include "themes.hpp"

namespace csgi::conformance {

void add_connection_cases(cases& to) {
  std::vector<step> many;
  std::string all;
  for (int i = 0; i < 20; ++i) all += request("POST", "/collect", "", "body " + std::to_string(i)) + get("/hello");
  many.push_back(send(all));
  for (int i = 0; i < 20; ++i) {
    many.push_back(receive(answer(200).saying("body " + std::to_string(i)), "POST"));
    many.push_back(receive(answer(200).saying("Hello\n")));
  }
  to.push_back({{"CSGI-HTTP-108"}, "pipelined requests are answered in order", std::move(many)});
  to.push_back({{"CSGI-HTTP-107"}, "a connection serves one request after the other",
                {send(get("/hello")), receive(answer(200).without("connection")), silence(), send(get("/pieces")), receive(answer(200)), silence(),
                 send(get("/hello")), receive(answer(200))}});
  to.push_back({{"CSGI-HTTP-107", "CSGI-CORE-004"}, "nothing of one request shows in the next",
                {send(request("POST", "/request?q=1", "X-First: 1\r\n", "abc")), receive(answer(200).containing("field X-First=1\n"), "POST"),
                 send(get("/request")), receive(answer(200).containing("body=none\n").containing("query=(none)\n").lacking("X-First"))}});
  to.push_back({{"CSGI-HTTP-075"}, "a finished response does not wait for the next one's app",
                {send(get("/hello") + get("/nap?2000")), receive(answer(200).saying("Hello\n")), silence()}});
  to.push_back({{"CSGI-HTTP-109"}, "Connection: close is honoured and said", {send(get("/hello", "Connection: close\r\n") + get("/hello")), receive(answer(200).with("connection", "close")), end()}});
  to.push_back({{"CSGI-HTTP-109"}, "close is found in a list, whatever its case",
                {send(get("/hello", "Connection: x-thing , CLOSE\r\n") + get("/hello")), receive(answer(200).with("connection", "close")), end()}});
  to.push_back({{"CSGI-HTTP-110"}, "an app may ask for the connection's end",
                {send(get("/close-after") + get("/hello")), receive(answer(200).with("connection", "close").saying("last")), end()}});
  to.push_back({{"CSGI-HTTP-111"}, "HTTP/1.0 ends after the response", {send("GET {root}/hello HTTP/1.0\r\n\r\n"), receive(answer(200).saying("Hello\n")), end()}});
  to.push_back({{"CSGI-HTTP-111"}, "HTTP/1.0 goes on when asked to",
                {send("GET {root}/hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), receive(answer(200).with("connection", "keep-alive")),
                 send(get("/hello")), receive(answer(200))}});
  to.push_back({{"CSGI-HTTP-111"}, "HTTP/1.0 ends after a body of unknown length, asked or not",
                {send("GET {root}/pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), receive(answer(200).with("connection", "close")), end()}});
  to.push_back({{"CSGI-HTTP-112"}, "an unknown upgrade is ignored", {send(get("/hello", "Connection: Upgrade\r\nUpgrade: h2c, other/1\r\n")), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-129", "CSGI-HTTP-130"}, "after garbage nothing more is served",
                {send("garbage\r\n\r\n" + get("/count")), receive(answer(400).with("date").with("content-length").with("connection", "close")), end(), never_noted("reading")}});
  to.push_back({{"CSGI-HTTP-105"}, "who pipelines and does not read is not read from either", {flood(get("/whole?20000"), 60'000'000)}});
  to.push_back({{"CSGI-HTTP-047"}, "a body that the app does not read is not collected",
                {send("POST {root}/nap?3000 HTTP/1.1\r\nHost: probe\r\nContent-Length: 900000000\r\n\r\n"), flood(std::string(65'536, 'x'), 60'000'000)}});
}

}  // namespace csgi::conformance
