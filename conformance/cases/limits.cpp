// limits.cpp - limits and deadlines, a root path, a full queue: what a server is told when it starts.
#include "themes.hpp"

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

test_case told(std::vector<server_option> options, test_case c) {
  c.told = std::move(options);
  return c;
}

/// The server and its thread are this case's alone, since it holds the thread.
test_case on_own_thread(std::vector<server_option> options, test_case c) {
  options.insert(options.begin(), {"threads", "1"});
  c.own_server = true;
  return told(std::move(options), std::move(c));
}

step refusal(int status) { return receive(answer(status).with("connection", "close").with("date").with("content-length")); }

std::string padded_to(std::size_t size, const std::string& before, const std::string& after) {
  return before + std::string(size - before.size() - after.size(), 'a') + after;
}

std::string posted(std::string_view body, std::string_view fields = {}) { return request("POST", "/count", fields, body); }

std::string unfinished_post(std::string_view path, std::string_view received) {
  return "POST {root}" + std::string(path) + " HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\nContent-Length: 10\r\n\r\n" + std::string(received);
}

void add_head_limits(cases& to) {
  const std::vector<server_option> line = {{"limit-line", "300"}};
  const auto line_of = [](std::size_t size) { return padded_to(size, "GET /request/", " HTTP/1.1") + "\r\nHost: probe\r\n\r\n"; };
  to.push_back(told(line, {{"CSGI-HTTP-115"}, "a request line as long as its limit is taken", {send(line_of(300)), receive(answer({200, 404, 500}))}}));
  to.push_back(told(line, {{"CSGI-HTTP-115", "CSGI-HTTP-129", "CSGI-HTTP-130"}, "a request line one byte beyond its limit is answered 414", {send(line_of(301)), refusal(414), end()}}));
  to.push_back(told(line, {{"CSGI-HTTP-115"}, "a request line that never ends is answered 414", {send("GET {root}/" + std::string(500, 'a')), refusal(414), end()}}));
  to.push_back(told(line, {{"CSGI-HTTP-115"}, "a method that never ends is answered", {send(std::string(500, 'A')), receive(answer({400, 414, 501}).with("connection", "close")), end()}}));
  const std::string start = "GET /request HTTP/1.1\r\nHost: probe\r\nX: ";
  const auto head_of = [&](std::size_t size) { return padded_to(size, start, "\r\n\r\n"); };
  const std::vector<server_option> head = {{"limit-head", "1000"}};
  to.push_back(told(head, {{"CSGI-HTTP-116"}, "a head as large as its limit is taken", {send(head_of(1000)), receive(answer({200, 404, 500}))}}));
  to.push_back(told(head, {{"CSGI-HTTP-116", "CSGI-HTTP-129"}, "a head one byte beyond its limit is answered 431", {send(head_of(1001)), refusal(431), end()}}));
  to.push_back(told(head, {{"CSGI-HTTP-116"}, "a head that never ends is answered 431", {send(start + std::string(2'000, 'a')), refusal(431), end()}}));
  const std::vector<server_option> fields = {{"limit-fields", "3"}};
  to.push_back(told(fields, {{"CSGI-HTTP-116"}, "as many fields as the limit are taken", {send(get("/hello", "A: 1\r\n")), receive(answer(200).saying("Hello\n"))}}));
  to.push_back(told(fields, {{"CSGI-HTTP-116"}, "one field more than the limit is answered 431", {send(get("/hello", "A: 1\r\nB: 2\r\n")), refusal(431), end()}}));
}

void add_body_limits(cases& to) {
  const std::vector<server_option> body = {{"limit-body", "100"}};
  const std::string most(100, 'b');
  to.push_back(told(body, {{"CSGI-HTTP-117"}, "a length as large as the limit is taken", {send(posted(most)), receive(answer(200).saying("100"), "POST")}}));
  to.push_back(told(body, {{"CSGI-HTTP-117", "CSGI-HTTP-052"}, "a length beyond the limit is answered 413, and the body not asked for",
                           {send(request("POST", "/count", "Expect: 100-continue\r\nContent-Length: 101\r\n")), receive_text("HTTP/1.1 413"), ended(),
                            reconnect(), never_noted("reading")}}));
  const auto chunked = [](const std::string& first, const std::string& second) {
    return request("POST", "/count", "Transfer-Encoding: chunked\r\n") + "32\r\n" + first + "\r\n32\r\n" + second + "\r\n";
  };
  const std::string half(50, 'c');
  to.push_back(told(body, {{"CSGI-HTTP-118"}, "a chunked body as large as the limit is taken", {send(chunked(half, half) + "0\r\n\r\n"), receive(answer(200).saying("100"), "POST")}}));
  to.push_back(told(body, {{"CSGI-HTTP-118"}, "a chunked body that grows beyond the limit fails the read, and is answered 413",
                           {send(chunked(half, half) + "1\r\n"), receive(answer(413).with("connection", "close"), "POST"), ended(), reconnect(),
                            noted("read failed: message_size")}}));
}

void add_deadlines(cases& to) {
  const std::vector<server_option> head = {{"deadline-head", "400ms"}};
  to.push_back(told(head, {{"CSGI-HTTP-119", "CSGI-HTTP-129"}, "half a head is answered 408 when its time is over", {send("GET {root}/hello HTTP/1.1\r\nHo"), refusal(408), end()}}));
  to.push_back(told(head, {{"CSGI-HTTP-119"}, "bytes that come one by one give a head no more time",
                           {trickle("GET {root}/hello HTTP/1.1\r\nHost: probe\r\nX: " + std::string(30, 'a') + "\r\n\r\n", 50ms), refusal(408), end()}}));
  to.push_back(told(head, {{"CSGI-HTTP-119"}, "a request on a kept connection has its own time", {send(get("/hello")), receive(answer(200)), send("GET"), refusal(408), end()}}));
  const std::vector<server_option> idle = {{"deadline-idle", "400ms"}};
  const step a_while = meanwhile(get("/nap?800"), answer(200)), asks = send(get("/hello")), served = receive(answer(200));
  to.push_back(told(idle, {{"CSGI-HTTP-140"}, "the idle time is not that of a connection which was never served", {a_while, asks, served}}));
  const std::vector<server_option> first = {{"deadline-first-byte", "400ms"}};
  to.push_back(told(first, {{"CSGI-HTTP-140"}, "a connection that says nothing is closed without a word", {end()}}));
  to.push_back(told(first, {{"CSGI-HTTP-140"}, "the time for a first byte is not that of later requests", {asks, served, a_while, asks, served}}));
  to.push_back(told(idle, {{"CSGI-HTTP-120"}, "a connection that has been served is closed when it is idle for too long", {send(get("/hello")), receive(answer(200)), end()}}));
  to.push_back(told(idle, {{"CSGI-HTTP-120"}, "a request that takes longer than the idle time is served", {send(get("/nap?800")), receive(answer(200).saying("rested"))}}));
  const std::vector<server_option> body = {{"deadline-body", "800ms"}};
  to.push_back(told(body, {{"CSGI-HTTP-121", "CSGI-HTTP-122"}, "a body that stops coming fails the read, and is answered 408",
                           {send(unfinished_post("/count", "abc")), receive(answer(408).with("connection", "close"), "POST"), ended(), reconnect(), noted("read failed: timed_out")}}));
  to.push_back(told(body, {{"CSGI-HTTP-121"}, "each byte of a body begins its time anew", {send(unfinished_post("/count", "")), trickle("0123456789", 150ms), receive(answer(200).saying("10"), "POST")}}));
  to.push_back(told(body, {{"CSGI-HTTP-121"}, "what is around a body's data does not begin its time anew",
                           {send(request("POST", "/count", "Transfer-Encoding: chunked\r\n") + "1\r\nx\r\n1;"), trickle("0123456789", 150ms), receive(answer(408), "POST")}}));
  to.push_back(told({{"deadline-write", "400ms"}}, {{"CSGI-HTTP-123"}, "a client that takes nothing fails the write, and loses the connection",
                           {send(get("/stream?500000000")), noted("write failed: Connection timed out"), ended()}}));
  // Each pause is shorter than the time that a client has, all of them are longer; what is taken between them makes room.
  std::vector<step> paused = {send(get("/stream?92000000"))};
  std::string part;
  while (part.size() < 23'000'000) part += "abcdefghijklmnopqrstuvw";
  for (int i = 0; i < 3; ++i) {
    paused.push_back(receive_some(part));
    paused.push_back(meanwhile(get("/nap?1200"), answer(200)));
  }
  paused.push_back(receive(answer(200).patterned(92'000'000)));
  to.push_back(told({{"deadline-write", "3000ms"}}, {{"CSGI-HTTP-123"}, "each byte that a client takes begins its time anew", std::move(paused)}));
  to.back().through_bridges = false;      // whose writes are the server's
}

void add_app_deadline(cases& to) {
  const auto timed = [&](std::string name, std::vector<step> steps, const char* time = "400ms") {
    to.push_back(told({{"deadline-app", time}}, {{"CSGI-HTTP-124"}, std::move(name), std::move(steps)}));
  };
  timed("an app that takes too long is asked to end, and answered 503", {send(get("/nap?3600000")), receive(answer(503).with("connection", "close")), end()});
  timed("an app that waits for its body is asked to end, however the bytes come",
        {send(unfinished_post("/count", "")), trickle("012345678", 100ms), receive(answer(503), "POST"), ended(), reconnect(), noted("read failed: operation_canceled")});
  timed("a response that is streamed for too long is aborted, and seen to be", {send(get("/stream?500000000")), noted("write failed: Operation canceled"), ended()});
  timed("each request has a time of its own", {send(get("/nap?600")), receive(answer(200).saying("rested")), send(get("/nap?600")), receive(answer(200).saying("rested")), send(get("/nap?600")), receive(answer(200).saying("rested"))}, "1500ms");
}

void add_plain_paths(cases& to) {
  const std::vector<server_option> plain = {{"paths", "plain"}};
  for (const std::string path : {"/request/../hello", "/./hello", "//hello", "/request%2Fx", "/%2e%2e/hello", "/hello%5Cx", "/hello%00"}) {
    to.push_back(told(plain, {{"CSGI-HTTP-134", "CSGI-HTTP-130"}, "where only plain paths are wanted, " + path + " is answered 400",
                              {send(get(path)), receive(answer(400).with("date").with("content-length"))}}));
  }
  to.push_back(told(plain, {{"CSGI-HTTP-134"}, "where only plain paths are wanted, others are served",
                            {send(get("/request/a/.c/d..e/%41/")), receive(answer(200).containing("tail=/request/a/.c/d..e/A/\n"))}}));
}

void add_root_path(cases& to) {
  const std::vector<server_option> shop = {{"root-path", "/shop"}};
  const auto outside = [](const std::string& path) {
    return std::vector<step>{send("POST " + path + " HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n\r\n"), receive(answer(404).with("date").with("content-length"), "POST"), reconnect(), never_noted("reading")};
  };
  to.push_back(told(shop, {{"CSGI-HTTP-009", "CSGI-HTTP-008"}, "a configured root path is the app's, below it the path", {send(get("/request/x")), receive(answer(200).containing("root_path={root}\n").containing("tail=/request/x\n").containing("path={root}/request/x\n"))}}));
  to.push_back(told(shop, {{"CSGI-HTTP-009"}, "the root path is found in the decoded path", {send("GET /%73hop/hello HTTP/1.1\r\nHost: probe\r\n\r\n"), receive(answer({200, 500}))}}));
  to.push_back(told(shop, {{"CSGI-HTTP-009", "CSGI-HTTP-130"}, "a path outside the root path is answered 404", outside("/count")}));
  to.push_back(told(shop, {{"CSGI-HTTP-009"}, "a root path ends at a segment's boundary", outside("/shopping/count")}));
  to.push_back(told(shop, {{"CSGI-HTTP-009"}, "a root path has its case", outside("/Shop/count")}));
}

void add_full_house(cases& to) {
  // A thread or two and a place or two in the queue: the others cannot be taken, however the server schedules them.
  const auto crowd = [](expectation wanted) { return std::vector<step>{aside(get("/nap?60000"), 12), aside_answered(8, std::move(wanted))}; };
  to.push_back(on_own_thread({{"queue", "1"}}, {{"CSGI-HTTP-126", "CSGI-HTTP-130"}, "a request that finds threads and queue full is answered 503 at once",
                                                crowd(answer(503).with("date").with("content-length")), kinds::blocking_only}));
  to.push_back(on_own_thread({{"queue", "1"}}, {{"CSGI-HTTP-127"}, "a 503 for want of threads says when to try again", crowd(answer(503).with("retry-after")), kinds::blocking_only}));
  const std::vector<server_option> impatient = {{"deadline-queue", "400ms"}};
  to.push_back(on_own_thread(impatient, {{"CSGI-HTTP-141", "CSGI-HTTP-130"}, "a request that waits for a thread for too long is answered 503, and told when to try again",
                                         crowd(answer(503).with("retry-after").with("date").with("content-length")), kinds::blocking_only}));
  to.push_back(on_own_thread(impatient, {{"CSGI-HTTP-141"}, "a request that has its thread may take longer than others would wait for it",
                                         {send(get("/nap?1200")), receive(answer(200).saying("rested"))}, kinds::blocking_only}));
  to.push_back(on_own_thread({{"deadline-queue", "60000ms"}}, {{"CSGI-HTTP-141"}, "a request that gets its thread in time is served",
                                         {aside(get("/nap?800"), 3), send(get("/hello")), receive(answer(200).saying("Hello\n"))}, kinds::blocking_only}));
  const auto whole = [](std::string sent) { return meanwhile(std::move(sent), answer(200)); };
  test_case slow_bodies{{"CSGI-HTTP-142"}, "bodies that arrive slowly do not keep others from being served",
                        {aside(unfinished_post("/count", "abc"), 20), aside(request("POST", "/count", "Content-Length: 3\r\nExpect: 100-continue\r\n"), 20),
                         whole(get("/nap?300")), whole(get("/hello")), whole(posted("abc")), whole(get("/hello"))}};
  slow_bodies.own_server = true;
  slow_bodies.through_bridges = false;      // whose threads are their apps' until they end
  to.push_back(told({{"threads", "4"}}, std::move(slow_bodies)));
  to.push_back(on_own_thread({}, {{"CSGI-HTTP-106"}, "idle connections and heads that arrive slowly hold no thread",
                                  {aside("", 3), aside("GET {root}/hello HTTP/1.1\r\n", 3), send(get("/hello")), receive(answer(200).saying("Hello\n"))}}));
}

/// Those that the suite has asked on before, and left, may still be counted: they are fewer than the limit. What is within it
/// is served until the end of the case, so that the others are beyond it for certain.
void add_crowds(cases& to) {
  const step ask = send(get("/hello")), served = receive(answer(200).saying("Hello\n"));
  const expectation refusal = answer(503).with("retry-after").with("connection", "close").with("date").with("content-length");
  const auto crowd = [&](const char* limit, std::string name) {
    test_case c{{"CSGI-HTTP-125"}, std::move(name),
                {ask, served, aside(get("/nap?60000"), 20), aside_answered(13, refusal), ask, served}};
    c.own_server = true;
    to.push_back(told({{limit, "8"}}, std::move(c)));
  };
  crowd("limit-connections", "connections beyond the limit are answered 503, one within it is served on");
  crowd("limit-connections-per-address", "connections beyond the limit of their address are answered 503, one within it is served on");
}

void add_connection_limits(cases& to) {
  const std::vector<server_option> two = {{"limit-requests-per-connection", "2"}};
  const step within = send(get("/hello"));
  const step served = receive(answer(200).saying("Hello\n"));
  const step ended_by_it = receive(answer(200).saying("Hello\n").with("connection", "close"));
  to.push_back(told(two, {{"CSGI-HTTP-138"}, "a connection ends with as many requests as it may have", {within, served, within, ended_by_it, end()}}));
  to.push_back(told(two, {{"CSGI-HTTP-138"}, "requests in a pipeline are counted, and what is behind the last one is not served",
                          {send(get("/hello") + get("/hello") + get("/count")), served, ended_by_it, end(), reconnect(), never_noted("reading")}}));
}

void add_ends(cases& to) {
  test_case grace{{"CSGI-SERVER-018", "CSGI-HTTP-128", "CSGI-CORE-034", "CSGI-CORE-035"}, "what runs when the grace time is over is asked to end, and answered 503",
                  {send(get("/nap?3600000")), noted("napping"), stop(), receive(answer(503)), ended(), stopped()}};
  grace.own_server = true;
  to.push_back(told({{"grace", "300ms"}}, std::move(grace)));
}

}  // namespace

void add_limit_cases(cases& to) {
  add_head_limits(to);
  add_body_limits(to);
  add_deadlines(to);
  add_app_deadline(to);
  add_plain_paths(to);
  add_root_path(to);
  add_full_house(to);
  add_crowds(to);
  add_connection_limits(to);
  add_ends(to);
}

}  // namespace csgi::conformance
