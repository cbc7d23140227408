// connections.cpp - several requests on a connection, and its end.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

void add_pipelining_cases(cases& to) {
  std::vector<step> many;
  std::string all;
  for (int i = 0; i < 20; ++i) all += request("POST", "/collect", "", "body " + std::to_string(i)) + get("/hello");
  many.push_back(send(all));
  for (int i = 0; i < 20; ++i) {
    many.push_back(receive(answer(200).saying("body " + std::to_string(i)), "POST"));
    many.push_back(receive(answer(200).saying("Hello\n")));
  }
  to.push_back({{"CSGI-HTTP-108"}, "pipelined requests are answered in order", std::move(many)});
  const std::string chunked = "Transfer-Encoding: chunked\r\n", body = "3\r\nabc\r\n0\r\nA: b\r\n\r\n";
  to.push_back({{"CSGI-HTTP-108"}, "pipelined requests of every shape are answered in order, each whole",
                {send(request("HEAD", "/declared") + request("POST", "/collect", chunked) + body + get("/pieces") + get("/status?204") + request("POST", "/echo", chunked) + body +
                      get("/whole?100000") + get("/status?304") + get("/declared") + get("/hello", "Connection: close\r\n")),
                 receive(answer(200).with("content-length", "10"), "HEAD"), receive(answer(200).saying("abc"), "POST"), receive(answer(200).saying("one,two,three")), receive(answer(204)),
                 receive(answer(200).saying("abc"), "POST"), receive(answer(200).patterned(100'000)), receive(answer(304)), receive(answer(200).saying("0123456789")),
                 receive(answer(200).with("connection", "close").saying("Hello\n")), end()}});
  to.push_back({{"CSGI-HTTP-108"}, "a pipelined request waits for a slow one before it", {send(get("/nap?100") + get("/hello")), receive(answer(200).saying("rested")), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-108", "CSGI-HTTP-129"}, "what is malformed behind a request does not harm it",
                {send(get("/hello") + "garbage\r\n\r\n" + get("/count")), receive(answer(200).saying("Hello\n")), receive(answer(400).with("connection", "close")), end()}});
  to.push_back({{"CSGI-HTTP-105"}, "who pipelines and does not read is not read from either", {flood(get("/whole?20000"), 60'000'000)}});
  std::vector<step> beside = {pour(get("/hello")), pour(get("/hello"))};
  for (int i = 0; i < 20; ++i) beside.push_back(meanwhile(get("/hello"), answer(200).saying("Hello\n")));
  to.push_back({{"CSGI-HTTP-139"}, "who pipelines without end keeps no other waiting", std::move(beside)});
  to.back().own_server = true;      // which is busy
}

void add_kept_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-107"}, "a connection serves one request after the other",
                {send(get("/hello")), receive(answer(200)), silence(), send(get("/pieces")), receive(answer(200)), silence(),
                 send(request("POST", "/collect", "", "abc")), receive(answer(200).saying("abc"), "POST"), silence(), send(get("/hello")), receive(answer(200).saying("Hello\n"))}});
  std::vector<step> hundred;
  for (int i = 0; i < 100; ++i) {
    hundred.push_back(send(get("/hello", "Connection: keep-alive\r\n")));
    hundred.push_back(receive(answer(200).saying("Hello\n")));
  }
  to.push_back({{"CSGI-HTTP-107"}, "a connection serves a hundred requests", std::move(hundred)});
  to.push_back({{"CSGI-HTTP-112"}, "an unknown upgrade is ignored",
                {send(get("/hello", "Connection: Upgrade\r\nUpgrade: no-such-protocol/1\r\n") + get("/hello")), receive(answer(200).after_interim(0).saying("Hello\n")), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-112"}, "an unknown upgrade with a body is ignored, the body is not",
                {send(request("POST", "/collect", "Connection: upgrade\r\nUpgrade: no-such-protocol/1\r\n", "abc") + get("/hello")), receive(answer(200).saying("abc"), "POST"),
                 receive(answer(200).saying("Hello\n"))}});
}

void add_last_cases(cases& to) {
  const step last = receive(answer(200).with("connection", "close"));
  const auto asked = [&](std::string name, std::string_view fields) {
    to.push_back({{"CSGI-HTTP-109", "CSGI-HTTP-110"}, std::move(name), {send(get("/hello", fields) + get("/count")), last, end(), never_noted("reading")}});
  };
  asked("Connection: close is honoured and said", "Connection: close\r\n");
  asked("close is found in a list, whatever its case", "Connection: x-thing , CLOSE\r\n");
  asked("close is found in the second of two fields", "Connection: x-thing\r\nX-Thing: 1\r\nConnection: Close\r\n");
  asked("close counts for more than keep-alive", "Connection: keep-alive, close\r\n");
  to.push_back({{"CSGI-HTTP-107"}, "what only looks like close is not", {send(get("/hello", "Connection: closed\r\nX-Connection: close\r\n") + get("/hello")), receive(answer(200)), receive(answer(200))}});
  to.push_back({{"CSGI-HTTP-109", "CSGI-HTTP-110"}, "close is honoured behind a body, and a stream",
                {send(request("POST", "/echo", "Connection: close\r\n", "abc") + get("/count")), receive(answer(200).with("connection", "close").saying("abc"), "POST"), end(), never_noted("reading")}});
  to.push_back({{"CSGI-HTTP-109", "CSGI-HTTP-110"}, "close is honoured for HEAD", {send(request("HEAD", "/hello", "Connection: close\r\n") + get("/count")), receive(answer(200).with("connection", "close"), "HEAD"), end()}});
  to.push_back({{"CSGI-HTTP-109", "CSGI-HTTP-110"}, "close is honoured where the app fails", {send(get("/throw-before", "Connection: close\r\n") + get("/count")), receive(answer(500).with("connection", "close")), end()}});
  to.push_back({{"CSGI-HTTP-109"}, "a request that asks for a close, and is read to its end, is the last", {send(get("/hello", "Connection: close\r\n")), last, send(get("/count")), end(), never_noted("reading")}});
  to.push_back({{"CSGI-HTTP-110", "CSGI-HTTP-109"}, "an app may ask for the connection's end",
                {send(get("/close-after") + get("/count")), receive(answer(200).with("connection", "close").saying("last")), end(), never_noted("reading")}});
}

}  // namespace

void add_connection_cases(cases& to) {
  add_pipelining_cases(to);
  add_kept_cases(to);
  add_last_cases(to);
}

}  // namespace csgi::conformance
