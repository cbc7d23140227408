#include <chat/messages.hpp>
#include <chat/origin.hpp>
#include <chat/settings.hpp>
#include <chat/words.hpp>
#include <doctest/doctest.h>
#include <stdexcept>

using namespace chatting;

namespace {

std::string times(std::size_t n, std::string_view what) {
  std::string all;
  for (; n > 0; --n) all += what;
  return all;
}

bool welcomes(std::vector<csgi::field> fields, std::vector<std::string> others = {}) {
  csgi::request handshake;
  handshake.scheme = "http";
  handshake.authority = "Chat.example:8000";
  handshake.fields = fields;
  return is_welcome_origin(handshake, others);
}

settings parsed(std::vector<std::string_view> given) { return settings::parse(given); }

}  // namespace

TEST_SUITE("words") {
TEST_CASE("rooms are named by small letters, digits and hyphens") {
  for (const auto* name : {"lobby", "a", "room-2", "-"}) CHECK(is_room_name(name));
  CHECK(is_room_name(times(32, "a")));
  CHECK(!is_room_name(times(33, "a")));
  for (const auto* name : {"", "Lobby", "a b", "a/b", "chat.js", "caf\xc3\xa9"}) CHECK(!is_room_name(name));
}

TEST_CASE("a name is counted in characters, and loses the spaces around it") {
  CHECK(checked_name(" Ada \t") == "Ada");
  CHECK(checked_name(times(32, "\xc3\xa9")) == times(32, "\xc3\xa9"));
  CHECK_THROWS_AS(checked_name(times(33, "a")), std::invalid_argument);
}

TEST_CASE("what cannot be shown is no name") {
  for (const std::string_view name : {"", "  ", "a\nb", "a\x7f", "a\xc2\x85", "\xff", "a\xc3"})
    CHECK_THROWS_AS(checked_name(name), std::invalid_argument);
  CHECK_THROWS_AS(checked_name(std::string_view("a\0b", 3)), std::invalid_argument);
}

TEST_CASE("a text may have lines, and is bounded") {
  CHECK(checked_text("one\n\ttwo\n") == "one\n\ttwo");
  CHECK(checked_text(times(1000, "\xf0\x9f\x98\x80")).size() == 4000);
  CHECK_THROWS_WITH_AS(checked_text(times(1001, "a")), "A message has at most 1000 characters; this one has 1001.", std::invalid_argument);
  CHECK_THROWS_AS(checked_text(" \n"), std::invalid_argument);
  CHECK_THROWS_AS(checked_text("bell\a"), std::invalid_argument);
}

TEST_CASE("what is no message is told so") {
  CHECK(text_of(R"({"type": "say", "text": " hello "})") == "hello");
  for (const auto* message : {"", "hello", "[]", "{}", R"({"type": "say"})", R"({"type": "say", "text": 1})",
                              R"({"type": "shout", "text": "a"})", R"({"type": "say", "text": ""})",
                              R"({"type": "say", "text": "a"} more)"}) {
    CAPTURE(message);
    CHECK_THROWS_AS(text_of(message), std::invalid_argument);
  }
}

TEST_CASE("CSGI-WS-040: pages of this server may talk to it, and those of listed origins, and who is no browser") {
  CHECK(welcomes({}));
  CHECK(welcomes({{"Origin", "http://chat.example:8000"}}));
  CHECK(welcomes({{"Origin", "https://Friend.example"}}, {"https://friend.example"}));
  for (const auto* origin : {"http://chat.example", "https://chat.example:8000", "http://evil.example:8000", "null", "", "http://",
                             "chat.example:8000", "http://chat.example:8000.evil.example"}) {
    CAPTURE(origin);
    CHECK(!welcomes({{"origin", origin}}, {"https://friend.example"}));
  }
  CHECK(!welcomes({{"origin", "http://chat.example:8000"}, {"origin", "http://evil.example"}}));
}

TEST_CASE("arguments are understood, and refused where they are wrong") {
  const auto s = parsed({"--origin", "https://a.example", "--origin=http://b.example:81", "--history", "3", "--people=2"});
  CHECK(s.origins == std::vector<std::string>{"https://a.example", "http://b.example:81"});
  CHECK(s.each_room.history == 3);
  CHECK(s.each_room.people == 2);
  for (const auto* origin : {"", "a", "a.example", "://a", "https://", "https://a.example/"})
    CHECK_THROWS_AS(parsed({"--origin", origin}), std::invalid_argument);
  CHECK_THROWS_AS(parsed({"--people", "0"}), std::invalid_argument);
  CHECK_THROWS_AS(parsed({"--history", "many"}), std::invalid_argument);
  CHECK_THROWS_AS(parsed({"--rooms", "3"}), std::invalid_argument);
}
}
