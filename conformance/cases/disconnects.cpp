// disconnects.cpp - clients that go away, or only half of the way, at every stage of an exchange.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

/// The body announced is longer than what has come of it.
std::string unfinished(std::string_view path, std::string_view received = {}) { return request("POST", path, "Content-Length: 10\r\n") + std::string(received); }

/// The server goes on, and the app's hooks have run.
std::vector<step> afterwards(std::vector<step> steps, std::vector<std::string> notes) {
  steps.push_back(reconnect());
  for (auto& each : notes) steps.push_back(noted(std::move(each)));
  steps.push_back(send(get("/hello")));
  steps.push_back(receive(answer(200).saying("Hello\n")));
  return steps;
}

/// Half a head never becomes a request, whether it is the connection's first or not.
void add_head_cases(cases& to) {
  const std::pair<const char*, std::string> heads[] = {
      {"before a byte", ""},
      {"in a method", "PO"},
      {"in a request line", "POST {root}/cou"},
      {"behind a request line", "POST {root}/count HTTP/1.1\r\n"},
      {"in a field", "POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nContent-Le"},
      {"before the empty line", "POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n"},
      {"in the last line end", "POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n\r"},
  };
  for (const auto& [where, bytes] : heads) {
    const std::string behind = std::string(" ") + where;
    const step first = receive(answer(200).saying("Hello\n"));
    auto never = [](std::vector<step> steps) {
      steps = afterwards(std::move(steps), {});
      steps.push_back(never_noted("reading"));
      return steps;
    };
    to.push_back({{"CSGI-HTTP-113"}, "a client that closes" + behind + " calls no app", never({send(bytes), half_close(), ended()})});
    to.push_back({{"CSGI-HTTP-113"}, "a client that resets" + behind + " calls no app", never({send(bytes), meanwhile(get("/hello"), answer(200)), reset()})});
    to.push_back({{"CSGI-HTTP-113", "CSGI-HTTP-102"}, "a client that closes" + behind + " of its second request gets the first response",
                  never({send("GET {root}/hello HTTP/1.1\r\nHost: probe\r\n\r\n" + bytes), half_close(), first, ended()})});
    to.push_back({{"CSGI-HTTP-113"}, "a client that resets" + behind + " of its second request calls no app for it",
                  never({send("GET {root}/hello HTTP/1.1\r\nHost: probe\r\n\r\n" + bytes), first, reset()})});
  }
}

void add_body_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-040", "CSGI-EXT-012"}, "a client that closes in its body fails the read",
                afterwards({send(unfinished("/count", "abc")), noted("reading"), half_close(), receive(answer(400), "POST"), end()}, {"read failed: bad_message", "over"})});
  to.push_back({{"CSGI-HTTP-097", "CSGI-EXT-012"}, "a client that resets in its body fails the read that waits, and every other one",
                afterwards({send(unfinished("/count", "abc")), noted("reading"), reset()}, {"read failed: connection_reset", "read again: connection_reset", "over"})});
  to.push_back({{"CSGI-HTTP-097", "CSGI-EXT-012"}, "a client that resets in a chunk fails the read that waits",
                afterwards({send(request("POST", "/count", "Transfer-Encoding: chunked\r\n") + "a\r\nabc"), noted("reading"), reset()}, {"read failed: connection_reset", "over"})});
  to.push_back({{"CSGI-HTTP-102", "CSGI-HTTP-036"}, "a client that closes behind its body gets the response",
                {send(request("POST", "/collect", "", "last words")), half_close(), receive(answer(200).saying("last words"), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-102", "CSGI-HTTP-036"}, "a client that closes behind its last chunk gets the response",
                {send(request("POST", "/collect", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n"), half_close(), receive(answer(200).saying("abc"), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-102", "CSGI-HTTP-108"}, "a client that closes behind pipelined requests gets all the responses",
                {send(get("/hello") + request("POST", "/collect", "", "abc") + get("/pieces")), half_close(), receive(answer(200).saying("Hello\n")),
                 receive(answer(200).saying("abc"), "POST"), receive(answer(200).saying("one,two,three")), end()}});
}

void add_waiting_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-101"}, "a client that is there is connected", {send(get("/connected")), receive(answer(200).saying("connected"))}});
  const std::vector<std::string> learned = {"waiting", "gone", "not connected", "still not connected"};
  const auto gone = [&](std::vector<std::string> clauses, std::string name, std::vector<step> steps, std::vector<std::string> notes) {
    notes.insert(notes.begin(), learned.begin(), learned.end());
    notes.push_back("over");
    clauses.push_back("CSGI-EXT-012");
    to.push_back({clauses, name, afterwards(steps, notes)});
    clauses.push_back("CSGI-HTTP-098");
    to.push_back({clauses, "gone(): " + name, afterwards(std::move(steps), std::move(notes)), kinds::async_only});
    to[to.size() - 2].for_kinds = kinds::blocking_only;
  };
  const step farewell = receive(answer(200).saying("farewell"), "POST");
  gone({"CSGI-HTTP-101", "CSGI-HTTP-102"}, "an app that waits learns that its client has closed, and may answer", {send(get("/until-gone")), noted("waiting"), half_close(), farewell, end()}, {"the body has 0 bytes"});
  gone({"CSGI-HTTP-101", "CSGI-HTTP-102"}, "an app that waits learns that its client has closed behind a body, which is still there",
       {send(request("POST", "/until-gone", "", "body")), noted("waiting"), half_close(), farewell, end()}, {"the body has 4 bytes"});
  gone({"CSGI-HTTP-101", "CSGI-HTTP-102"}, "an app that waits learns that its client has closed behind a body of some length",
       {send(request("POST", "/until-gone", "", std::string(40'000, 'b'))), noted("waiting"), half_close(), farewell, end()}, {"the body has 40000 bytes"});
  to.push_back({{"CSGI-HTTP-101", "CSGI-EXT-012"}, "an app that waits learns that its client has reset", afterwards({send(get("/until-gone")), noted("waiting"), reset()}, {"gone", "not connected", "over"})});
  to.push_back({{"CSGI-HTTP-098"}, "gone() ends at a reset", afterwards({send(get("/until-gone")), noted("waiting"), reset()}, {"gone"}), kinds::async_only});
  to.push_back({{"CSGI-HTTP-098", "CSGI-HTTP-101"}, "gone() ends at a reset behind a body that nobody reads",
                afterwards({send(request("POST", "/until-gone", "", std::string(300'000, 'b'))), noted("waiting"), reset()}, {"gone", "not connected"}), kinds::async_only});
  to.push_back({{"CSGI-HTTP-099"}, "gone() ends with the response", {send(get("/gone-at-the-end")), receive(answer(200).saying("whole")), noted("canceled")}, kinds::async_only});
  to.push_back({{"CSGI-HTTP-099"}, "gone() ends with an abort", {send(get("/gone-at-the-end?abort")), end(), noted("canceled")}, kinds::async_only});
  to.push_back({{"CSGI-HTTP-102"}, "a client that closes while its app sleeps gets the response", afterwards({send(get("/nap?100")), noted("napping"), half_close(), receive(answer(200).saying("rested")), end()}, {"slept", "over"})});
  to.push_back({{"CSGI-EXT-012"}, "an app that sleeps while its client resets ends as ever", afterwards({send(get("/nap?100")), noted("napping"), reset()}, {"slept", "over"})});
}

void add_writing_cases(cases& to) {
  const std::vector<std::string> failed = {"write failed: Connection reset by peer", "phase aborted", "write again: connection_reset", "over"};
  to.push_back({{"CSGI-HTTP-097", "CSGI-CORE-047", "CSGI-EXT-012"}, "a client that resets in a stream fails the write that waits, and every other one",
                afterwards({send(get("/stream?500000000")), receive_some("abc"), reset()}, failed)});
  to.push_back({{"CSGI-HTTP-097", "CSGI-EXT-012"}, "a client that resets before a stream fails the write", afterwards({send(get("/stream?500000000")), reset()}, failed)});
  to.push_back({{"CSGI-HTTP-097", "CSGI-EXT-012"}, "a client that resets in a stream whose request's body nobody reads fails the write",
                afterwards({send(unfinished("/stream?500000000", "abc")), receive_some("abc"), reset()}, failed)});
  to.push_back({{"CSGI-HTTP-102", "CSGI-HTTP-073"}, "a client that closes in a stream gets all of it",
                afterwards({send(get("/stream?20000000")), receive_some("abc"), half_close(), receive(answer(200).patterned(20'000'000)), end()}, {"streamed", "over"})});
  to.push_back({{"CSGI-HTTP-102", "CSGI-HTTP-073"}, "a client that closes while a finished response leaves gets all of it",
                afterwards({send(get("/hooked-large?20000000")), receive_some("abc"), half_close(), receive(answer(200).patterned(20'000'000)), end()}, {"over"})});
  to.push_back({{"CSGI-EXT-012"}, "hooks run when a client resets while a finished response leaves", afterwards({send(get("/hooked-large?30000000")), receive_some("abc"), reset()}, {"over"})});
  to.push_back({{"CSGI-HTTP-107"}, "a client that closes behind a response is let go", afterwards({send(get("/hello")), receive(answer(200)), half_close(), end()}, {})});
  to.push_back({{"CSGI-CORE-040"}, "a client that resets behind a response harms nobody", afterwards({send(get("/hello")), receive(answer(200)), reset()}, {})});
  to.push_back({{"CSGI-EXT-012", "CSGI-CORE-040"}, "a client that resets where the app fails harms nobody",
                afterwards({send(get("/hooked?throw") + get("/throw-committed")), reset()}, {"hook 1: *", "hook 3: *"})});
}

}  // namespace

void add_disconnect_cases(cases& to) {
  add_head_cases(to);
  add_body_cases(to);
  add_waiting_cases(to);
  add_writing_cases(to);
}

}  // namespace csgi::conformance
