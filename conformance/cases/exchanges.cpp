// exchanges.cpp - phases, executors and operations as an app sees them.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

void add_phase_cases(cases& to) {
  to.push_back({{"CSGI-CORE-046", "CSGI-CORE-045", "CSGI-HTTP-066"}, "a response's phases follow what the app says",
                {send(get("/phases")), receive(answer(200).saying("x")), noted("at first open"), noted("started: started"), noted("an empty write: started"),
                 noted("a write: committed"), noted("finish: finished")}});
  to.push_back({{"CSGI-CORE-046"}, "a flush commits", {send(get("/committed-by?flush")), receive(answer(200)), noted("flush: committed")}});
  to.push_back({{"CSGI-CORE-046"}, "a finish without bytes finishes", {send(get("/committed-by?finish")), receive(answer(200)), noted("finish: finished")}});
  to.push_back({{"CSGI-CORE-046"}, "a file commits", {send(get("/committed-by?file")), receive(answer(200)), noted("file: committed")}});
  to.push_back({{"CSGI-CORE-047"}, "an abort shows in the phase", {send(get("/aborted")), receive(answer(200).broken_off()), noted("aborted")}});
  to.push_back({{"CSGI-CORE-047"}, "a cancelled write shows in the phase",
                {send(get("/cancelled-write?30000000")), noted("write: pending"), noted("phase aborted"), broken()}, kinds::async_only});
}

void add_executor_cases(cases& to) {
  to.push_back({{"CSGI-CORE-014"}, "posted work runs in order, later, on the app's own thread", {send(get("/posted")), receive(answer(200).saying("|abc|same thread"))}});
  to.push_back({{"CSGI-CORE-014", "CSGI-CORE-016"}, "what another thread posts runs on the executor", {send(get("/posted-elsewhere")), receive(answer(200).saying("not here on another thread, run here"))}});
  to.push_back({{"CSGI-CORE-014"}, "what another thread posts wakes the executor", {send(get("/woken")), receive(answer(200).saying("here"))}, kinds::async_only});
  to.push_back({{"CSGI-CORE-014"}, "what another thread posts wakes the executor at once: hundreds of times in a row take no long",
                {send(get("/woken?300")), receive(answer(200).saying("here"))}, kinds::async_only});
  const std::vector<step> moves = {send(request("POST", "/here", "Content-Length: 2\r\n")), meanwhile(get("/hello"), answer(200)), send("a"), receive_some("x"), send("b"), receive(answer(200).saying("xxhere"), "POST")};
  to.push_back({{"CSGI-CORE-009", "CSGI-CORE-016"}, "a blocking app stays on one thread, where its executor is", moves, kinds::blocking_only});
  to.push_back({{"CSGI-CORE-011", "CSGI-CORE-016"}, "an async app is always where its executor is", moves, kinds::async_only});
  to.push_back({{"CSGI-CORE-017"}, "a timer ends when its time has come, not before", {send(get("/timed?30")), receive(answer(200).saying("not early"))}});
  to.push_back({{"CSGI-CORE-017"}, "a timer ends no earlier where other work wakes the executor meanwhile", {send(get("/timed-among-posts?30")), receive(answer(200).saying("not early"))}});
  to.push_back({{"CSGI-CORE-017"}, "a timer whose time is past ends at once", {send(get("/timed?0")), receive(answer(200).saying("not early"))}});
}

void add_operation_cases(cases& to) {
  to.push_back({{"CSGI-CORE-030", "CSGI-CORE-037"}, "a second read is refused, a cancelled one loses nothing",
                {send(request("POST", "/two-at-once", "Content-Length: 4\r\n")), noted("cancelled"), send("body"), receive(answer(200).saying("refused, canceled, body"), "POST")}, kinds::async_only});
  const std::string second = ": operation_in_progress";
  const std::vector<step> begun = {send(request("POST", "/all-at-once?30000000", "Content-Length: 1\r\n")), noted("write: pending"), noted("read: pending"), noted("gone: pending")};
  const std::vector<step> ended = {send("x"), noted("read ended with x, the others pend"), receive(answer(200).patterned(30'000'000), "POST"), noted("write ended: done, the wait pends"),
                                   noted("gone ended: operation_canceled")};
  const auto all = [&](std::vector<step> between) {
    std::vector<step> steps = begun;
    steps.insert(steps.end(), between.begin(), between.end());
    steps.insert(steps.end(), ended.begin(), ended.end());
    return steps;
  };
  to.push_back({{"CSGI-CORE-029"}, "a read, a write and a wait for the client pend together, and end each by its own cause", all({}), kinds::async_only});
  to.back().through_bridges = false;
  to.push_back({{"CSGI-CORE-030", "CSGI-CORE-037", "CSGI-CORE-039"}, "a second operation of a kind is refused, and the first is as it was",
                all({noted("second read" + second), noted("second write" + second), noted("second gone" + second)}), kinds::async_only});
  to.back().through_bridges = false;
  to.push_back({{"CSGI-CORE-030", "CSGI-EXT-021"}, "a file beside a write is refused", all({noted("file" + second)}), kinds::async_only, "csgi.file_sender"});
  to.back().through_bridges = false;
  to.push_back({{"CSGI-CORE-028"}, "a read that has to wait keeps no other exchange waiting",
                {send(request("POST", "/count", "Content-Length: 1\r\n")), noted("reading"), meanwhile(get("/hello"), answer(200).saying("Hello\n")), send("x"), receive(answer(200).saying("1"), "POST")}, kinds::async_only});
  to.push_back({{"CSGI-CORE-028"}, "a write that has to wait keeps no other exchange waiting",
                {send(get("/stream?30000000")), receive_some("abc"), meanwhile(get("/hello"), answer(200).saying("Hello\n")), receive(answer(200).patterned(30'000'000))}, kinds::async_only});
  constexpr std::pair<const char*, const char*> rows[] = {{"write", "writes of nothing"}, {"read", "reads behind the end"}, {"wait", "waits for no time"}};
  for (const auto& [kind, name] : rows) {
    const std::string what = name;
    to.push_back({{"CSGI-CORE-020"}, what + ", over and over, leave others their turn",
                  {send(get("/busy?" + std::string(kind))), noted("busy"), meanwhile(get("/note?go-on"), answer(200)), receive(answer(200).saying("released"))}, kinds::async_only});
    if (what == "waits for no time") continue;     // each may take a turn of the event loop: no row is long enough
    to.push_back({{"CSGI-CORE-021"}, what + ", in a long row, use no stack", {send(get("/row?" + std::string(kind))), receive(answer(200).saying("through"))}});
    to.back().through_bridges = false;      // which costs a change of threads for each
  }
}

}  // namespace

void add_exchange_cases(cases& to) {
  add_phase_cases(to);
  add_executor_cases(to);
  add_operation_cases(to);
}

}  // namespace csgi::conformance
