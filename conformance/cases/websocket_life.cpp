// websocket_life.cpp - silent clients, stops, and what stays valid as long as a conversation.
#include "websockets.hpp"

namespace csgi::conformance {

namespace {

void add_silence(cases& to) {
  const auto pinged = [&](std::string name, std::vector<step> steps, const std::string& after = "400ms") { conversing(to, {"CSGI-WS-035"}, std::move(name), std::move(steps)).told = {{"deadline-websocket-ping", after}}; };
  const step some_ping = receive_control(opcode::ping, "*");
  pinged("a client that says nothing is pinged, and then lost", {talk("receive"), some_ping, ended(), reconnect(), noted("receive: over 1006 , unclean")});
  pinged("a client that answers pings is not lost", {talk("receive,text:hi"), some_ping, send(pong("")), some_ping, send(pong("")), some_ping, send(text("a")), receive_message(opcode::text, "hi")});
  pinged("any frame is a sign of life", {talk("receive,receive,text:hi"), some_ping, send(text("a")), some_ping, send(ping("!")), receive_control(opcode::pong, "!"), some_ping, send(text("b")), receive_message(opcode::text, "hi")});
  pinged("a client that says something from time to time is not pinged", {talk("receive,text:hi"), trickle(binary(std::string(24, 'x')), std::chrono::milliseconds(40)), receive_message(opcode::text, "hi")}, "800ms");
  pinged("no time means no ping", {talk("receive,text:hi"), moment(), silence(), send(text("a")), receive_message(opcode::text, "hi")}, "0ms");
}

test_case& stopping(cases& to, std::vector<std::string> clauses, std::string name, std::vector<step> steps, kinds for_kinds = kinds::both) {
  auto& c = conversing(to, std::move(clauses), std::move(name), std::move(steps), for_kinds);
  c.own_server = true;
  return c;
}

/// More than the buffers on the way back take.
std::string many_texts() {
  std::string all;
  while (all.size() < 20'000'000) all += text(std::string(16'000, 'x'));
  return all;
}

void add_draining(cases& to) {
  const std::vector<std::string> drained = {"CSGI-WS-036"};
  const std::vector<std::string> cancelled = {"CSGI-WS-037"};
  const step answered = send(closing(1001));
  stopping(to, drained, "an app that receives is closed with 1001 when the server drains", {talk("text:ready,receive"), receive_message(opcode::text, "ready"), stop(), receive_closing(1001, "*"), answered, end(), stopped()});
  stopping(to, drained, "an app that echoes is closed with 1001 when the server drains", {talk("echo"), send(text("hi")), receive_message(opcode::text, "hi"), stop(), receive_closing(1001, "*"), answered, end(), stopped()});
  stopping(to, drained, "an app that sends without end is closed with 1001 when the server drains", {talk("send-for-ever:1000"), slowly(), receive_pattern(opcode::binary, 1000), stop(), through_closing(1001, "*"), answered, end(), stopped()}, kinds::async_only);
  stopping(to, drained, "messages that were sent before the server drains arrive", {talk("pattern:5000000,receive"), moment(), stop(), receive_pattern(opcode::binary, 5'000'000), receive_closing(1001, "*"), answered, end(), stopped()});
  stopping(to, drained, "nothing is sent behind the close when the server drains", {talk("echo"), send(many_texts()), stop(), through_closing(1001, "*"), answered, end(), stopped()});
  // The notice is waited for before the client knows that it is.
  const auto noticing = [&](std::string name, const std::string& commands, std::vector<step> then) {
    std::vector<step> steps = {talk("begin-drains,text:ready," + commands), receive_message(opcode::text, "ready"), stop()};
    steps.insert(steps.end(), then.begin(), then.end());
    stopping(to, drained, std::move(name), std::move(steps), kinds::async_only).through_bridges = false;
  };
  noticing("an app that waits for the notice says farewell itself", "end-drains,text:farewell,close:4000:bye", {receive_message(opcode::text, "farewell"), receive_closing(4000, "bye"), send(closing(4000)), end(), stopped()});
  noticing("an app that waits for the notice goes on until it ends", "end-drains,text:draining,receive,receive,text:farewell", {receive_message(opcode::text, "draining"), send(text("a")), silence(), send(text("b")), receive_message(opcode::text, "farewell"), receive_closing(1000, "*"), send(closing(1000)), end(), stopped()});
  noticing("an app that has waited for the notice goes on until the client ends it", "end-drains,echo", {refuses(), send(text("hi")), receive_message(opcode::text, "hi"), silence(), send(closing(1000)), receive_closing(1000, "*"), end(), stopped()});
  const std::vector<server_option> short_grace = {{"grace", "500ms"}};
  stopping(to, cancelled, "a client that does not close does not keep the server longer than the grace time", {talk("text:ready,receive"), receive_message(opcode::text, "ready"), stop(), receive_closing(1001, "*"), ended(), stopped()}).told = short_grace;
  auto& over_grace = stopping(to, cancelled, "an app that goes on receiving is ended by the grace time's end", {talk("begin-drains,text:ready,end-drains,text:draining,receive"), receive_message(opcode::text, "ready"), stop(), receive_message(opcode::text, "draining"), receive_closing(1001, "*"), ended(), stopped()}, kinds::async_only);
  over_grace.told = short_grace;
  over_grace.through_bridges = false;
  stopping(to, cancelled, "an app that sends is ended by a second stop", {talk("send-for-ever:65536"), moment(), stop(), refuses(), stop(), ended(), stopped()});
  stopping(to, cancelled, "an app that sleeps is ended by a second stop, and the client told", {talk("text:ready,nap:3600000"), receive_message(opcode::text, "ready"), stop(), refuses(), stop(), receive_closing(1001, "*"), ended(), stopped()});
  stopping(to, cancelled, "an app that has closed and waits for the client is ended by a second stop", {talk("close:4000:bye"), receive_closing(4000, "bye"), stop(), refuses(), stop(), end(), stopped()});
}

void add_views(cases& to) {
  const std::string large = binary(std::string(300'000, 'x'));
  conversing(to, {"CSGI-WS-038"}, "the request stays as it is until the conversation is over",
             {handshake(opening("/play?accept,head,receive,head,receive,receive,head", "X-Kept: a value of its own\r\n"), accepted()), send(large + text("a") + closing(1000)), receive_closing(1000, "*"), end(), reconnect(),
              noted_in_order({"head: GET /play a value of its own", "receive: binary 300000 bytes", "head: GET /play a value of its own", "receive: text a", "receive: over 1000 , clean", "head: GET /play a value of its own"})});
}

}  // namespace

void add_websocket_life_cases(cases& to) {
  add_silence(to);
  add_draining(to);
  add_views(to);
}

}  // namespace csgi::conformance
