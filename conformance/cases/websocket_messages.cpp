// websocket_messages.cpp - messages in both directions: kinds, sizes, fragments, and what happens at the same time.
#include "websockets.hpp"

namespace csgi::conformance {

namespace {

constexpr std::size_t million = 1'000'000;
const std::vector<std::string> received_whole = {"CSGI-WS-012"};

std::string letters(std::size_t size) { return std::string(size, 'x'); }

/// What the probe's pattern is.
std::string pattern(std::size_t size) {
  std::string bytes = "abcdefghijklmnopqrstuvw";
  while (bytes.size() < size) bytes.append(bytes, 0, size - bytes.size());
  bytes.resize(size);
  return bytes;
}

/// The head alone of a frame whose payload is sent as it is, since its key is zero.
std::string head_of(unsigned kind, std::uint64_t size) { return std::string(websocket_frame_head({.opcode = static_cast<websocket_opcode>(kind)}, size, websocket_key{}).bytes()); }

test_case& echoed(cases& to, std::vector<std::string> clauses, std::string name, std::string bytes, const std::vector<step>& then, std::string_view commands = "echo") {
  std::vector<step> steps = {talk(commands), send(std::move(bytes))};
  steps.insert(steps.end(), then.begin(), then.end());
  return conversing(to, std::move(clauses), std::move(name), std::move(steps));
}

void add_sizes(cases& to) {
  const std::vector<std::string> both_ways = {"CSGI-WS-012", "CSGI-WS-021"};
  for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 128u, 65'535u, 65'536u, 100'000u, 1'048'576u}) {
    const std::string sized = " of " + std::to_string(size) + " bytes";
    echoed(to, both_ways, "a text" + sized + " goes both ways", text(letters(size)), {receive_message(opcode::text, letters(size))});
    echoed(to, both_ways, "a binary message" + sized + " goes both ways", binary(letters(size)), {receive_message(opcode::binary, letters(size))});
  }
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  echoed(to, both_ways, "a binary message has any bytes", binary(every), {receive_message(opcode::binary, every)});
  std::string hundred;
  std::vector<step> answers;
  for (int i = 0; i < 100; ++i) {
    hundred += i % 3 == 0 ? binary(std::to_string(i)) : text(std::to_string(i));
    answers.push_back(receive_message(i % 3 == 0 ? opcode::binary : opcode::text, std::to_string(i)));
  }
  echoed(to, both_ways, "many messages at once keep their order", hundred, answers);
  conversing(to, received_whole, "an app is told what kind a message is of, and of empty ones",
             {talk("receive,receive,receive,receive"), send(text("a") + binary("") + text("") + binary("b")), noted_in_order({"receive: text a", "receive: binary ", "receive: text ", "receive: binary b"})});
}

void add_fragments(cases& to) {
  const auto joined = [&](std::string name, std::string bytes, unsigned kind, const std::string& whole) { echoed(to, received_whole, std::move(name), std::move(bytes), {receive_message(kind, whole), silence()}); };
  joined("a text in two frames is one message", begun_text("ab") + last("cd"), opcode::text, "abcd");
  joined("a binary message in two frames is one message", begun_binary("ab") + last("cd"), opcode::binary, "abcd");
  std::string bytewise = begun_text("0");
  for (const char c : std::string_view("12345678")) bytewise += middle({&c, 1});
  joined("a text in frames of a byte each is one message", bytewise + last("9"), opcode::text, "0123456789");
  joined("empty frames within a message are nothing", begun_text("") + middle("") + middle("ab") + middle("") + last(""), opcode::text, "ab");
  joined("a message of empty frames is an empty one", begun_binary("") + middle("") + last(""), opcode::binary, "");
  std::string large = begun_binary(pattern(23'000));
  for (int i = 0; i < 20; ++i) large += middle(pattern(23'000));
  conversing(to, received_whole, "a large message in many frames is one message", {talk("echo"), send(large + last("")), receive_pattern(opcode::binary, 21 * 23'000)});
  echoed(to, received_whole, "a fragmented message beside others", text("1") + begun_text("2") + last("3") + binary("4"), {receive_message(opcode::text, "1"), receive_message(opcode::text, "23"), receive_message(opcode::binary, "4")});
  const auto cut = [&](std::string name, std::string bytes, const std::vector<step>& then) {
    echoed(to, received_whole, name + ", cut anywhere", bytes, then).at_every_split = true;
    std::vector<step> steps = {talk("echo"), drip(std::move(bytes))};
    steps.insert(steps.end(), then.begin(), then.end());
    conversing(to, received_whole, name + ", byte by byte", std::move(steps));
  };
  cut("texts and binary messages", text("abc") + binary("de") + text("") + text("f"), {receive_message(opcode::text, "abc"), receive_message(opcode::binary, "de"), receive_message(opcode::text, ""), receive_message(opcode::text, "f")});
  cut("a message with a length in two bytes", binary(letters(130)), {receive_message(opcode::binary, letters(130))});
  cut("a fragmented message with a ping in it", begun_text("ab") + ping("?") + middle("") + last("cd"), {receive_control(opcode::pong, "?"), receive_message(opcode::text, "abcd")});
  const std::string whole = binary(pattern(70'000));
  conversing(to, received_whole, "a length in eight bytes, byte by byte", {talk("echo"), drip(whole.substr(0, 20)), send(whole.substr(20)), receive_pattern(opcode::binary, 70'000)});
}

void add_parts(cases& to) {
  const std::vector<std::string> in_parts = {"CSGI-WS-013"};
  const auto parts = [&](std::string name, std::vector<step> steps) { conversing(to, in_parts, std::move(name), std::move(steps)); };
  parts("what there is of a message is given", {talk("receive-part,receive-part,receive-part"), send(begun_text("abc")), noted("receive-part: text part abc"), send(last("def")), noted("receive-part: text def"), send(binary("g")), noted("receive-part: binary g")});
  const std::string long_frame = binary("abcdef");
  parts("what there is of a frame is given", {talk("receive-part,receive-part"), send(long_frame.substr(0, long_frame.size() - 3)), noted("receive-part: binary part abc"), send(long_frame.substr(long_frame.size() - 3)), noted("receive-part: binary def")});
  parts("an empty message has one part", {talk("receive-part,receive-part"), send(text("") + text("a")), noted_in_order({"receive-part: text ", "receive-part: text a"})});
  parts("frames without bytes are no parts but at the end", {talk("receive-parts,receive-parts"), send(begun_text("") + middle("ab") + middle("") + last("") + begun_binary("") + last("")), noted_in_order({"receive-parts: text ab", "receive-parts: binary "})});
  parts("what is received in parts may be sent on in parts", {talk("echo-parts"), send(begun_text("ab") + last("cd") + binary(letters(100'000))), receive_message(opcode::text, "abcd"), receive_message(opcode::binary, letters(100'000))});
  auto& large = conversing(to, in_parts, "a message in parts has no limit", {talk("receive-parts,receive-parts"), send(binary(pattern(10'000'000))), noted("receive-parts: binary 10000000 bytes of the pattern"), send(begun_binary(pattern(2'300)) + middle(pattern(2'300)) + last("")), noted("receive-parts: binary 4600 bytes of the pattern")});
  large.told = {{"limit-websocket-message", "1000"}};
}

void add_limits(cases& to) {
  const auto limited = [&](std::string name, std::vector<step> steps) {
    auto& c = conversing(to, {"CSGI-WS-014"}, std::move(name), std::move(steps));
    c.told = {{"limit-websocket-message", "100"}};
    return &c;
  };
  const std::vector<step> too_big = {receive_closing(1009, "*"), end(), reconnect(), noted("count: 0 with 0 bytes, over 1009 *")};
  const auto beyond = [&](std::string name, std::string bytes) {
    std::vector<step> steps = {talk("count"), send(std::move(bytes))};
    steps.insert(steps.end(), too_big.begin(), too_big.end());
    limited(std::move(name), std::move(steps));
  };
  limited("a message as large as the limit is taken", {talk("echo"), send(binary(letters(100)) + text(letters(100))), receive_message(opcode::binary, letters(100)), receive_message(opcode::text, letters(100))});
  limited("frames that are together as large as the limit are taken", {talk("echo"), send(begun_text(letters(60)) + middle(letters(40)) + last("")), receive_message(opcode::text, letters(100))});
  limited("the limit is each message's own", {talk("echo"), send(begun_text(letters(60)) + last(letters(40)) + text(letters(100))), receive_message(opcode::text, letters(100)), receive_message(opcode::text, letters(100))});
  beyond("a message one byte beyond the limit closes with 1009", binary(letters(101)));
  beyond("frames that are together one byte beyond the limit close with 1009", begun_text(letters(60)) + middle(letters(40)) + last("x"));
  beyond("a frame that announces more than the limit closes with 1009", head_of(opcode::binary, std::uint64_t{1} << 40) + letters(200));
  beyond("a message far beyond the limit closes with 1009", binary(letters(8 * million)));
  limited("messages before one that is too large are received", {talk("receive,receive"), send(text("a") + text(letters(101))), receive_closing(1009, "*"), end(), reconnect(), noted_in_order({"receive: text a", "receive: over 1009 , unclean"})});
}

void add_pings(cases& to) {
  const std::vector<std::string> answered = {"CSGI-WS-015"};
  std::string most(125, '\0');
  for (std::size_t i = 0; i < most.size(); ++i) most[i] = static_cast<char>(0xFF - i);
  for (const std::string& payload : {std::string(), std::string("?"), most})
    echoed(to, answered, "a ping of " + std::to_string(payload.size()) + " bytes is answered", ping(payload), {receive_control(opcode::pong, payload)});
  echoed(to, answered, "a ping between fragments is answered before the message is whole", begun_text("ab") + ping("1"), {receive_control(opcode::pong, "1"), send(ping("2")), receive_control(opcode::pong, "2"), send(last("cd")), receive_message(opcode::text, "abcd")});
  echoed(to, answered, "pings beside messages are answered", ping("1") + text("a"),
         {receive_control(opcode::pong, "1"), receive_message(opcode::text, "a"), send(ping("2") + ping("3")), receive_control(opcode::pong, "2"), receive_control(opcode::pong, "3"), send(text("b")), receive_message(opcode::text, "b")});
  echoed(to, answered, "pongs that nobody asked for are dropped", pong("") + text("a") + pong("b") + begun_text("c") + pong("d") + last("e"), {receive_message(opcode::text, "a"), receive_message(opcode::text, "ce"), silence()});
  echoed(to, answered, "a ping, cut anywhere", ping("abc"), {receive_control(opcode::pong, "abc")}).at_every_split = true;
  conversing(to, answered, "a ping of a close's size, byte by byte", {talk("echo"), drip(ping(most)), receive_control(opcode::pong, most)});
}

void add_waiting(cases& to) {
  const step others = meanwhile(get("/hello"), answer(200).saying("Hello\n"));
  conversing(to, {"CSGI-WS-018"}, "an app that does not receive a large message keeps it with the client", {talk("await:go"), send(head_of(opcode::binary, std::uint64_t{1} << 40)), flood(letters(65'536), 60 * million), others, reset()});
  conversing(to, {"CSGI-WS-018"}, "an app that does not receive messages keeps them with the client", {talk("await:go"), flood(text(letters(1'000)), 60 * million), others, reset()});
  conversing(to, {"CSGI-WS-018"}, "an app that receives one part and no more keeps the rest with the client", {talk("receive-part,await:go"), send(head_of(opcode::binary, std::uint64_t{1} << 40)), flood(letters(65'536), 60 * million), others, reset()});
  conversing(to, {"CSGI-WS-018", "CSGI-WS-019"}, "an app that only sends keeps a client's messages with it", {talk("send-for-ever:10"), slowly(), flood(text(letters(1'000)), 60 * million), others, reset()});
  conversing(to, {"CSGI-WS-012", "CSGI-WS-018"}, "what came while the app did not receive is received later", {talk("await:go,count"), send(text("a")), send(binary(letters(500'000))), moment(), note_go, send(text("b") + closing(1000)), receive_closing(1000, "*"), end(), reconnect(), noted("count: 3 with 500002 bytes, over 1000 , clean")});
  const std::vector<std::string> heeded = {"CSGI-WS-019"};
  conversing(to, heeded, "a ping is answered while the app does not receive", {talk("await:go,receive"), send(ping("?")), receive_control(opcode::pong, "?")}, kinds::async_only).through_bridges = false;
  conversing(to, heeded, "a closing is seen while the app does not receive", {talk("await:go,text:x,receive"), send(closing(3000)), receive_closing(3000, "*"), end(), reconnect(), note_go, noted_in_order({"await: done", "text: connection_reset", "receive: over 3000 , clean"})}, kinds::async_only).through_bridges = false;
  conversing(to, heeded, "a ping is answered while the app only sends", {talk("send-for-ever:10"), send(ping("?")), through_control(opcode::pong, "?")});
  conversing(to, heeded, "a closing is seen while the app only sends", {talk("send-for-ever:10"), send(closing(3000)), through_closing(3000, "*"), end(), reconnect(), noted("send-for-ever: connection_reset")});
  conversing(to, {"CSGI-WS-019", "CSGI-WS-029"}, "a ping behind a message that nobody receives is answered when it is received", {talk("await:go,receive,receive"), send(text("a") + ping("?")), note_go, receive_control(opcode::pong, "?"), noted("receive: text a")});
}

/// What a blocking app has instead of cancelling.
void add_limits_in_time(cases& to) {
  const auto limited = [&](std::string name, std::vector<step> steps) { conversing(to, {"CSGI-WS-043"}, std::move(name), std::move(steps), kinds::blocking_only); };
  const step too_late = noted("receive-within: timed_out");
  limited("a receive that has a limit ends with it, and the next one receives", {talk("receive-within:50,receive"), too_late, send(text("abc")), noted("receive: text abc")});
  limited("a receive whose limit is over loses no part of a message", {talk("receive-within:300,receive"), send(begun_text("abc")), too_late, send(last("def")), noted("receive: text abcdef")});
  const std::string whole = binary("abcdef");
  limited("a receive whose limit is over loses no part of a frame", {talk("receive-within:300,receive"), send(whole.substr(0, 9)), too_late, send(whole.substr(9)), noted("receive: binary abcdef")});
  limited("a message within the limit is received", {talk("receive-within:3600000,receive-within:3600000"), send(text("a") + binary("b")), noted_in_order({"receive-within: text a", "receive-within: binary b"})});
  limited("an end within the limit is one", {talk("receive-within:3600000"), send(closing(4000, "bye")), receive_closing(4000, "*"), end(), reconnect(), noted("receive-within: over 4000 bye, clean")});
}

void add_cancelling(cases& to) {
  const std::vector<std::string> lossless = {"CSGI-WS-020"};
  const auto cancelled = [&](std::string name, std::vector<step> steps) { conversing(to, lossless, std::move(name), std::move(steps), kinds::async_only).through_bridges = false; };
  const std::vector<std::string> asked = {"cancel-receive: asked", "end-receive: operation_canceled"};
  cancelled("a cancelled receive loses no message", {talk("begin-receive,cancel-receive,end-receive,receive"), noted_in_order(asked), send(text("abc")), noted("receive: text abc")});
  cancelled("a cancelled receive loses no part of a message", {talk("begin-receive,await:go,cancel-receive,end-receive,receive,receive"), send(begun_text("abc")), moment(), note_go, noted_in_order(asked), send(last("def") + text("g")), noted_in_order({"receive: text abcdef", "receive: text g"})});
  const std::string whole = binary("abcdef");
  cancelled("a cancelled receive loses no part of a frame", {talk("begin-receive,await:go,cancel-receive,end-receive,receive"), send(whole.substr(0, 9)), moment(), note_go, noted_in_order(asked), send(whole.substr(9)), noted("receive: binary abcdef")});
  cancelled("what a cancelled receive has seen of a message can be received in parts", {talk("begin-receive,await:go,cancel-receive,end-receive,receive-parts,receive"), send(begun_text("abc")), moment(), note_go, noted_in_order(asked), send(last("def") + text("g")), noted_in_order({"receive-parts: text abcdef", "receive: text g"})});
  cancelled("a cancelled receive of a part loses nothing", {talk("begin-receive:part,cancel-receive,end-receive,receive-part"), noted_in_order(asked), send(text("abc")), noted("receive-part: text abc")});
}

void add_sending(cases& to) {
  const std::vector<std::string> sent = {"CSGI-WS-021"};
  conversing(to, sent, "messages are sent with their kinds and bytes", {talk("text:hello,binary:%00%ff,text:,binary:,text:%c3%a9,close"), receive_message(opcode::text, "hello"), receive_message(opcode::binary, {"\0\xff", 2}), receive_message(opcode::text, ""), receive_message(opcode::binary, ""), receive_message(opcode::text, "\xc3\xa9"), receive_closing(1000, "*")});
  conversing(to, sent, "what is sent in parts is one message", {talk("text-part:ab,text-part:,text:cd,binary-part:,binary-part:ef,binary:,text:g,close"), receive_message(opcode::text, "abcd"), receive_message(opcode::binary, "ef"), receive_message(opcode::text, "g"), receive_closing(1000, "*")});
  conversing(to, {"CSGI-WS-021", "CSGI-WS-022"}, "a character may be cut between parts", {talk("text-part:%e2%82,text:%ac,close"), receive_message(opcode::text, "\xe2\x82\xac"), receive_closing(1000, "*")});
  conversing(to, sent, "large messages are sent as they are", {talk("pattern:20000000,text-pattern:40000,pattern:65536,pattern:125,pattern:126,pattern:70000,close"), receive_pattern(opcode::binary, 20 * million), receive_pattern(opcode::text, 40'000), receive_pattern(opcode::binary, 65'536), receive_pattern(opcode::binary, 125), receive_pattern(opcode::binary, 126), receive_pattern(opcode::binary, 70'000), receive_closing(1000, "*")});
  conversing(to, sent, "large parts are one message", {talk("pattern-part:230000,pattern-part:2300,pattern-part:0,pattern:1,close"), receive_pattern(opcode::binary, 232'301), receive_closing(1000, "*")});
  conversing(to, sent, "many small messages are sent as they are", {talk("messages:10:50000,close"), slowly(), receive_pattern(opcode::binary, 10), receive_pattern(opcode::binary, 10), through_closing(1000, "*")});
  const std::string bad = "invalid_argument";
  conversing(to, {"CSGI-WS-022"}, "text that is not UTF-8 is refused, and nothing of it is sent",
             {talk("text:%ff,text:ab%c3,text:%ed%a0%80,text-part:%c0%80,text:%f4%90%80%80,text:ok,close"),
              noted_in_order({"text: " + bad, "text: " + bad, "text: " + bad, "text-part: " + bad, "text: " + bad, "text: done"}), receive_message(opcode::text, "ok"), receive_closing(1000, "*")});
  conversing(to, {"CSGI-WS-022"}, "a part that does not go on with its character is refused, and nothing of it is sent",
             {talk("text-part:a%c3,text-part:b,text:,text:%a9b,text:%a9,close"), noted_in_order({"text-part: done", "text-part: " + bad, "text: " + bad, "text: done", "text: " + bad}), receive_message(opcode::text, "a\xc3\xa9" "b"), receive_closing(1000, "*")});
  conversing(to, {"CSGI-WS-022"}, "a part of another kind is refused, and nothing of it is sent",
             {talk("text-part:a,binary-part:x,binary:x,text:b,binary-part:c,text:x,text-part:x,binary:d,close"),
              noted_in_order({"text-part: done", "binary-part: " + bad, "binary: " + bad, "text: done", "binary-part: done", "text: " + bad, "text-part: " + bad, "binary: done"}),
              receive_message(opcode::text, "ab"), receive_message(opcode::binary, "cd"), receive_closing(1000, "*")});
}

void add_slow_clients(cases& to) {
  const std::vector<std::string> waits = {"CSGI-WS-023"};
  conversing(to, waits, "a large message that nobody takes is not sent to its end", {talk("pattern:40000000,close"), moment(), never_noted("pattern: done"), receive_pattern(opcode::binary, 40 * million), noted("pattern: done"), receive_closing(1000, "*")});
  conversing(to, waits, "messages that nobody takes are not all sent", {talk("messages:1000:60000,close"), moment(), never_noted("messages: done"), through_closing(1000, "*"), noted("messages: done")});
  conversing(to, waits, "a client that takes messages slowly gets each, and others are served meanwhile", {talk("pattern:10000000,text:end,close"), slowly(), meanwhile(get("/hello"), answer(200)), receive_pattern(opcode::binary, 10 * million), receive_message(opcode::text, "end"), receive_closing(1000, "*")});
  auto& late = conversing(to, {"CSGI-WS-023", "CSGI-WS-030"}, "a client that takes nothing for too long has its connection lost", {talk("send-for-ever:65536,receive"), noted("send-for-ever: *"), noted("receive: over 1006 , unclean"), ended()});
  late.told = {{"deadline-write", "400ms"}};
  conversing(to, {"CSGI-WS-025"}, "what is sent leaves though the app rests", {talk("text:hi,binary:x,await:go"), receive_message(opcode::text, "hi"), receive_message(opcode::binary, "x"), note_go, noted("await: done")});
  conversing(to, {"CSGI-WS-025"}, "what is sent leaves though the app receives", {talk("text:hi,receive,text:again,receive"), receive_message(opcode::text, "hi"), send(text("")), receive_message(opcode::text, "again")});
  conversing(to, {"CSGI-WS-025"}, "a part leaves though the message goes on later", {talk("pattern-part:3,await:go,binary:"), receive_text("\x02\x03" "abc"), note_go, receive_text({"\x80\x00", 2})});
}

void add_overlapping(cases& to) {
  const auto together = [&](std::string name, std::vector<step> steps) { conversing(to, {"CSGI-WS-024"}, std::move(name), std::move(steps), kinds::async_only).through_bridges = false; };
  together("a receive pends beside a send, and a second one of a kind is refused",
           {talk("begin-receive,second-receive,begin-send:20000000,second-send,begin-close,second-receive,end-receive,end-send,close"),
            noted_in_order({"begin-receive: pending", "second-receive: operation_in_progress", "begin-send: pending", "second-send: operation_in_progress", "begin-close: operation_in_progress", "second-receive: operation_in_progress"}),
            send(text("abc")), noted("end-receive: text abc"), receive_pattern(opcode::binary, 20 * million), noted("end-send: done"), receive_closing(1000, "*"), send(closing(1000)), end()});
  together("a receive pends beside a close, and a second close is refused",
           {talk("begin-receive,begin-close:4000,second-close,begin-send:3,second-receive,end-close,end-receive"),
            noted_in_order({"begin-receive: pending", "begin-close: pending", "second-close: operation_in_progress", "begin-send: operation_in_progress", "second-receive: operation_in_progress"}),
            receive_closing(4000, ""), send(closing(4000)), end(), reconnect(), noted_in_order({"end-close: done", "end-receive: over 4000 , clean"})});
  together("messages go both ways at the same time", {talk("begin-receive,begin-send:20000000,end-receive,begin-receive,end-receive,end-send,text:done,close"), noted("begin-send: pending"), send(text("a")), noted("end-receive: text a"), send(binary("b")), noted("end-receive: binary b"),
                                                      receive_pattern(opcode::binary, 20 * million), receive_message(opcode::text, "done"), receive_closing(1000, "*")});
  together("a ping is answered behind a message that is under way", {talk("begin-send:20000000,end-send,receive"), noted("begin-send: pending"), send(ping("?")), receive_pattern(opcode::binary, 20 * million), receive_control(opcode::pong, "?")});
}

}  // namespace

void add_websocket_message_cases(cases& to) {
  add_sizes(to);
  add_fragments(to);
  add_parts(to);
  add_limits(to);
  add_pings(to);
  add_waiting(to);
  add_cancelling(to);
  add_limits_in_time(to);
  add_sending(to);
  add_slow_clients(to);
  add_overlapping(to);
}

}  // namespace csgi::conformance
