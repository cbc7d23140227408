// extensions.cpp - what an app finds beyond the core, and whether it does what it promises.
#include "themes.hpp"

namespace csgi::conformance {

void add_extension_cases(cases& to) {
  to.push_back({{"CSGI-EXT-001"}, "an unknown extension is absent", {send(get("/unknown-extension")), receive(answer(200).saying("absent"))}});
  to.push_back({{"CSGI-EXT-011", "CSGI-EXT-001"}, "finish hooks are offered", {send(get("/capabilities")), receive(answer(200).containing("csgi.finish_hooks\n"))}});
  to.push_back({{"CSGI-EXT-026"}, "a log is offered", {send(get("/capabilities")), receive(answer(200).containing("csgi.log_sink\n"))}});
  to.push_back({{"CSGI-EXT-029"}, "the server says who it is", {send(get("/capabilities")), receive(answer(200).containing("csgi.server_info\n"))}});
  to.push_back({{"CSGI-EXT-030"}, "the server has a name and a version", {send(get("/server")), receive(answer(200).saying("named"))}, kinds::both, "csgi.server_info"});
  to.push_back({{"CSGI-EXT-003", "CSGI-EXT-001"}, "an extension is the same each time it is asked for", {send(get("/same-extension")), receive(answer(200).saying("same"))}});
  to.push_back({{"CSGI-EXT-012", "CSGI-EXT-014", "CSGI-EXT-017", "CSGI-EXT-018", "CSGI-EXT-019"}, "hooks run once, the last first, with the outcome",
                {send(get("/hooked")), receive(answer(200).saying("12345")), noted_in_order({"hook 3: 200 5 whole", "hook 2: 200 5 whole", "hook 1: 200 5 whole"})}});
  to.push_back({{"CSGI-EXT-012", "CSGI-EXT-017", "CSGI-EXT-018"}, "hooks run when the app fails", {send(get("/hooked?throw")), receive(answer(500)), noted("hook 1: 500 *"), noted("hook 3: 500 *")}});
  to.push_back({{"CSGI-EXT-012", "CSGI-EXT-018"}, "hooks learn that a response broke off", {send(get("/hooked?abort")), receive(answer(200).broken_off()), noted("hook 1: 200 *")}});
  to.push_back({{"CSGI-EXT-013", "CSGI-EXT-015"}, "a client has its response before a hook ends",
                {send(get("/slow-hook")), receive(answer(200).saying("done")), never_noted("hook ended")}, kinds::blocking_only});
  to.push_back({{"CSGI-EXT-021", "CSGI-EXT-022", "CSGI-EXT-023"}, "parts of files mix with writes, and their descriptors may be closed at once", {send(get("/file-part") + get("/hello")), receive(answer(200).saying("<234|6789")), receive(answer(200).saying("Hello\n"))}, kinds::both, "csgi.file_sender"});
  to.push_back({{"CSGI-EXT-021"}, "a file in a response of unknown length is chunked", {send(get("/file-of-unknown-length")), receive(answer(200).saying("0123456789end"))}, kinds::both, "csgi.file_sender"});
  to.push_back({{"CSGI-EXT-021"}, "HEAD sends no bytes of a file", {send(request("HEAD", "/file-part") + get("/hello")), receive(answer(200).with("content-length", "9"), "HEAD"), receive(answer(200).saying("Hello\n"))}, kinds::both, "csgi.file_sender"});
  to.push_back({{"CSGI-EXT-024"}, "a file that is too short aborts the response", {send(get("/file-too-short")), ended(), reconnect(), noted("file: *")}, kinds::both, "csgi.file_sender"});
  to.push_back({{"CSGI-EXT-025"}, "a file that cannot be read aborts the response", {send(get("/file-unreadable")), ended(), reconnect(), noted("file: *")}, kinds::both, "csgi.file_sender"});
}

}  // namespace csgi::conformance
