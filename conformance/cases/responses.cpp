// responses.cpp - how the bytes that an app writes look on the wire.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

std::string old(std::string_view path, std::string_view fields = {}) {
  return "GET {root}" + std::string(path) + " HTTP/1.0\r\nX-Case: {key}\r\n" + std::string(fields) + "\r\n";
}

std::string head(std::string_view path) { return request("HEAD", path); }

const step next = receive(answer(200).saying("Hello\n"));

void add_framing_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-076"}, "a whole body gets a length", {send(get("/hello")), receive(answer(200).with("content-length", "6").without("transfer-encoding").saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-076"}, "no body gets a length of 0", {send(get("/own-date") + get("/hello")), receive(answer(200).with("content-length", "0").without("transfer-encoding")), next}});
  to.push_back({{"CSGI-HTTP-077", "CSGI-HTTP-066", "CSGI-HTTP-073"}, "writes of unknown length are chunked, and end once",
                {send(get("/pieces") + get("/hello")), receive(answer(200).with("transfer-encoding", "chunked").without("content-length").saying("one,two,three")), next}});
  to.push_back({{"CSGI-HTTP-066", "CSGI-HTTP-077"}, "neither an empty write nor a flush ends a chunked body",
                {send(get("/empty-flushes") + get("/hello")), receive(answer(200).with("transfer-encoding", "chunked").saying("one,two")), next}});
  to.push_back({{"CSGI-HTTP-078"}, "in HTTP/1.0 the connection's end is the body's",
                {send(old("/pieces")), receive(answer(200).with("connection", "close").without("transfer-encoding").without("content-length").saying("one,two,three"))}});
  to.push_back({{"CSGI-HTTP-079"}, "a declared length frames the body",
                {send(get("/declared") + get("/hello")), receive(answer(200).with("content-length", "10").without("transfer-encoding").saying("0123456789")), next}});
  to.push_back({{"CSGI-HTTP-080", "CSGI-CORE-039"}, "bytes beyond the declared length are refused, and the right ones may follow",
                {send(get("/too-much") + get("/hello")), receive(answer(200).saying("five!")), next, noted("refused")}});
  to.push_back({{"CSGI-HTTP-081", "CSGI-HTTP-094", "CSGI-CORE-047"}, "a body short of its length breaks the connection, and the app is told",
                {send(get("/too-little") + get("/hello")), broken(), reconnect(), noted("refused"), noted("phase aborted")}});
  std::string letters;
  for (char letter = 'a'; letter <= 'j'; ++letter) letters.append(400'000, letter);
  to.push_back({{"CSGI-HTTP-074", "CSGI-HTTP-073"}, "a buffer may be used again after each write",
                {send(get("/reused-buffer?400000")), meanwhile(get("/hello"), answer(200)), receive(answer(200).saying(std::move(letters)))}});
  to.push_back({{"CSGI-HTTP-075"}, "a block is sent without another call",
                {send(request("POST", "/block-by-block", "Content-Length: 1\r\n")), receive_some("first"), send("x"), receive(answer(200).saying("firstx"), "POST")}});
  to.push_back({{"CSGI-HTTP-075"}, "a finished response does not wait for the next one's app",
                {send(get("/hello") + get("/until-gone")), receive(answer(200).saying("Hello\n")), silence()}});
  to.push_back({{"CSGI-HTTP-073"}, "a large body arrives whole", {send(get("/whole?5000000")), receive(answer(200).with("content-length", "5000000").patterned(5'000'000))}});
  to.push_back({{"CSGI-HTTP-073"}, "a long stream arrives whole", {send(get("/stream?20000000")), receive(answer(200).patterned(20'000'000)), noted("streamed")}});
  to.push_back({{"CSGI-HTTP-073", "CSGI-CORE-021"}, "ten thousand small writes are no trouble, through bridges neither", {send(get("/many-writes?10000")), receive(answer(200).saying(std::string(10'000, 'x')))}});
  to.push_back({{"CSGI-HTTP-073", "CSGI-CORE-021"}, "a hundred thousand small writes are no trouble", {send(get("/many-writes?100000")), receive(answer(200).saying(std::string(100'000, 'x')))}});
  to.back().through_bridges = false;        // each is two changes of threads there
}

void add_bodiless_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-084", "CSGI-HTTP-089"}, "HEAD has no body, and the connection goes on", {send(head("/hello") + get("/hello")), receive(answer(200), "HEAD"), next}});
  to.push_back({{"CSGI-HTTP-085"}, "HEAD keeps status and fields", {send(head("/fields")), receive(answer(200).with_in_order({{"Set-Cookie", "a=1"}, {"x-one", "first"}, {"Set-Cookie", "b=2"}}), "HEAD")}});
  to.push_back({{"CSGI-HTTP-085"}, "HEAD keeps the length that the app declares", {send(head("/declared")), receive(answer(200).with("content-length", "10"), "HEAD"), silence()}});
  to.push_back({{"CSGI-HTTP-085", "CSGI-HTTP-084"}, "HEAD may declare what it does not write", {send(head("/declared-only") + get("/hello")), receive(answer(200).with("content-length", "10"), "HEAD"), next}});
  to.push_back({{"CSGI-HTTP-084"}, "what is written for HEAD is not held against the length, when it is too much",
                {send(head("/too-much") + get("/hello")), receive(answer(200).with("content-length", "5"), "HEAD"), next, noted("accepted")}});
  to.push_back({{"CSGI-HTTP-084"}, "what is written for HEAD is not held against the length, when it is too little",
                {send(head("/too-little") + get("/hello")), receive(answer(200).with("content-length", "9"), "HEAD"), next, noted("accepted")}});
  to.push_back({{"CSGI-HTTP-086"}, "HEAD tells the length that GET has", {send(head("/hello")), receive(answer(200).with("content-length", "6"), "HEAD")}});
  to.push_back({{"CSGI-HTTP-084", "CSGI-HTTP-089"}, "HEAD of a stream has no last chunk", {send(head("/pieces") + get("/hello")), receive(answer(200), "HEAD"), next}});
  to.push_back({{"CSGI-HTTP-084"}, "HEAD of a long stream has no bytes", {send(head("/stream?3000000") + get("/hello")), receive(answer(200), "HEAD"), next, noted("streamed")}});
  to.push_back({{"CSGI-HTTP-087", "CSGI-HTTP-089"}, "204 has neither length nor body",
                {send(get("/status?204") + get("/hello")), receive(answer(204).without("content-length").without("transfer-encoding")), next}});
  to.push_back({{"CSGI-HTTP-087", "CSGI-HTTP-089"}, "204 has no length that the app declares either, and takes any number of bytes",
                {send(get("/too-much?204") + get("/hello")), receive(answer(204).without("content-length").without("transfer-encoding")), next, noted("accepted")}});
  to.push_back({{"CSGI-HTTP-088", "CSGI-HTTP-089"}, "304 has no body, and no length is added",
                {send(get("/status?304") + get("/hello")), receive(answer(304).without("transfer-encoding").without("content-length")), next}});
  to.push_back({{"CSGI-HTTP-088"}, "304 keeps a declared length", {send(get("/declared-only?304") + get("/hello")), receive(answer(304).with("content-length", "10")), next}});
  to.push_back({{"CSGI-HTTP-088"}, "304 takes any number of bytes",
                {send(get("/too-much?304") + get("/hello")), receive(answer(304).with("content-length", "5").without("transfer-encoding")), next, noted("accepted")}});
  to.push_back({{"CSGI-HTTP-087", "CSGI-HTTP-088", "CSGI-HTTP-089"}, "responses without bodies in a row",
                {send(head("/hello") + get("/status?204") + head("/status?304") + get("/status?304") + head("/pieces") + get("/hello")), receive(answer(200), "HEAD"),
                 receive(answer(204)), receive(answer(304), "HEAD"), receive(answer(304)), receive(answer(200), "HEAD"), next}});
}

}  // namespace

void add_response_cases(cases& to) {
  add_framing_cases(to);
  add_bodiless_cases(to);
}

}  // namespace csgi::conformance
