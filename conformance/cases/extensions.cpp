// extensions.cpp - what an app finds beyond the core, and whether it does what it promises.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

void add_finding_cases(cases& to) {
  to.push_back({{"CSGI-EXT-001"}, "an unknown extension is absent", {send(get("/unknown-extension")), receive(answer(200).saying("absent"))}});
  to.push_back({{"CSGI-EXT-011", "CSGI-EXT-001"}, "finish hooks are offered", {send(get("/capabilities")), receive(answer(200).containing("csgi.finish_hooks\n"))}});
  to.push_back({{"CSGI-EXT-026"}, "a log is offered", {send(get("/capabilities")), receive(answer(200).containing("csgi.log_sink\n"))}});
  to.push_back({{"CSGI-EXT-029"}, "the server says who it is", {send(get("/capabilities")), receive(answer(200).containing("csgi.server_info\n"))}});
  to.push_back({{"CSGI-EXT-030"}, "the server has a name and a version", {send(get("/server")), receive(answer(200).saying("named"))}, kinds::both, "csgi.server_info"});
  to.push_back({{"CSGI-EXT-003", "CSGI-EXT-001"}, "an extension is the same each time it is asked for", {send(get("/same-extension")), receive(answer(200).saying("same"))}});
}

void add_hook_cases(cases& to) {
  const auto hooks = [&](std::vector<std::string> clauses, std::string name, std::string bytes, std::vector<step> then, const std::string& outcome) {
    std::vector<step> steps = {send(std::move(bytes))};
    steps.insert(steps.end(), then.begin(), then.end());
    steps.push_back(noted_in_order({"hook 3: " + outcome, "hook 2: " + outcome, "hook 1: " + outcome}));
    to.push_back({std::move(clauses), std::move(name), std::move(steps)});
  };
  hooks({"CSGI-EXT-012", "CSGI-EXT-014", "CSGI-EXT-017", "CSGI-EXT-018", "CSGI-EXT-019"}, "hooks run once, the last first, with the outcome", get("/hooked"), {receive(answer(200).saying("12345"))}, "200 whole 5");
  hooks({"CSGI-EXT-019"}, "hooks are told of body bytes without their framing", get("/hooked?pieces"), {receive(answer(200).saying("part12345"))}, "200 whole 9");
  hooks({"CSGI-EXT-019"}, "hooks are told of no body bytes for HEAD", request("HEAD", "/hooked"), {receive(answer(200), "HEAD")}, "200 whole 0");
  hooks({"CSGI-EXT-017", "CSGI-EXT-019"}, "hooks are told of no body bytes for 204", get("/hooked?204"), {receive(answer(204))}, "204 whole 0");
  hooks({"CSGI-EXT-012", "CSGI-EXT-017", "CSGI-EXT-018"}, "hooks are told that nothing was sent", get("/hooked?abort-early"), {end()}, "0 aborted by timed_out 0");
  to.push_back({{"CSGI-EXT-012", "CSGI-EXT-017", "CSGI-EXT-018"}, "hooks run when the app fails, and are told what was answered for it",
                {send(get("/hooked?throw")), receive(answer(500)), noted("hook 1: 500 whole *"), noted("hook 3: 500 whole *")}});
  to.push_back({{"CSGI-EXT-012", "CSGI-EXT-017", "CSGI-EXT-018", "CSGI-EXT-019"}, "hooks are told that a response broke off, and why",
                {send(get("/hooked?abort")), receive(answer(200).saying("part").broken_off()), noted("hook 1: 200 aborted by io_error *"), never_noted("hook 1: 200 aborted by io_error 5")}});
  to.push_back({{"CSGI-EXT-012", "CSGI-EXT-018"}, "hooks are told that the client has gone",
                {send(get("/hooked?stream")), receive_some("part"), reset(), reconnect(), noted("hook 1: 200 aborted by connection_reset *"), noted("hook 3: 200 aborted by connection_reset *")}});
  to.push_back({{"CSGI-EXT-013"}, "no hook runs before the app is done", {send(get("/hooked-early")), receive(answer(200).saying("done")), noted_in_order({"app", "hook"})}});
  to.push_back({{"CSGI-EXT-013"}, "no hook runs before the client can have the whole response",
                {send(get("/hooked-large?30000000")), receive_some("abc"), moment(), never_noted("over"), receive(answer(200).patterned(30'000'000)), noted("over")}});
  to.push_back({{"CSGI-EXT-015"}, "a hook of a blocking app may block, and neither its client nor others wait for it",
                {send(get("/slow-hook")), receive(answer(200).saying("done")), meanwhile(get("/hello"), answer(200)), never_noted("hook ended"),
                 meanwhile(get("/note?go-on"), answer(200)), noted("hook ended")}, kinds::blocking_only});
}

void add_file_cases(cases& to) {
  const step next = receive(answer(200).saying("Hello\n"));
  const auto file = [&](std::vector<std::string> clauses, std::string name, std::vector<step> steps) {
    to.push_back({std::move(clauses), std::move(name), std::move(steps), kinds::both, "csgi.file_sender"});
  };
  file({"CSGI-EXT-021"}, "parts of files mix with writes", {send(get("/file-part") + get("/hello")), receive(answer(200).with("content-length", "9").saying("<234|6789")), next});
  file({"CSGI-EXT-022"}, "a descriptor's own position is neither used nor moved", {send(get("/file-part")), receive(answer(200).saying("<234|6789")), noted("the position is 7")});
  file({"CSGI-EXT-023"}, "a descriptor may become another file's as soon as the file is sent", {send(get("/file-replaced")), meanwhile(get("/hello"), answer(200)), receive(answer(200).patterned(9'200'000))});
  file({"CSGI-EXT-021"}, "a file in a response of unknown length is chunked", {send(get("/file-of-unknown-length") + get("/hello")), receive(answer(200).with("transfer-encoding", "chunked").saying("0123456789end")), next});
  file({"CSGI-EXT-021"}, "a file in a response of unknown length ends an HTTP/1.0 connection", {send("GET {root}/file-of-unknown-length HTTP/1.0\r\n\r\n"), receive(answer(200).without("transfer-encoding").saying("0123456789end")), end()});
  file({"CSGI-EXT-021"}, "HEAD sends no bytes of a file", {send(request("HEAD", "/file-part") + get("/hello")), receive(answer(200).with("content-length", "9"), "HEAD"), next});
  file({"CSGI-EXT-021"}, "a file longer than the declared length is refused, and a shorter one may follow", {send(get("/file-of-length") + get("/hello")), receive(answer(200).saying("56789")), next, noted("refused")});
  file({"CSGI-EXT-021"}, "a file for HEAD is not held against the length", {send(request("HEAD", "/file-of-length") + get("/hello")), receive(answer(200).with("content-length", "5"), "HEAD"), next, noted("accepted")});
  file({"CSGI-EXT-021"}, "a 204 sends no bytes of a file", {send(get("/file-of-length?204") + get("/hello")), receive(answer(204).without("content-length")), next, noted("accepted")});
  file({"CSGI-EXT-021"}, "a 304 sends no bytes of a file", {send(get("/file-of-length?304") + get("/hello")), receive(answer(304).with("content-length", "5")), next, noted("accepted")});
  // Where the server has taken over the file, the operation has completed before the fault was found.
  file({"CSGI-EXT-024"}, "a file that is too short aborts the response", {send(get("/file-too-short") + get("/hello")), broken(), reconnect(), noted("file: *"), never_noted("file: unreadable")});
  file({"CSGI-EXT-025"}, "a file that cannot be read aborts the response", {send(get("/file-unreadable") + get("/hello")), broken(), reconnect(), noted("file: *"), never_noted("file: too short")});
}

}  // namespace

void add_extension_cases(cases& to) {
  add_finding_cases(to);
  add_hook_cases(to);
  add_file_cases(to);
}

}  // namespace csgi::conformance
