// stops.cpp - how a server ends.
#include "themes.hpp"

namespace csgi::conformance {

void add_stop_cases(cases& to) {
  test_case graceful{{"CSGI-SERVER-016", "CSGI-SERVER-017", "CSGI-SERVER-019"}, "a running request is finished after a stop, and says that the connection ends",
                     {send("POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nContent-Length: 3\r\n\r\n"), noted("reading"), stop(), silence(), send("abc"),
                      receive(answer(200).with("connection", "close").saying("3"), "POST"), end(), stopped()}};
  graceful.own_server = true;
  to.push_back(std::move(graceful));
  test_case idle{{"CSGI-SERVER-015"}, "an idle connection is closed by a stop", {send(get("/hello")), receive(answer(200)), stop(), end(), stopped()}};
  idle.own_server = true;
  to.push_back(std::move(idle));
  test_case impatient{{"CSGI-SERVER-018", "CSGI-CORE-034", "CSGI-CORE-035"}, "a second stop asks what runs to end",
                      {send(get("/nap?3600000")), noted("napping"), stop(), silence(), stop(), ended(), stopped()}};
  impatient.own_server = true;
  to.push_back(std::move(impatient));
}

}  // namespace csgi::conformance
