// response_heads.cpp - how the head that an app gives looks on the wire.
#include "themes.hpp"
#include <ctime>

namespace csgi::conformance {

namespace {

/// The probe's notes about heads that start() was given, each refused or taken.
test_case refused_heads(std::vector<std::string> clauses, std::string name, std::vector<std::string> what) {
  test_case c{std::move(clauses), std::move(name), {send(get("/bad-heads")), receive(answer(200).with("x-good", "tab\there").saying("good"))}};
  for (auto& each : what) c.steps.push_back(noted(std::move(each) + ": refused"));
  c.steps.push_back(noted("still open"));
  return c;
}

/// How a date in that hour begins.
std::string hour_of(std::time_t when) {
  std::tm utc{};
  ::gmtime_r(&when, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:*", &utc)};
}

void add_start_cases(cases& to) {
  to.push_back(refused_heads({"CSGI-HTTP-056", "CSGI-CORE-037"}, "statuses that no final response has are refused",
                             {"status 0", "status -200", "status 99", "status 100", "status 101", "status 600"}));
  for (const char* status : {"200", "299", "499", "599"})
    to.push_back({{"CSGI-HTTP-056"}, std::string("the status ") + status + " is sent", {send(get("/status?" + std::string(status))), receive(answer(std::stoi(status)))}});
  to.push_back(refused_heads({"CSGI-HTTP-057", "CSGI-CORE-039"}, "values and reasons that cannot be sent are refused",
                             {"CR LF in a value", "LF in a value", "CR in a value", "NUL in a value", "DEL in a value", "escape in a value",
                              "line end in a reason", "NUL in a reason"}));
  to.push_back(refused_heads({"CSGI-HTTP-057", "CSGI-CORE-039"}, "names that cannot be sent are refused",
                             {"empty name", "space in a name", "colon in a name", "line end in a name", "byte above 0x7F in a name"}));
  to.push_back(refused_heads({"CSGI-HTTP-058", "CSGI-CORE-039"}, "fields of the connection are refused",
                             {"connection", "Keep-Alive", "proxy-connection", "TE", "trailer", "Transfer-Encoding", "upgrade"}));
  to.push_back(refused_heads({"CSGI-HTTP-059", "CSGI-CORE-039"}, "lengths that are none are refused",
                             {"length of letters", "negative length", "list of lengths", "empty length", "hexadecimal length", "differing lengths"}));
  to.push_back({{"CSGI-HTTP-059", "CSGI-HTTP-079"}, "the same length twice is sent once", {send(get("/declared-twice")), receive(answer(200).with("content-length", "5").saying("twice"))}});
  to.push_back({{"CSGI-HTTP-060"}, "the fields that start() was given may change as soon as it has returned", {send(get("/passing-head")), receive(answer(200).with("x-passing", "kept"))}});
  to.push_back({{"CSGI-HTTP-060"}, "the reason that start() was given may change as soon as it has returned", {send(get("/passing-head")), receive_text("HTTP/1.1 200 As Told\r\n")}});
  to.push_back({{"CSGI-HTTP-061"}, "a head may be replaced as a whole before it is sent",
                {send(get("/replaced")), receive(answer(201).with("x-second").without("x-first").with("content-length", "8").saying("replaced"))}});
  to.push_back({{"CSGI-HTTP-061"}, "a head alone is not sent", {send(request("POST", "/waiting-head", "Content-Length: 1\r\n")), silence(), send("x"), receive(answer(201).without("x-first").saying("sent"), "POST")}});
}

}  // namespace

void add_response_head_cases(cases& to) {
  add_start_cases(to);
  to.push_back({{"CSGI-HTTP-067"}, "a flush sends the head at once",
                {send(request("POST", "/flushed", "Content-Length: 1\r\n")), receive_some(""), send("x"), receive(answer(200).saying("x"), "POST")}});
  to.push_back({{"CSGI-HTTP-067"}, "a flush sends the head at once in HTTP/1.0",
                {send("POST {root}/flushed HTTP/1.0\r\nX-Case: {key}\r\nContent-Length: 1\r\n\r\n"), receive_some(""), send("x"), receive(answer(200).saying("x"), "POST")}});
  to.push_back({{"CSGI-HTTP-068"}, "the type that the app gives arrives", {send(get("/hello")), receive(answer(200).with("content-type", "text/plain"))}});
  to.push_back({{"CSGI-HTTP-068"}, "fields keep their order, case and duplicates",
                {send(get("/fields")), receive(answer(200).with("set-cookie", "a=1, b=2")
                                                   .with_in_order({{"Set-Cookie", "a=1"}, {"x-one", "first"}, {"X-MiXeD", "\xe4\xf6"}, {"Set-Cookie", "b=2"}, {"x-empty", ""}}))}});
  to.push_back({{"CSGI-HTTP-069"}, "a standard status has its phrase", {send(get("/status?404")), receive_text("HTTP/1.1 404 Not Found\r\n")}});
  to.push_back({{"CSGI-HTTP-069"}, "an unknown status keeps the space", {send(get("/status?299")), receive_text("HTTP/1.1 299 \r\n")}});
  to.push_back({{"CSGI-HTTP-069"}, "the app's reason is sent", {send(get("/reason")), receive_text("HTTP/1.1 299 As Told\r\n")}});
  to.push_back({{"CSGI-HTTP-070"}, "a response has a date", {send(get("/hello")), receive(answer(200).with("date"))}});
  const std::time_t now = std::time(nullptr);
  to.push_back({{"CSGI-HTTP-070"}, "the date is of this hour, as HTTP writes it",
                {send(get("/hello")), receive(answer(200).with("date", hour_of(now)).or_else(answer(200).with("date", hour_of(now + 3600)))),
                 send(get("/hello")), through(" GMT\r\n")}});
  to.push_back({{"CSGI-HTTP-070"}, "a response without a body has a date", {send(get("/status?204")), receive(answer(204).with("date"))}});
  to.push_back({{"CSGI-HTTP-070"}, "the app's own date is the only one", {send(get("/own-date")), receive(answer(200).with("date", "Thu, 01 Jan 1970 00:00:00 GMT"))}});
  to.push_back({{"CSGI-HTTP-071"}, "no type is invented", {send(get("/no-type")), receive(answer(200).without("content-type").saying("bytes"))}});
  const std::vector<std::string> own = {"date", "server", "connection", "content-length", "transfer-encoding"};
  const auto with_own = [&](std::initializer_list<std::string> names) {
    auto all = own;
    all.insert(all.end(), names);
    return answer(std::vector<int>{}).with_only(all);
  };
  to.push_back({{"CSGI-HTTP-072"}, "the app's own server is the only one", {send(get("/own-date")), receive(answer(200).with("server", "own"))}});
  to.push_back({{"CSGI-HTTP-072"}, "a chunked response has no fields but the app's and those of the server's business", {send(get("/pieces")), receive(with_own({}))}});
  to.push_back({{"CSGI-HTTP-072"}, "a response of known length has no fields but the app's and those of the server's business", {send(get("/status?200")), receive(with_own({"x-probe"}))}});
  to.push_back({{"CSGI-HTTP-072"}, "a 204 has no fields but the app's and those of the server's business", {send(get("/status?204")), receive(with_own({"x-probe"}))}});
  to.push_back({{"CSGI-HTTP-072"}, "a last response has no fields but the app's and those of the server's business", {send(get("/no-type", "Connection: close\r\n")), receive(with_own({}))}});
}

}  // namespace csgi::conformance
