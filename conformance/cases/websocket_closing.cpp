// websocket_closing.cpp - how a conversation ends, by whom, and what both are told of it.
#include "websockets.hpp"

namespace csgi::conformance {

namespace {

void add_closes_of_apps(cases& to) {
  for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 1012u, 1013u, 1014u, 3000u, 3999u, 4000u, 4999u})
    conversing(to, {"CSGI-WS-026", "CSGI-WS-030"}, "an app may close with " + std::to_string(code),
               {talk("close:" + std::to_string(code) + ":bye,end"), receive_closing(code, "bye"), send(closing(code, "ok")), end(), reconnect(), noted_in_order({"close: done", "end: over " + std::to_string(code) + " ok, clean"})});
  const std::string most(123, 'r');
  conversing(to, {"CSGI-HTTP-124"}, "a conversation may last longer than a request",
             {talk("echo"), meanwhile(get("/nap?3600000"), answer(503)), send(text("still here")), receive_message(opcode::text, "still here")}).told = {{"deadline-app", "400ms"}};
  conversing(to, {"CSGI-WS-026"}, "a reason of 123 bytes is sent whole", {talk("close:1000:" + most), receive_closing(1000, most)});
  conversing(to, {"CSGI-WS-026"}, "a reason is sent as UTF-8", {talk("close:1000:%e2%82%ac"), receive_closing(1000, "\xe2\x82\xac")});
  conversing(to, {"CSGI-WS-026"}, "a close waits until the client has closed", {talk("close:4000:bye,end"), receive_closing(4000, "bye"), moment(), never_noted("close: done"), send(closing(4000)), end(), reconnect(), noted_in_order({"close: done", "end: over 4000 , clean"})});
  conversing(to, {"CSGI-WS-026"}, "messages and pings that a client sends before it closes, too, are dropped", {talk("close,end"), receive_closing(1000, "*"), send(text("a") + begun_binary("b")), send(last(std::string(300'000, 'c')) + pong("?") + closing(1000)), end(), reconnect(), noted_in_order({"close: done", "end: over 1000 , clean"})});
  conversing(to, {"CSGI-WS-026"}, "much that a client sends before it closes, too, is dropped", {talk("close,end"), receive_closing(1000, "*"), send(binary(std::string(20'000'000, 'x')) + closing(1000)), end(), reconnect(), noted_in_order({"close: done", "end: over 1000 , clean"})});
  conversing(to, {"CSGI-WS-030"}, "of both sides that close, the client's code and reason count", {talk("close:4000:mine,end,receive"), receive_closing(4000, "mine"), send(closing(4001, "yours")), end(), reconnect(), noted_in_order({"end: over 4001 yours, clean", "receive: over 4001 yours, clean"})});
  conversing(to, {"CSGI-WS-030"}, "a client may close without a code after the app did with one", {talk("close:4000:mine,end"), receive_closing(4000, "mine"), send(closing_without_code()), end(), reconnect(), noted("end: over 1005 , clean")});
  conversing(to, {"CSGI-WS-026", "CSGI-WS-030"}, "a client that leaves while it should close ends the close", {talk("close:4000:mine,end"), receive_closing(4000, "mine"), half_close(), end(), reconnect(), noted_in_order({"close: done", "end: over 4000 mine, unclean"})});
  conversing(to, {"CSGI-WS-026", "CSGI-WS-030"}, "a client that resets while it should close ends the close", {talk("close:4000:mine,end"), receive_closing(4000, "mine"), reset(), reconnect(), noted_in_order({"close: done", "end: over 4000 mine, unclean"})});
  const auto impatient = [&](std::vector<std::string> clauses, std::string name, std::vector<step> steps) { conversing(to, std::move(clauses), std::move(name), std::move(steps)).told = {{"deadline-websocket-close", "400ms"}}; };
  impatient({"CSGI-WS-026", "CSGI-WS-030"}, "a client that does not close is waited for no longer than its time", {talk("close:4000:bye,end"), receive_closing(4000, "bye"), end(), reconnect(), noted_in_order({"close: done", "end: over 4000 bye, unclean"})});
  impatient({"CSGI-WS-026"}, "a client that goes on sending instead of closing gets no more time", {talk("close,end"), receive_closing(1000, "*"), trickle(std::string(200, 'x'), std::chrono::milliseconds(50)), ended(), reconnect(), noted_in_order({"close: done", "end: over 1000 , unclean"})});
  impatient({"CSGI-WS-032"}, "a client that does not close after the app has ended is waited for no longer than its time", {talk("text:hi"), receive_message(opcode::text, "hi"), receive_closing(1000, "*"), end()});
  const std::string bad = "invalid_argument";
  std::string commands;
  std::vector<std::string> outcomes;
  for (const unsigned code : {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1999u, 2000u, 2999u, 5000u, 65'535u}) {
    commands += "close:" + std::to_string(code) + ',';
    outcomes.push_back("close: " + bad);
  }
  commands += "close:1000:%ff,close:1000:ab%c3,close:1000:" + most + "r,";
  outcomes.insert(outcomes.end(), {"close: " + bad, "close: " + bad, "close: " + bad, "text: done"});
  conversing(to, {"CSGI-WS-027"}, "codes and reasons that may not be sent are refused, and nothing of them is", {talk(commands + "text:still,close:4000"), noted_in_order(outcomes), receive_message(opcode::text, "still"), receive_closing(4000, "")});
}

void add_closes_of_clients(cases& to) {
  for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 1012u, 1013u, 1014u, 3000u, 3999u, 4000u, 4999u})
    conversing(to, {"CSGI-WS-028", "CSGI-WS-030"}, "a client may close with " + std::to_string(code),
               {talk("receive"), send(closing(code, "bye")), receive_closing(code, "*"), end(), reconnect(), noted("receive: over " + std::to_string(code) + " bye, clean")});
  const std::string most(123, 'r');
  conversing(to, {"CSGI-WS-028", "CSGI-WS-030"}, "a client may close without a code", {talk("receive"), send(closing_without_code()), receive_closing(0, ""), end(), reconnect(), noted("receive: over 1005 , clean")});
  conversing(to, {"CSGI-WS-030"}, "a client's reason may have 123 bytes", {talk("echo,end"), send(closing(1000, most)), receive_closing(1000, "*"), end(), reconnect(), noted("end: over 1000 123 bytes, clean")});
  conversing(to, {"CSGI-WS-030"}, "a client's reason is UTF-8", {talk("receive"), send(closing(1000, "\xe2\x82\xac")), receive_closing(1000, "*"), end(), reconnect(), noted("receive: over 1000 \\xe2\\x82\\xac, clean")});
  const auto cut = [&](std::string name, const std::string& bytes, unsigned code, const std::string& told) {
    conversing(to, {"CSGI-WS-028", "CSGI-WS-030"}, name + ", cut anywhere", {talk("receive"), send(bytes), receive_closing(code, "*"), end(), reconnect(), noted("receive: over " + told + ", clean")}).at_every_split = true;
    conversing(to, {"CSGI-WS-028", "CSGI-WS-030"}, name + ", byte by byte", {talk("receive"), drip(bytes), receive_closing(code, "*"), end(), reconnect(), noted("receive: over " + told + ", clean")});
  };
  cut("a close with a reason", closing(1001, "bye"), 1001, "1001 bye");
  cut("a close without a code", closing_without_code(), 0, "1005 ");
  conversing(to, {"CSGI-WS-028"}, "a close within a message is one", {talk("receive"), send(begun_text("abc") + closing(1000)), receive_closing(1000, "*"), end(), reconnect(), noted("receive: over 1000 , clean")});
  conversing(to, {"CSGI-WS-029"}, "messages before a close are received, and then once that it is over",
             {talk("await:go,receive,receive,receive,receive-part,receive"), send(text("a") + binary("b") + closing(3000, "bye")), note_go, receive_closing(3000, "*"), end(), reconnect(),
              noted_in_order({"receive: text a", "receive: binary b", "receive: over 3000 bye, clean", "receive-part: operation_not_permitted", "receive: operation_not_permitted"})});
  conversing(to, {"CSGI-WS-029"}, "that it is over is told to a receive that waits, or to the next one, and once",
             {talk("receive,receive,end"), send(closing(1000)), receive_closing(1000, "*"), end(), reconnect(), noted_in_order({"receive: over 1000 , clean", "receive: operation_not_permitted", "end: over 1000 , clean"})});
  conversing(to, {"CSGI-WS-029"}, "who has closed is told that it is over, once",
             {talk("close,receive,receive"), receive_closing(1000, "*"), send(closing(1000)), end(), reconnect(), noted_in_order({"close: done", "receive: over 1000 , clean", "receive: operation_not_permitted"})});
  conversing(to, {"CSGI-WS-029"}, "that the connection is lost is told once",
             {talk("receive,receive"), half_close(), noted_in_order({"receive: over 1006 , unclean", "receive: operation_not_permitted"})});
  conversing(to, {"CSGI-WS-029", "CSGI-WS-030"}, "messages before a client's going are received, too", {talk("await:go,receive,receive,receive"), send(text("a") + binary("b")), half_close(), note_go, noted_in_order({"receive: text a", "receive: binary b", "receive: over 1006 , unclean"}), end()});
  conversing(to, {"CSGI-WS-031"}, "once the client has closed, sends fail, and a close does nothing", {talk("receive,text:x,binary:x,close:4000,end"), send(closing(1000)), receive_closing(1000, "*"), end(), reconnect(), noted_in_order({"receive: over 1000 , clean", "text: connection_reset", "binary: connection_reset", "close: done", "end: over 1000 , clean"})});
  conversing(to, {"CSGI-WS-031"}, "once the app has closed, sends fail", {talk("close,text:x,binary:x,receive"), receive_closing(1000, "*"), send(closing(1000)), end(), reconnect(), noted_in_order({"close: done", "text: connection_reset", "binary: connection_reset", "receive: over 1000 , clean"})});
  const auto lost = [&](std::string name, step how) {
    std::vector<step> steps = {talk("hook,receive,text:x,end"), std::move(how)};
    if (steps.back().what == step::kind::reset) steps.push_back(reconnect());
    steps.insert(steps.end(), {noted_in_order({"receive: over 1006 , unclean", "text: connection_reset", "end: over 1006 , unclean"}), noted("outcome: 101 aborted by connection_reset 0")});
    conversing(to, {"CSGI-WS-030", "CSGI-WS-031", "CSGI-WS-034"}, std::move(name), std::move(steps));
  };
  lost("a client that resets is lost", reset());
  lost("a client that leaves without a close is lost", half_close());
  conversing(to, {"CSGI-WS-031"}, "a client that resets ends what is being sent", {talk("send-for-ever:65536,receive"), moment(), reset(), reconnect(), noted_in_order({"send-for-ever: connection_reset", "receive: over 1006 , unclean"})});
  conversing(to, {"CSGI-WS-033"}, "what a client sends behind its close is ignored", {talk("hook,receive,receive"), send(closing(1000) + text("late") + ping("?") + "garbage" + closing(3000)), receive_closing(1000, "*"), end(), reconnect(), noted_in_order({"receive: over 1000 , clean", "receive: operation_not_permitted"}), noted("outcome: 101 whole 0")});
  conversing(to, {"CSGI-WS-033"}, "much that a client sends behind its close is ignored", {talk("receive"), send(closing(1000) + binary(std::string(3'000'000, 'x'))), receive_closing(1000, "*"), end(), reconnect(), noted("receive: over 1000 , clean")});
}

void add_ends_of_apps(cases& to) {
  conversing(to, {"CSGI-WS-032", "CSGI-WS-034"}, "an app that ends without a close has it closed with 1000", {talk("hook,text:hi"), receive_message(opcode::text, "hi"), receive_closing(1000, "*"), send(closing(1000)), end(), reconnect(), noted("outcome: 101 whole 2")});
  conversing(to, {"CSGI-WS-032"}, "an app that ends at once has it closed with 1000", {talk("phase"), receive_closing(1000, "*"), send(text("a") + closing(1000)), end()});
  conversing(to, {"CSGI-WS-032"}, "an app that fails has it closed with 1011", {talk("text:hi,fail"), receive_message(opcode::text, "hi"), receive_closing(1011, ""), send(closing(1011)), end()});
  conversing(to, {"CSGI-WS-032"}, "an app that fails at once has it closed with 1011", {talk("fail"), receive_closing(1011, ""), send(closing(1011)), end()});
  conversing(to, {"CSGI-WS-032"}, "an app that fails where it has closed changes nothing", {talk("close:4000:bye,fail"), receive_closing(4000, "bye"), send(closing(4000)), end()});
  conversing(to, {"CSGI-WS-032"}, "an app that ends within a message has it closed", {talk("text-part:hi"), receive_text("\x01\x02hi"), receive_text({"\x88\x02\x03\xe8", 4}), send(closing(1000)), end()});
  conversing(to, {"CSGI-WS-032"}, "an app that ends without having received has it closed, and nothing of what came is a message", {talk("await:go"), send(text("a") + binary(std::string(100'000, 'x'))), note_go, receive_closing(1000, "*"), send(closing(1000)), end()});
  conversing(to, {"CSGI-WS-026", "CSGI-WS-032"}, "messages that were sent before a close leave before it", {talk("pattern:10000000,text:end"), receive_pattern(opcode::binary, 10'000'000), receive_message(opcode::text, "end"), receive_closing(1000, "*"), send(closing(1000)), end()});
  const auto outcome = [&](std::string name, std::vector<step> steps, std::string how) {
    steps.insert(steps.end(), {reconnect(), noted("outcome: " + std::move(how))});
    conversing(to, {"CSGI-WS-034"}, std::move(name), std::move(steps));
  };
  outcome("hooks are told of messages without their framing", {talk("hook,text:hello,binary:abc,text-part:,text:d,echo"), receive_message(opcode::text, "hello"), receive_message(opcode::binary, "abc"), receive_message(opcode::text, "d"), send(text("ef") + ping("?") + closing(1000)), receive_message(opcode::text, "ef"), receive_control(opcode::pong, "?"), receive_closing(1000, "*"), end()}, "101 whole 11");
  outcome("hooks are told that an app's close was answered", {talk("hook,text:hi,close"), receive_message(opcode::text, "hi"), receive_closing(1000, "*"), send(closing(1000)), end()}, "101 whole 2");
  outcome("hooks are told that an app's close was not answered", {talk("hook,close"), receive_closing(1000, "*"), half_close(), end()}, "101 aborted by *");
  outcome("hooks are told of a handshake that was declined as of any response", {send(opening("/play?hook,respond:403:no")), receive(answer(403))}, "403 whole 2");
}

}  // namespace

void add_websocket_closing_cases(cases& to) {
  add_closes_of_apps(to);
  add_closes_of_clients(to);
  add_ends_of_apps(to);
}

}  // namespace csgi::conformance
