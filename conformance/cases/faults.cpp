// faults.cpp - what a server makes of apps that fail, stop half-way, or call out of turn.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

/// The response breaks off after its first bytes, nothing of another follows, and the server goes on.
test_case broken_off(std::string name, std::string_view path) {
  return {{"CSGI-HTTP-093", "CSGI-HTTP-094", "CSGI-CORE-040"}, std::move(name),
          {send(get(path) + get("/hello")), receive(answer(200).saying("part").broken_off()), end(), reconnect(), send(get("/hello")),
           receive(answer(200).saying("Hello\n"))}};
}

/// The server answers itself. Whether the connection goes on is its own affair, but the server does.
test_case failed(std::vector<std::string> clauses, std::string name, std::string_view path) {
  return {std::move(clauses), std::move(name),
          {send(get(path) + get("/hello")), receive(answer(500).without("x-lost").lacking("secret").lacking("coroutine")),
           receive_or_end(answer(200).saying("Hello\n")), reconnect(), send(get("/hello")), receive(answer(200).saying("Hello\n"))}};
}

void add_failure_cases(cases& to) {
  to.push_back(failed({"CSGI-HTTP-091", "CSGI-HTTP-092", "CSGI-CORE-040"}, "an exception before the response is a 500 that tells nothing of it", "/throw-before"));
  to.push_back(failed({"CSGI-HTTP-091", "CSGI-HTTP-092", "CSGI-CORE-040"}, "an exception at once, from what is no coroutine yet, is a 500", "/throw-at-once"));
  to.push_back(failed({"CSGI-HTTP-091"}, "a head that was started is forgotten", "/throw-started"));
  to.push_back(failed({"CSGI-HTTP-091", "CSGI-CORE-040"}, "what is thrown need not be an exception", "/throw-42"));
  to.push_back(failed({"CSGI-HTTP-091"}, "an app that says that its client has gone, which has not, is answered for", "/claim-loss"));
  to.push_back(failed({"CSGI-HTTP-091"}, "an end without a response is a 500", "/silent"));
  to.push_back(failed({"CSGI-HTTP-091"}, "an end with a head alone is a 500", "/started"));
  to.push_back({{"CSGI-HTTP-091"}, "in HTTP/1.0 an exception is a 500 too", {send("GET {root}/throw-before HTTP/1.0\r\n\r\n"), receive(answer(500)), end()}});
  to.push_back({{"CSGI-HTTP-130"}, "the server's own answer is a whole response", {send(get("/throw-before")), receive(answer(500).with("date").with("content-length"))}});
  to.push_back({{"CSGI-HTTP-130"}, "the server's own answer to HEAD has no body",
                {send(request("HEAD", "/throw-before") + get("/hello")), receive(answer(500).with("date").with("content-length"), "HEAD"), receive_or_end(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-131"}, "the server's own answer is a line of text", {send(get("/throw-before")), receive(answer(500).with("content-type", "text/plain*").containing("\n"))}});
  to.push_back({{"CSGI-CORE-040"}, "other exchanges go on when an app fails",
                {send(request("POST", "/count", "Content-Length: 1\r\n")), noted("reading"), meanwhile(get("/throw-before"), answer(500)), meanwhile(get("/throw-42"), answer(500)),
                 send("x"), receive(answer(200).saying("1"), "POST")}});
}

void add_break_cases(cases& to) {
  to.push_back(broken_off("an exception in the middle breaks the response off", "/throw-committed"));
  to.push_back(broken_off("an end in the middle breaks the response off", "/unfinished"));
  to.push_back(broken_off("an abort breaks the response off", "/aborted"));
  to.push_back(broken_off("an exception breaks off a response of declared length", "/throw-short-of-length"));
  to.push_back({{"CSGI-HTTP-093", "CSGI-HTTP-094"}, "when all declared bytes have gone out, closing is all that is left",
                {send(get("/throw-at-length") + get("/hello")), receive(answer(200).saying("part")), end()}});
  to.push_back({{"CSGI-HTTP-094"}, "a body that would end with the connection is reset when it breaks off",
                {send("GET {root}/throw-committed HTTP/1.0\r\n\r\n"), receive(answer(200).broken_off())}});
  to.push_back({{"CSGI-HTTP-094"}, "a body that would end with the connection is reset when it is aborted", {send("GET {root}/aborted HTTP/1.0\r\n\r\n"), receive(answer(200).broken_off())}});
  to.push_back({{"CSGI-HTTP-095"}, "an abort before commit sends nothing", {send(get("/aborted-early") + get("/hello")), end()}});
  to.push_back({{"CSGI-HTTP-095"}, "an abort before commit sends nothing in HTTP/1.0", {send("GET {root}/aborted-early HTTP/1.0\r\n\r\n"), end()}});
  to.push_back({{"CSGI-HTTP-096"}, "an exception after the end changes nothing",
                {send(get("/throw-finished") + get("/hello")), receive(answer(200).saying("whole")), receive(answer(200).saying("Hello\n"))}});
}

void add_turn_cases(cases& to) {
  const auto told = [](std::string path, expectation wanted, std::vector<std::string> what) {
    std::vector<step> steps = {send(get(path)), receive(std::move(wanted))};
    for (auto& note : what) steps.push_back(noted(std::move(note)));
    return steps;
  };
  const std::string out = ": operation_not_permitted";
  to.push_back({{"CSGI-HTTP-063", "CSGI-CORE-037", "CSGI-CORE-039"}, "nothing is written before there is a head",
                told("/out-of-turn", answer(200).saying("xy"), {"write before start" + out, "finish before start" + out, "flush before start" + out, "file before start" + out})});
  to.push_back({{"CSGI-HTTP-062", "CSGI-CORE-037", "CSGI-CORE-039"}, "a head that is sent is not replaced", told("/out-of-turn", answer(200).saying("xy"), {"start after commit" + out})});
  to.push_back({{"CSGI-CORE-048", "CSGI-CORE-037"}, "behind the end nothing is read, written or started",
                told("/out-of-turn", answer(200).saying("xy"), {"read after finish" + out, "write after finish" + out, "flush after finish" + out, "finish after finish" + out,
                                                                "file after finish" + out, "start after finish" + out})});
  to.push_back({{"CSGI-CORE-048", "CSGI-CORE-037", "CSGI-CORE-047"}, "behind an abort nothing is read, written or started",
                told("/after-abort", answer(200).saying("part").broken_off(), {"write after abort" + out, "read after abort" + out, "file after abort" + out, "start after abort" + out, "phase aborted"})});
  to.push_back({{"CSGI-CORE-045", "CSGI-CORE-048"}, "an abort after the end changes nothing",
                {send(get("/out-of-turn") + get("/hello")), receive(answer(200).saying("xy")), receive(answer(200).saying("Hello\n")), noted("still finished")}});
}

}  // namespace

void add_fault_cases(cases& to) {
  add_failure_cases(to);
  add_break_cases(to);
  add_turn_cases(to);
}

}  // namespace csgi::conformance
