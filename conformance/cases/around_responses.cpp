// around_responses.cpp - what is said before a response and behind it, and what is known of both.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

constexpr const char* first_hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nlink: </b.js>\r\n\r\n";

void add_informational_cases(cases& to) {
  const auto hinted = [&](std::vector<std::string> clauses, std::string name, std::vector<step> steps) {
    to.push_back({std::move(clauses), std::move(name), std::move(steps), kinds::both, "csgi.informational"});
  };
  const std::string http_1_0 = "GET {root}/hinting HTTP/1.0\r\nX-Case: {key}\r\n\r\n";
  hinted({"CSGI-EXT-051", "CSGI-HTTP-083"}, "informational responses are sent at once, before the response",
         {send(request("POST", "/hinting", "Content-Length: 1\r\n")), receive_text(first_hints), send("x"),
          receive_text("HTTP/1.1 199 \r\nX-Progress: 2\r\n\r\n"), receive(answer(200).saying("hinted"), "POST"), noted("still open")});
  hinted({"CSGI-EXT-051"}, "an informational response leaves a head that was started as it was",
         {send(get("/hinting-late")), receive_text("HTTP/1.1 102 Processing\r\n\r\n"), receive(answer(201).with("x-started", "before").saying("late"))});
  hinted({"CSGI-EXT-050", "CSGI-HTTP-083"}, "a client of HTTP/1.0 gets no informational response",
         {send(http_1_0), receive(answer(200).after_interim(0).saying("hinted"))});
  hinted({"CSGI-EXT-050"}, "a client of HTTP/1.0 has no informational responses",
         {send("GET {root}/informational HTTP/1.0\r\nX-Case: {key}\r\n\r\n"), receive(answer(200).saying("absent"))});
  std::vector<step> refused = {send(get("/bad-hints")), receive(answer(200).after_interim(0).saying("committed"))};
  for (const char* what : {"status 0", "status 99", "status 100", "status 101", "status 200", "status 600", "a length", "a field of the connection", "a line end", "no name"})
    refused.push_back(noted(std::string(what) + ": invalid_argument"));
  refused.push_back(noted("too late: operation_not_permitted"));
  hinted({"CSGI-EXT-052"}, "what may not be sent as informational is refused", std::move(refused));
}

void add_trailer_cases(cases& to) {
  const std::string chunked = "POST {root}/trailers HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto received = [&](std::string name, std::string body, std::string told) {
    to.push_back({{"CSGI-HTTP-050"}, std::move(name), {send(chunked + body), receive(answer(200).saying(std::move(told)), "POST")},
                  kinds::both, "csgi.request_trailers"});
  };
  received("request trailers are there behind the body, and not before", "3\r\nabc\r\n0\r\nX-Sum: 6\r\nx-sum:\t7 \r\n\r\n", "before:\nbody\nbehind:\nX-Sum=6\nx-sum=7\n");
  received("a chunked body without trailers has none", "3\r\nabc\r\n0\r\n\r\n", "before:\nbody\nbehind:\n");
  const auto sent = [&](std::vector<std::string> clauses, std::string name, std::vector<step> steps) {
    to.push_back({std::move(clauses), std::move(name), std::move(steps), kinds::both, "csgi.response_trailers"});
  };
  const step next = receive(answer(200).saying("Hello\n"));
  sent({"CSGI-HTTP-082", "CSGI-EXT-055"}, "trailers follow the last chunk, and are announced",
       {send(get("/trailing?pieces") + get("/hello")), through("\r\nTrailer: X-Sum, X-Unset\r\n"), through("\r\n0\r\nX-Sum: 1\r\nx-sum: not asked for\r\n\r\n"), next});
  sent({"CSGI-HTTP-082", "CSGI-EXT-055"}, "trailers have a body sent in chunks that is known whole",
       {send(get("/trailing", "TE: deflate, Trailers\r\n") + get("/hello")), through("\r\n\r\n5\r\nwhole\r\n0\r\nX-Sum: 1\r\nx-sum: wanted\r\n\r\n"), next});
  for (const char* request : {"GET {root}/trailers-for HTTP/1.0\r\nX-Case: {key}\r\n\r\n", "HEAD {root}/trailers-for HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n\r\n"})
    sent({"CSGI-EXT-053"}, std::string(request).substr(0, 4) == "HEAD" ? "there are no trailers for HEAD" : "there are no trailers for HTTP/1.0",
         {send(request), receive(answer(200), std::string(request).substr(0, 4) == "HEAD" ? "HEAD" : "GET"), noted("absent")});
  std::vector<step> refused = {send(get("/bad-trailers")), through("\r\nTrailer: X-A\r\n"), through("\r\n0\r\nx-a: 1\r\n\r\n")};
  for (const char* name : {"Content-Length", "transfer-encoding", "Host", "Authorization", "Set-Cookie", "Content-Type", "a b", ""})
    refused.push_back(noted("announcing " + std::string(name) + ": invalid_argument"));
  for (const char* note : {"announcing X-A: invalid_argument", "announcing X-A: done", "starting with a length: invalid_argument", "announcing X-Late: operation_not_permitted"})
    refused.push_back(noted(note));
  sent({"CSGI-EXT-054"}, "what may not be announced is refused", refused);
  sent({"CSGI-EXT-055"}, "what may not be set is refused",
       {send(get("/bad-trailers")), through("\r\n0\r\nx-a: 1\r\n\r\n"), noted("setting what was not announced: invalid_argument"),
        noted("setting a line end: invalid_argument"), noted("setting what was announced: done"), noted("setting too late: operation_not_permitted")});
}

// Behind as_blocking a coroutine has the exchange of a blocking app, and so nothing that is buffered.
void add_buffer_cases(cases& to) {
  const auto buffered = [&](std::vector<std::string> clauses, std::string name, kinds of, std::vector<step> steps) {
    to.push_back({std::move(clauses), std::move(name), std::move(steps), of, "csgi.response_buffer"});
    to.back().through_bridges = false;
  };
  buffered({"CSGI-EXT-056", "CSGI-EXT-057"}, "no more than the mark is buffered, and nothing once the client has all of it", kinds::async_only,
           {send(get("/fill?20000")), noted("some was buffered"), receive(answer(200)), noted("the mark is 20000"), noted("within the mark"), noted("left: 0")});
  buffered({"CSGI-EXT-056"}, "what a blocking app has written is not buffered", kinds::blocking_only,
           {send(get("/fill?20000")), receive(answer(200)), noted("the mark is 0"), noted("nothing was buffered"), noted("left: 0")});
  buffered({"CSGI-EXT-057"}, "a mark is its exchange's own", kinds::async_only,
           {send(get("/fill?5000") + get("/mark")), noted("some was buffered"), receive(answer(200)), receive(answer(200)), noted("the mark is 5000"), noted("another mark")});
  buffered({"CSGI-EXT-058"}, "a wait for the buffer is the one of its kind, and ends with what was buffered", kinds::async_only,
           {send(get("/drained-twice")), noted("first: pending"), noted("second: operation_in_progress"), receive(answer(200)), noted("ended: done")});
  buffered({"CSGI-EXT-058"}, "who waits for the buffer learns that the client is gone", kinds::async_only,
           {send(get("/drained-twice")), noted("first: pending"), reset(), reconnect(), noted("ended: connection_reset")});
}

}  // namespace

void add_around_response_cases(cases& to) {
  add_informational_cases(to);
  add_trailer_cases(to);
  add_buffer_cases(to);
  to.push_back({{"CSGI-EXT-059"}, "a request has a number, and a time at which it was received", {send(get("/numbered")), receive(answer(200)), noted("recent")}, kinds::both, "csgi.request_info"});
  to.push_back({{"CSGI-EXT-059"}, "the numbers of requests grow along a connection",
                {send(get("/numbered")), receive(answer(200)), send(get("/numbered")), receive(answer(200)), noted("greater"), never_noted("not greater")}, kinds::both, "csgi.request_info"});
  to.push_back({{"CSGI-EXT-060"}, "nothing is said of an encryption that there is not", {send(get("/tls")), receive(answer(200).saying("absent"))}});
}

}  // namespace csgi::conformance
