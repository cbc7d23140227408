// faults.cpp - what a server makes of apps that fail, stop half-way, or call out of turn.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

/// The response breaks off after its first bytes, and nothing of another follows.
test_case broken_off(std::string name, std::string_view path) {
  return {{"CSGI-HTTP-093", "CSGI-HTTP-094", "CSGI-CORE-040"}, std::move(name),
          {send(get(path) + get("/hello")), receive(answer(200).saying("part").broken_off()), end(), reconnect(), send(get("/hello")),
           receive(answer(200).saying("Hello\n"))}};
}

test_case failed(std::vector<std::string> clauses, std::string name, std::string_view path) {
  return {std::move(clauses), std::move(name),
          {send(get(path) + get("/hello")), receive(answer(500).with("content-length").with("date").without("x-lost").lacking("secret")),
           receive(answer(200).saying("Hello\n"))}};
}

std::vector<step> with_notes(std::vector<step> steps, std::vector<std::string> what) {
  for (auto& note : what) steps.push_back(noted(std::move(note)));
  return steps;
}

}  // namespace

void add_fault_cases(cases& to) {
  to.push_back(failed({"CSGI-HTTP-091", "CSGI-HTTP-092", "CSGI-CORE-040", "CSGI-HTTP-130"}, "an exception before the response is a 500 that tells nothing of it", "/throw-before"));
  to.push_back(failed({"CSGI-HTTP-091"}, "a head that was started is forgotten", "/throw-started"));
  to.push_back(failed({"CSGI-CORE-040"}, "what is thrown need not be an exception", "/throw-42"));
  to.push_back(failed({"CSGI-HTTP-091"}, "an end without a response is a 500", "/silent"));
  to.push_back(failed({"CSGI-HTTP-091"}, "an end with a head alone is a 500", "/started"));
  to.push_back({{"CSGI-HTTP-131"}, "the server's own answer is a line of text", {send(get("/throw-before")), receive(answer(500).with("content-type"))}});
  to.push_back({{"CSGI-HTTP-130"}, "the server's own answer to HEAD has no body",
                {send(request("HEAD", "/throw-before") + get("/hello")), receive(answer(500).with("date"), "HEAD"), receive(answer(200).saying("Hello\n"))}});
  to.push_back(broken_off("an exception in the middle breaks the response off", "/throw-committed"));
  to.push_back(broken_off("an end in the middle breaks the response off", "/unfinished"));
  to.push_back(broken_off("an abort breaks the response off", "/aborted"));
  to.push_back({{"CSGI-HTTP-094"}, "a body that would end with the connection is reset when it breaks off",
                {send("GET {root}/throw-committed HTTP/1.0\r\n\r\n"), receive(answer(200).broken_off())}});
  to.push_back({{"CSGI-HTTP-095"}, "an abort before commit sends nothing", {send(get("/aborted-early") + get("/hello")), end()}});
  to.push_back({{"CSGI-HTTP-096"}, "an exception after the end changes nothing",
                {send(get("/throw-finished") + get("/hello")), receive(answer(200).saying("whole")), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-056"}, "statuses that no final response has are refused",
                with_notes({send(get("/bad-heads")), receive(answer(200).with("x-good", "tab\there").saying("good"))},
                           {"status 99: refused", "status 100: refused", "status 101: refused", "status 600: refused"})});
  to.push_back({{"CSGI-HTTP-057", "CSGI-CORE-039"}, "names and values that cannot be sent are refused",
                with_notes({send(get("/bad-heads")), receive(answer(200).saying("good"))},
                           {"CR LF in a value: refused", "LF in a value: refused", "NUL in a value: refused", "DEL in a value: refused",
                            "empty name: refused", "space in a name: refused", "colon in a name: refused", "still open"})});
  to.push_back({{"CSGI-HTTP-058"}, "fields of the connection are refused",
                with_notes({send(get("/bad-heads")), receive(answer(200).saying("good"))},
                           {"connection: refused", "Keep-Alive: refused", "proxy-connection: refused", "TE: refused", "trailer: refused",
                            "Transfer-Encoding: refused", "upgrade: refused"})});
  to.push_back({{"CSGI-HTTP-059"}, "lengths that are none are refused",
                with_notes({send(get("/bad-heads")), receive(answer(200).saying("good"))},
                           {"length of letters: refused", "negative length: refused", "list of lengths: refused"})});
  to.push_back({{"CSGI-HTTP-063", "CSGI-HTTP-062", "CSGI-CORE-048", "CSGI-CORE-037"}, "calls out of turn are refused",
                with_notes({send(get("/out-of-turn")), receive(answer(200).saying("xy"))},
                           {"write before start: operation_not_permitted", "finish before start: operation_not_permitted",
                            "start after commit: operation_not_permitted", "write after finish: operation_not_permitted",
                            "finish after finish: operation_not_permitted", "start after finish: operation_not_permitted"})});
  to.push_back({{"CSGI-CORE-045"}, "an abort after the end changes nothing",
                {send(get("/out-of-turn") + get("/hello")), receive(answer(200).saying("xy")), receive(answer(200).saying("Hello\n")), noted("still finished")}});
}

}  // namespace csgi::conformance
