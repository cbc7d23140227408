// disconnects.cpp - clients that go away, or only half of the way.
#include "themes.hpp"

namespace csgi::conformance {

void add_disconnect_cases(cases& to) {
  to.push_back({{"CSGI-HTTP-099"}, "a wait for the client's going ends with the response",
                {send(get("/gone-at-the-end")), receive(answer(200).saying("whole")), noted("canceled")}, kinds::async_only});
  to.push_back({{"CSGI-HTTP-104"}, "a client that stops in the middle of its head keeps no other waiting: the probe answers",
                {send("GET {root}/hello HTTP/1.1\r\nX-Case: {key}\r\nHost:"), never_noted("reading"), send(" probe\r\n\r\n"), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-102"}, "who has only closed its sending side still gets the response",
                {send(request("POST", "/collect", "", "last words")), half_close(), receive(answer(200).saying("last words"), "POST"), end()}});
  to.push_back({{"CSGI-HTTP-101", "CSGI-HTTP-098"}, "an app that waits learns of a closed sending side, and the body is still there",
                {send(request("POST", "/until-gone", "", "body")), half_close(), receive(answer(200).saying("farewell"), "POST"),
                 reconnect(), noted("gone"), noted("not connected"), noted("the body has 4 bytes")}});
  to.push_back({{"CSGI-HTTP-101"}, "an app that waits learns of a reset", {send(get("/until-gone")), noted("waiting"), reset(), reconnect(), noted("gone"), noted("not connected")}});
  to.push_back({{"CSGI-HTTP-098"}, "gone() ends at a closed sending side", {send(get("/until-gone")), half_close(), receive(answer(200).saying("farewell"))}, kinds::async_only});
  to.push_back({{"CSGI-HTTP-097"}, "a read that waits is ended by a reset",
                {send("POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nContent-Length: 10\r\n\r\nabc"), noted("reading"), reset(), reconnect(),
                 noted("read failed: connection_reset")}});
  to.push_back({{"CSGI-HTTP-097", "CSGI-EXT-012"}, "a write that waits is ended by a reset",
                {send(get("/stream?500000000")), through("\r\n\r\n"), reset(), reconnect(), noted("write failed: Connection reset by peer")}});
  to.push_back({{"CSGI-HTTP-113"}, "half a head never reaches the app",
                {send("POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n"), half_close(), ended(), reconnect(), never_noted("reading")}});
}

}  // namespace csgi::conformance
