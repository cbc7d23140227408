// exchanges.cpp - phases, executors and operations as an app sees them.
#include "themes.hpp"

namespace csgi::conformance {

void add_exchange_cases(cases& to) {
  to.push_back({{"CSGI-CORE-046", "CSGI-CORE-045", "CSGI-HTTP-066"}, "a response's phases follow what the app says",
                {send(get("/phases")), receive(answer(200).saying("x")), noted("at first open"), noted("started: started"), noted("an empty write: started"),
                 noted("a write: committed"), noted("finish: finished")}});
  to.push_back({{"CSGI-CORE-047"}, "an abort shows in the phase", {send(get("/aborted")), receive(answer(200).broken_off()), noted("aborted")}});
  to.push_back({{"CSGI-CORE-014", "CSGI-CORE-009"}, "posted work runs in order, later, on the app's own thread", {send(get("/posted")), receive(answer(200).saying("|abc|same thread"))}});
  to.push_back({{"CSGI-CORE-016", "CSGI-CORE-011"}, "the executor is where the app runs", {send(get("/here")), receive(answer(200).saying("here"))}});
  to.push_back({{"CSGI-CORE-017"}, "a timer ends when its time has come, not before", {send(get("/timed?30")), receive(answer(200).saying("not early"))}});
  to.push_back({{"CSGI-CORE-029", "CSGI-CORE-030"}, "a second read is refused, a cancelled one loses nothing",
                {send("POST {root}/two-at-once HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nContent-Length: 4\r\n\r\n"), noted("cancelled"), send("body"),
                 receive(answer(200).saying("refused, canceled, body"), "POST")}, kinds::async_only});
  to.push_back({{"CSGI-CORE-028", "CSGI-CORE-020"}, "an app that waits for its client does not keep others waiting",
                {send("POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nContent-Length: 1\r\n\r\n"), noted("reading"), reconnect(), send(get("/hello")),
                 receive(answer(200).saying("Hello\n"))}, kinds::async_only});
}

}  // namespace csgi::conformance
