// bridges.cpp - blocking code that coroutines give to other threads.
#include "themes.hpp"

namespace csgi::conformance {

void add_bridge_cases(cases& to) {
  const std::size_t before = to.size();
  const auto answers = [&to](std::vector<std::string> clauses, std::string name, std::string_view path, std::string text, std::string capability) {
    to.push_back({std::move(clauses), std::move(name), {send(get(path)), receive(answer(200).saying(std::move(text)))}, kinds::async_only, std::move(capability)});
  };
  to.push_back({{"CSGI-BRIDGE-001"}, "an async app finds a lane", {send(get("/capabilities")), receive(answer(200).containing("csgi.lane\n").containing("csgi.helping_lane\n"))}, kinds::async_only});
  answers({"CSGI-BRIDGE-003", "CSGI-BRIDGE-004"}, "blocking code of a request runs on one thread, which is no executor's", "/one-lane", "one thread, elsewhere, and back", "csgi.lane");
  answers({"CSGI-BRIDGE-003"}, "blocking code of a request runs one after the other, in the order begun", "/lane-in-order", "1 2 3", "csgi.lane");
  answers({"CSGI-BRIDGE-005", "CSGI-CORE-071"}, "pooled calls run beside each other and the lane's", "/pooled-calls", "met", "csgi.lane");
  answers({"CSGI-BRIDGE-010"}, "blocking code that waits for a coroutine runs that one's blocking code", "/helped", "helped", "csgi.helping_lane");
  to.push_back({{"CSGI-BRIDGE-004"}, "while one request is in blocking code, others are served, and have lanes of their own",
                {send(get("/hold-lane")), noted("held"), meanwhile(get("/one-lane"), answer(200).saying("one thread, elsewhere, and back")),
                 meanwhile(get("/note?go"), answer(200)),
                 receive(answer(200).saying("let go"))}, kinds::async_only, "csgi.lane"});
  test_case crowded{{"CSGI-BRIDGE-010"}, "pooled calls that find no thread are done by who waits on the lane",
                    {send(get("/pool-from-lane")), receive(answer(200).saying("done"))}, kinds::async_only, "csgi.helping_lane"};
  crowded.told = {{"threads", "1"}};
  crowded.own_server = true;
  to.push_back(std::move(crowded));
  const step on_lane = send(get("/one-lane")), done = receive(answer(200).saying("one thread, elsewhere, and back"));
  test_case given_back{{"CSGI-BRIDGE-003", "CSGI-SERVER-019"}, "a lane's thread is given back when the app is done, to other requests and at the end",
                       {on_lane, done, on_lane, done, on_lane, done, stop(), end(), stopped()}, kinds::async_only, "csgi.lane"};
  given_back.told = {{"threads", "1"}};
  given_back.own_server = true;
  to.push_back(std::move(given_back));
  to.push_back({{"CSGI-BRIDGE-009"}, "an app that finds no thread is answered 503", {send(get("/overloaded") + get("/hello")), receive(answer(503))}});
  for (std::size_t i = before; i < to.size(); ++i) to[i].through_bridges = false;
}

}  // namespace csgi::conformance
