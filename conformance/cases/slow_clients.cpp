// slow_clients.cpp - clients that take or send little at a time, or nothing at all.
#include "themes.hpp"

namespace csgi::conformance {

void add_slow_client_cases(cases& to) {
  const step others = meanwhile(get("/hello"), answer(200).saying("Hello\n"));
  const auto slow = [&](std::string what, std::string_view path, std::vector<step> then) {
    std::vector<step> steps = {send(get(path)), others, slowly(), receive_some("abc"), others, receive(answer(200).patterned(20'000'000))};
    steps.insert(steps.end(), then.begin(), then.end());
    to.push_back({{"CSGI-HTTP-073", "CSGI-HTTP-104"}, "who takes " + std::move(what) + " slowly gets every byte, and others are served meanwhile", std::move(steps)});
  };
  slow("a stream", "/stream?20000000", {noted("streamed"), noted("over")});
  slow("a large body", "/hooked-large?20000000", {noted("over")});
  to.push_back({{"CSGI-EXT-021", "CSGI-HTTP-104"}, "who takes a file slowly gets every byte, and others are served meanwhile",
                {send(get("/file-replaced")), others, slowly(), receive_some("abc"), others, receive(answer(200).patterned(9'200'000))}, kinds::both, "csgi.file_sender"});
  to.push_back({{"CSGI-HTTP-103"}, "a stream that nobody takes is not written to its end",
                {send(get("/stream?40000000")), moment(), never_noted("streamed"), receive(answer(200).patterned(40'000'000)), noted("streamed")}});
  to.push_back({{"CSGI-HTTP-104"}, "a client that stops in the middle of its head keeps no other waiting",
                {send("GET {root}/hello HTTP/1.1\r\nX-Case: {key}\r\nHost:"), others, send(" probe\r\n\r\n"), receive(answer(200).saying("Hello\n"))}});
  to.push_back({{"CSGI-HTTP-104"}, "a client that stops in the middle of its body keeps no other waiting",
                {send(request("POST", "/count", "Content-Length: 6\r\n") + "abc"), noted("reading"), others, send("def"), receive(answer(200).saying("6"), "POST")}});
  to.push_back({{"CSGI-HTTP-104"}, "a client whose body nobody reads keeps no other waiting",
                {send(request("POST", "/until-gone", "Content-Length: 900000000\r\n")), flood(std::string(65'536, 'x'), 60'000'000), others, reset()}});
  to.push_back({{"CSGI-HTTP-104", "CSGI-HTTP-105"}, "a client that pipelines and takes nothing keeps no other waiting", {flood(get("/whole?20000"), 60'000'000), others, reset()}});
  std::vector<step> trickled = {send(request("POST", "/count", "Content-Length: 300\r\n")), noted("reading"), drip(std::string(150, 'a')), others, drip(std::string(150, 'b')), receive(answer(200).saying("300"), "POST")};
  to.push_back({{"CSGI-HTTP-036", "CSGI-HTTP-104"}, "a body that comes byte by byte is whole, and others are served meanwhile", std::move(trickled)});
}

}  // namespace csgi::conformance
