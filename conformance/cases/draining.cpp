// draining.cpp - what running requests learn of a stop.
#include "themes.hpp"

namespace csgi::conformance {

void add_draining_cases(cases& to) {
  const std::string capability = "csgi.drain_notice";
  const auto stopping = [&](std::vector<std::string> clauses, std::string name, std::vector<step> steps) {
    to.push_back({std::move(clauses), std::move(name), std::move(steps), kinds::both, capability});
    to.back().own_server = true;
  };
  const auto waiting = [&](std::string name, std::string query, std::vector<step> then) {
    std::vector<step> steps = {send(get("/undrained-at-the-end?" + query))};
    steps.insert(steps.end(), then.begin(), then.end());
    steps.push_back(noted_in_order({"wait: pending", "ended: operation_canceled"}));
    to.push_back({{"CSGI-EXT-043"}, std::move(name), std::move(steps), kinds::async_only, capability});
  };
  to.push_back({{"CSGI-EXT-040"}, "a notice that the server drains is offered", {send(get("/capabilities")), receive(answer(200).containing(capability + "\n"))}});
  stopping({"CSGI-SERVER-021", "CSGI-EXT-041", "CSGI-EXT-042"}, "a stream without end learns that the server drains, and says farewell",
           {send(get("/until-draining")), receive_some("serving\n"), noted("serving"), stop(), refuses(),
            receive(answer(200).saying("serving\ndraining\nfarewell\n")), end(), stopped()});
  stopping({"CSGI-SERVER-021", "CSGI-SERVER-016"}, "a request that has learnt of the draining still reads and writes",
           {send(request("POST", "/until-draining", "Content-Length: 4\r\n")), noted("serving"), stop(), refuses(), receive_some("serving\ndraining\n"), send("bye "),
            receive(answer(200).saying("serving\ndraining\nbye farewell\n"), "POST"), end(), stopped()});
  to.push_back({{"CSGI-EXT-042", "CSGI-EXT-043"}, "a wait for the server's draining is the one of its kind, and can be cancelled",
                {send(get("/undrained")), receive(answer(200).saying("first: pending, second: operation_in_progress, cancelled: operation_canceled, again: pending"))},
                kinds::async_only, capability});
  to.push_back({{"CSGI-EXT-042"}, "a blocking app does not wait for the server's draining",
                {send(get("/undrained")), receive(answer(200).saying("first: operation_not_supported"))}, kinds::blocking_only, capability});
  waiting("a wait for the server's draining ends with the response", "finish", {receive(answer(200).saying("whole"))});
  waiting("a wait for the server's draining ends with an abort", "abort", {end()});
}

}  // namespace csgi::conformance
