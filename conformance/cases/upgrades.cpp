// upgrades.cpp - connections that become streams of bytes: offered, taken, used and ended.
#include "themes.hpp"

namespace csgi::conformance {

namespace {

constexpr std::string_view offer = "Connection: Upgrade\r\nUpgrade: foo/1, Echo/9 ,bar\r\n";

std::string asking(std::string_view commands, std::string_view fields = offer) { return get("/play?" + std::string(commands), fields); }

expectation switched() {
  return answer(101).with("upgrade", "Echo/9").listing("connection", "upgrade").without("content-length").without("transfer-encoding");
}

/// The app takes the offer, and then plays that.
step stream(std::string_view commands) { return handshake(asking("upgrade:Echo/9," + std::string(commands)), switched()); }

test_case& upgrading(cases& to, std::vector<std::string> clauses, std::string name, std::vector<step> steps) {
  to.push_back({std::move(clauses), std::move(name), std::move(steps), kinds::both, "csgi.upgrade"});
  return to.back();
}

void add_offers(cases& to) {
  const auto offered = [&](std::string name, std::string bytes, const std::string& found, const std::string& method = "GET") {
    upgrading(to, {"CSGI-EXT-045"}, std::move(name), {send(std::move(bytes)), receive(answer(200).saying("find-upgrade: " + found + '\n'), method)});
  };
  offered("an upgrade may be taken where it is offered", asking("find-upgrade"), "found");
  offered("an offer's fields and tokens have no case", asking("find-upgrade", "CONNECTION: keep-alive\r\nconnection: x-thing, UPGRADE\r\nuPGRADE: foo\r\n"), "found");
  offered("an upgrade may be offered with any method", request("POST", "/play?find-upgrade", offer, "abc"), "found", "POST");
  offered("a plain request has no upgrade", get("/play?find-upgrade"), "absent");
  offered("an Upgrade that Connection does not list is no offer", asking("find-upgrade", "Upgrade: foo\r\nConnection: keep-alive\r\n"), "absent");
  offered("an Upgrade without Connection is no offer", asking("find-upgrade", "Upgrade: foo\r\n"), "absent");
  offered("a Connection: upgrade without Upgrade is no offer", asking("find-upgrade", "Connection: upgrade\r\n"), "absent");
  offered("HTTP/1.0 has no upgrade", "GET {root}/play?find-upgrade HTTP/1.0\r\nHost: probe\r\nX-Case: {key}\r\n" + std::string(offer) + "\r\n", "absent");
  const step hello = receive(answer(200).saying("Hello\n"));
  upgrading(to, {"CSGI-HTTP-114", "CSGI-HTTP-112"}, "an offer that the app does not take is answered as HTTP, and so is what follows it",
            {send(asking("find-upgrade,respond:403:no") + get("/hello", offer) + get("/hello")), receive(answer(403).after_interim(0).saying("no")), hello, hello});
  upgrading(to, {"CSGI-HTTP-114"}, "an offer reaches the app as one that it may take", {stream("write:hi,finish"), receive_text("hi"), end()});
}

void add_taken_ones(cases& to) {
  upgrading(to, {"CSGI-EXT-046"}, "the protocol is told as the client spells it, with the app's fields in their order",
            {handshake(asking("upgrade:echo/9:X-One=1:Set-Cookie=a:X-Two=2:Set-Cookie=b,phase,finish"), switched().with_in_order({{"X-One", "1"}, {"Set-Cookie", "a"}, {"X-Two", "2"}, {"Set-Cookie", "b"}})),
             end(), reconnect(), noted_in_order({"upgrade: done", "phase: committed"})});
  const std::string refused[] = {"upgrade:nobody", "upgrade:", "upgrade:Echo/9:Content-Length=5", "upgrade:Echo/9:Transfer-Encoding=chunked", "upgrade:Echo/9:Connection=close",
                                 "upgrade:Echo/9:Upgrade=x", "upgrade:Echo/9:bad%20name=1", "upgrade:Echo/9:X-Split=1%0d%0aX-Own%3a%202"};
  std::string commands;
  std::vector<std::string> outcomes;
  for (const auto& each : refused) {
    commands += each + ',';
    outcomes.push_back("upgrade: invalid_argument");
  }
  outcomes.insert(outcomes.end(), {"phase: open", "upgrade: done"});
  upgrading(to, {"CSGI-EXT-047"}, "a protocol that is not offered and fields that may not be sent are refused, and change nothing",
            {handshake(asking(commands + "phase,upgrade:Echo/9,write:hi,finish"), switched().without("x-split").without("x-own")), receive_text("hi"), end(), reconnect(), noted_in_order(outcomes)});
  upgrading(to, {"CSGI-EXT-047"}, "an upgrade once the response is committed is out of turn, and changes nothing",
            {send(asking("start,write:ab,upgrade:Echo/9,finish:cd") + get("/hello")), receive(answer(200).saying("abcd")), receive(answer(200).saying("Hello\n")), noted("upgrade: operation_not_permitted")});
  upgrading(to, {"CSGI-EXT-047"}, "a second upgrade is out of turn, and changes nothing", {stream("upgrade:Echo/9,upgrade:bar,write:hi,finish"), receive_text("hi"), end(), reconnect(), noted_in_order({"upgrade: operation_not_permitted", "upgrade: operation_not_permitted", "write: done"})});
  const auto with_body = [&](std::string name, std::string bytes) {
    upgrading(to, {"CSGI-EXT-047", "CSGI-EXT-048"}, std::move(name), {send(std::move(bytes)), receive(switched(), "POST"), receive_text("hi"), end(), reconnect(),
                                                                    noted_in_order({"upgrade: operation_not_permitted", "phase: open", "read-bytes: abc", "upgrade: done", "read-bytes: more", "write: done"})});
  };
  const std::string_view late = "/play?upgrade:Echo/9,phase,read-bytes,upgrade:Echo/9,read-bytes:4,write:hi,finish";
  with_body("an upgrade waits until the request's body is read", request("POST", late, offer, "abc") + "more");
  with_body("an upgrade waits until the request's chunked body is read", request("POST", late, std::string(offer) + "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\nmore");
}

void add_streams(cases& to) {
  const std::vector<std::string> raw = {"CSGI-EXT-048"};
  const std::string pattern_of_230 = [] {
    std::string bytes;
    while (bytes.size() < 230) bytes += "abcdefghijklmnopqrstuvw";
    return bytes;
  }();
  const std::string whole = asking("upgrade:Echo/9,read-bytes:8,write:got%20it,finish") + "at once\n";
  upgrading(to, raw, "bytes behind the request belong to the stream", {send(whole), receive(switched()), receive_text("got it"), end(), reconnect(), noted("read-bytes: at once\\x0a")});
  upgrading(to, raw, "bytes behind the request belong to the stream, cut anywhere", {send(whole), receive(switched()), receive_text("got it"), end(), reconnect(), noted("read-bytes: at once\\x0a")}).at_every_split = true;
  upgrading(to, raw, "what looks like a request in a stream is none", {stream("read-bytes:18,finish:bye"), send("GET / HTTP/1.1\r\n\r\n"), receive_text("bye"), end(), reconnect(), noted("read-bytes: GET / HTTP/1.1\\x0d\\x0a\\x0d\\x0a")});
  upgrading(to, raw, "bytes go both ways as they come", {stream("write:a,read,write:b,read,read,finish:c"), receive_text("a"), send("1"), receive_text("b"), noted("read: 1"), send({"\0\xff", 2}), noted("read: \\x00\\xff"), half_close(), receive_text("c"), end(), reconnect(), noted_in_order({"read: \\x00\\xff", "read: the end"})});
  upgrading(to, raw, "a client that has closed its sending side still receives", {stream("read-bytes,write:late,finish"), send("abc"), half_close(), receive_text("late"), end(), reconnect(), noted("read-bytes: abc")});
  upgrading(to, raw, "many bytes go both ways", {stream("read-bytes:2300000,write-pattern:230,finish:end"), send([&] {
                           std::string bytes;
                           while (bytes.size() < 2'300'000) bytes += pattern_of_230;
                           return bytes;
                         }()), receive_text(pattern_of_230 + "end"), end(), reconnect(), noted("read-bytes: 2300000 bytes of the pattern")});
  upgrading(to, raw, "a stream has no deadline for what the client sends", {stream("read,finish:bye"), meanwhile(get("/nap?900"), answer(200)), never_noted("read: *"), send("abc"), receive_text("bye"), end(), reconnect(), noted("read: abc")}).told = {{"deadline-body", "300ms"}};
  upgrading(to, raw, "a stream has no limit for what the client sends", {stream("read-bytes:2300,finish:bye"), send(std::string(2'300, 'x')), receive_text("bye"), end(), reconnect(), noted("read-bytes: 2300 bytes")}).told = {{"limit-body", "100"}};
  upgrading(to, raw, "a stream of bytes that nobody takes is not written to its end", {stream("write-pattern:40000000,finish"), moment(), never_noted("write-pattern: done"), reset()});
  upgrading(to, raw, "a stream that nobody reads is not taken from without bound", {stream("nap:3600000"), flood(std::string(65'536, 'x'), 60'000'000), reset()});
}

void add_ends(cases& to) {
  const std::vector<std::string> ended_by = {"CSGI-EXT-049"};
  upgrading(to, ended_by, "a finish closes the connection when all is sent", {stream("hook,write:abc,finish:def"), receive_text("abcdef"), end(), reconnect(), noted("outcome: 101 whole 6")});
  upgrading(to, ended_by, "a large stream is sent whole before its end", {stream("write-pattern:230,finish"), through("tuvw"), ended()});
  const auto breaks = [&](std::string name, std::string_view commands, const std::string& outcome) { upgrading(to, ended_by, std::move(name), {stream("hook,write:abc," + std::string(commands)), torn(), reconnect(), noted("outcome: 101 aborted by " + outcome)}); };
  breaks("a stream that its app ends without a finish breaks", "phase", "*");
  breaks("a stream that its app aborts breaks", "abort", "io_error *");
  breaks("a stream whose app fails breaks", "fail", "*");
}

}  // namespace

void add_upgrade_cases(cases& to) {
  add_offers(to);
  add_taken_ones(to);
  add_streams(to);
  add_ends(to);
}

}  // namespace csgi::conformance
