#include "chat_client.hpp"
#include "life.hpp"
#include <chat/chat.hpp>
#include <chat/conversation.hpp>
#include <memory>

using csgi::tests::life;
using csgi::tests::on_both;

namespace {

csgi::server_options two_loops() {
  csgi::server_options options;
  options.loops = 2;
  return options;
}

/// A chat that is served until the end of the test.
struct served {
  explicit served(bool evented, chatting::settings s = {}, csgi::server_options options = two_loops())
      : app(std::move(s)), server(evented, app, options) {
    REQUIRE(server.said.lines.saw("ready"));
  }

  std::unique_ptr<chat_client> member(std::string name, std::string room = "lobby") {
    auto come = std::make_unique<chat_client>(server.port(), '/' + room + "?name=" + name);
    CHECK(come->status() == 101);
    return come;
  }

  chat app;
  life server;
};

std::string long_text() { return std::string(1000, 'x'); }

}  // namespace

TEST_SUITE("chat served") {
TEST_CASE("members see each other come, speak and go") {
  on_both([](bool evented) {
    served s(evented);
    auto ada = s.member("Ada");
    CHECK(ada->receive_until("welcome").find(R"("people":["Ada"],"history":[])") != std::string::npos);
    auto bob = s.member("Bob");
    CHECK(bob->receive_until("welcome").find(R"("people":["Ada","Bob"])") != std::string::npos);
    CHECK(ada->receive() == R"({"type":"joined","name":"Bob"})");
    bob->say("hello");
    for (auto* each : {ada.get(), bob.get()}) CHECK(each->receive().find(R"("from":"Bob","text":"hello")") != std::string::npos);
    auto cy = s.member("Cy", "elsewhere");
    CHECK(cy->receive_until("welcome").find(R"("people":["Cy"],"history":[])") != std::string::npos);
    bob->close();
    CHECK(bob->receive().empty());
    CHECK(bob->code() == 1000);
    CHECK(ada->receive() == R"({"type":"left","name":"Bob"})");
    auto dan = s.member("Dan");
    CHECK(dan->receive_until("welcome").find(R"("from":"Bob","text":"hello"}])") != std::string::npos);
  });
}

TEST_CASE("one who disappears has left") {
  on_both([](bool evented) {
    served s(evented);
    auto ada = s.member("Ada");
    auto bob = s.member("Bob");
    ada->receive_until("Bob");
    bob->reset();
    CHECK(ada->receive() == R"({"type":"left","name":"Bob"})");
  });
}

TEST_CASE("who takes too little is put out and told why, while the others go on") {
  on_both([](bool evented) {
    chatting::settings few;
    few.each_member = {.lines = 20, .bytes = 1024 * 1024};
    served s(evented, few);
    auto ada = s.member("Ada");
    chat_client slow(s.server.port(), "/lobby?name=Slow", {}, 4096);
    ada->receive_until("Slow");
    int rounds = 0;
    do {
      REQUIRE(++rounds < 100'000);
      ada->say(long_text());
    } while (ada->receive() != R"({"type":"left","name":"Slow"})");
    ada->say("still here");
    ada->receive_until("still here");
    while (!slow.receive().empty()) {
    }
    CHECK(slow.code() == 1013);
    CHECK(slow.reason().find("too slowly") != std::string::npos);
  });
}

TEST_CASE("who says much at once puts nobody out") {
  on_both([](bool evented) {
    constexpr int times = 1000;
    served s(evented);
    auto ada = s.member("Ada");
    ada->receive_until("welcome");      // else Bob, who is served by another loop, may come first, and is told of her
    auto bob = s.member("Bob");
    ada->receive_until("Bob");
    bob->receive_until("welcome");
    ada->say_at_once("hello", times);
    for (auto* each : {ada.get(), bob.get()})
      for (int i = 0; i < times; ++i) REQUIRE(each->receive().find(R"("from":"Ada","text":"hello")") != std::string::npos);
  });
}

TEST_CASE("what is wrong is said, by a message or in closing") {
  on_both([](bool evented) {
    served s(evented);
    auto ada = s.member("Ada");
    ada->receive_until("welcome");
    ada->send_text("hello");
    CHECK(ada->receive() == R"({"type":"error","text":"A message is a JSON object."})");
    ada->say(std::string(1001, 'x'));
    CHECK(ada->receive().find("at most 1000 characters") != std::string::npos);
    ada->send_binary("hello");
    CHECK(ada->receive().empty());
    CHECK(ada->code() == 1003);

    auto nobody = s.member("%0A");
    CHECK(nobody->receive().empty());
    CHECK(nobody->code() == chatting::bad_name);
    CHECK(nobody->reason().find("1 to 32 characters") != std::string::npos);
  });
}

TEST_CASE("a full room is closed to more") {
  on_both([](bool evented) {
    chatting::settings small;
    small.each_room.people = 1;
    served s(evented, small);
    auto ada = s.member("Ada");
    ada->receive_until("welcome");
    auto bob = s.member("Bob");
    CHECK(bob->receive().empty());
    CHECK(bob->code() == 1013);
  });
}

TEST_CASE("CSGI-WS-040: pages from elsewhere are refused") {
  on_both([](bool evented) {
    served s(evented);
    CHECK(chat_client(s.server.port(), "/lobby?name=Eve", "Origin: http://evil.example\r\n").status() == 403);
    CHECK(chat_client(s.server.port(), "/lobby?name=Ada", "Origin: http://test\r\n").status() == 101);
  });
}

TEST_CASE("a server that stops says farewell to everybody, and is not kept") {
  on_both([](bool evented) {
    served s(evented);
    std::vector<std::unique_ptr<chat_client>> members;
    for (const auto* name : {"Ada", "Bob", "Cy", "Dan"}) members.push_back(s.member(name));
    for (auto& each : members) each->receive_until("welcome");
    members[0]->say("last words");
    for (auto& each : members) each->receive_until("last words");
    s.server.stop();
    for (auto& each : members) {
      each->receive_until("farewell");
      while (!each->receive().empty()) {
      }
      CHECK(each->code() == 1012);
      each.reset();
    }
    s.server.join();
    CHECK(s.server.threw.empty());
  });
}

TEST_CASE("many members on several loops come, speak and go at the same time") {
  constexpr int count = 8, rounds = 12;
  on_both([](bool evented) {
    served s(evented);
    auto witness = s.member("Witness");
    witness->receive_until("welcome");
    std::vector<std::thread> people;
    for (int i = 0; i < count; ++i)
      people.emplace_back([&s, i] {
        for (int round = 0; round < rounds; ++round) {
          chat_client one(s.server.port(), "/lobby?name=p" + std::to_string(i));
          const auto words = std::to_string(i) + " in round " + std::to_string(round);
          one.say(words);
          one.receive_until(words + "\"}");
          if (round % 3 == 0) one.reset();
          else if (round % 3 == 1) one.close();
        }
      });
    for (auto& each : people) each.join();
    witness->say("over");
    int said = 0, joined = 0;
    for (auto next = witness->receive(); next.find(R"("text":"over")") == std::string::npos; next = witness->receive()) {
      REQUIRE(!next.empty());
      said += next.find(" in round ") != std::string::npos && next.find("welcome") == std::string::npos;
      joined += next.find(R"("joined")") != std::string::npos;
    }
    CHECK(said == count * rounds);
    CHECK(joined == count * rounds);
  });
}
}
