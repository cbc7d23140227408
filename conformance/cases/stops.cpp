// stops.cpp - how a server ends.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

void stopping(cases& to, std::vector<std::string> clauses, std::string name, std::vector<step> steps, kinds for_kinds = kinds::both) {
  to.push_back({std::move(clauses), std::move(name), std::move(steps), for_kinds});
  to.back().own_server = true;
}

std::string posted(std::size_t length) { return request("POST", "/count", "Content-Length: " + std::to_string(length) + "\r\n"); }

}  // namespace

void add_stop_cases(cases& to) {
  const expectation last = answer(200).with("connection", "close");
  const auto counted = [&](std::string body) { return receive(answer(200).with("connection", "close").saying(std::move(body)), "POST"); };
  stopping(to, {"CSGI-SERVER-015"}, "an idle connection is closed by a stop", {send(get("/hello")), receive(answer(200)), stop(), end()});
  stopping(to, {"CSGI-SERVER-015"}, "a connection without any request is closed by a stop", {meanwhile(get("/hello"), answer(200)), stop(), end()});
  stopping(to, {"CSGI-SERVER-015"}, "new connections are refused while a request still runs", {send(posted(3)), noted("reading"), stop(), refuses(), send("abc"), counted("3"), end()});
  stopping(to, {"CSGI-SERVER-015", "CSGI-SERVER-017"}, "half a head is completed and answered, or its connection closed",
           {send("GET {root}/hello HTTP/1.1\r\nHo"), meanwhile(get("/hello"), answer(200)), stop(), refuses(), send("st: probe\r\n\r\n"),
            receive_or_end(answer(std::vector<int>{}).with("connection", "close")), end()});
  stopping(to, {"CSGI-SERVER-016", "CSGI-SERVER-017"}, "a request whose body still comes is finished after a stop, and says that the connection ends",
           {send(posted(6) + "abc"), noted("reading"), stop(), refuses(), silence(), send("def"), counted("6"), end()});
  stopping(to, {"CSGI-SERVER-016", "CSGI-HTTP-051"}, "a client that was told to go on may go on after a stop",
           {send(request("POST", "/count", "Expect: 100-continue\r\nContent-Length: 3\r\n")), receive_text("HTTP/1.1 100 "), through("\r\n\r\n"), stop(), refuses(), send("abc"), counted("3"), end()});
  stopping(to, {"CSGI-SERVER-016"}, "a stream is finished after a stop", {send(get("/stream?20000000")), receive_some("abc"), stop(), refuses(), receive(answer(200).patterned(20'000'000)), end()});
  stopping(to, {"CSGI-SERVER-016"}, "a finished response leaves after a stop", {send(get("/hooked-large?20000000")), receive_some("abc"), stop(), refuses(), receive(answer(200).patterned(20'000'000)), end()});
  stopping(to, {"CSGI-SERVER-016"}, "an app that sleeps is waited for after a stop", {send(get("/nap?400")), noted("napping"), stop(), refuses(), receive(answer(200).saying("rested")), end()});
  stopping(to, {"CSGI-SERVER-016", "CSGI-HTTP-102"}, "a client that closes behind its request gets the response after a stop", {send(get("/nap?400")), half_close(), noted("napping"), stop(), refuses(), receive(answer(200).saying("rested")), end()});
  stopping(to, {"CSGI-SERVER-017", "CSGI-HTTP-109"}, "a pipelined request behind the last response is not served", {send(posted(1)), noted("reading"), stop(), refuses(), send("x" + get("/hello")), counted("1"), end()});
  stopping(to, {"CSGI-SERVER-017"}, "a response of HTTP/1.0 that would have been kept is the last after a stop",
           {send("POST {root}/count HTTP/1.0\r\nX-Case: {key}\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n"), noted("reading"), stop(), refuses(), send("x"), counted("1"), end()});
  stopping(to, {"CSGI-SERVER-017"}, "the server's own answer is the last after a stop",
           {send(request("POST", "/count", "Transfer-Encoding: chunked\r\n")), noted("reading"), stop(), refuses(), send("zz\r\n"), receive(answer(400).with("connection", "close"), "POST"), end()});
  const std::vector<std::string> asked = {"CSGI-SERVER-018", "CSGI-CORE-034", "CSGI-CORE-035"};
  const step unserved = receive_or_end(answer({500, 503}));    // what the app ended with is not the client's fault
  stopping(to, asked, "a second stop ends an app that sleeps", {send(get("/nap?3600000")), noted("napping"), stop(), refuses(), silence(), stop(), unserved, ended()});
  stopping(to, asked, "a second stop ends an app that reads", {send(posted(3)), noted("reading"), stop(), refuses(), silence(), stop(), unserved, ended()});
  stopping(to, asked, "a second stop ends an app that writes", {send(get("/stream?100000000")), receive_some("abc"), stop(), refuses(), stop(), receive(answer(200).broken_off()), end()});
  stopping(to, {"CSGI-CORE-034", "CSGI-HTTP-099"}, "a second stop ends an app that waits for its client's going",
           {send(get("/until-gone")), noted("waiting"), stop(), refuses(), silence(), stop(), ended()}, kinds::async_only);
  stopping(to, {"CSGI-SERVER-019"}, "a graceful stop ends with exit code 0", {send(get("/hello")), receive(answer(200)), stop(), end(), stopped()});
  stopping(to, {"CSGI-SERVER-019"}, "a second signal ends what runs, and the exit code is 0 still", {send(get("/nap?3600000")), noted("napping"), stop(), refuses(), stop(), ended(), stopped()});
}

}  // namespace csgi::conformance
