// field_syntax_test.cpp - which bytes make a token and a field's text, wherever in it they are.
#include <csgi/field_syntax.hpp>
#include <doctest/doctest.h>
#include <string>

namespace {

/// Texts of every length up to `longest`, with every byte at every place in them.
template <class Judge>
void judge_everywhere(std::size_t longest, Judge judge) {
  for (std::size_t size = 1; size <= longest; ++size) {
    std::string text(size, 'a');
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        text[at] = static_cast<char>(byte);
        judge(text, byte);
      }
      text[at] = 'a';
    }
  }
}

bool may_be_in_text(int byte) { return byte == '\t' || (byte >= ' ' && byte != 0x7F); }

bool may_be_in_token(int byte) {
  const bool letter_or_digit = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  return letter_or_digit || (byte != 0 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(byte)) != std::string_view::npos);
}

}  // namespace

TEST_CASE("a field's text has no control character but HTAB, at whatever place") {
  CHECK(csgi::is_field_text(""));
  int wrong = 0;
  judge_everywhere(25, [&](const std::string& text, int byte) { wrong += csgi::is_field_text(text) != may_be_in_text(byte); });
  CHECK(wrong == 0);
}

TEST_CASE("a field's text goes on up to the first byte that may not be in one") {
  int wrong = 0;
  judge_everywhere(25, [&](const std::string& text, int byte) {
    const auto at = text.find(static_cast<char>(byte));     // the one byte that is another, else the first of all
    wrong += csgi::field_text_end(text, 0) != (may_be_in_text(byte) ? text.size() : at);
  });
  CHECK(wrong == 0);
}

TEST_CASE("a token goes on up to the first byte that may not be in one, and is looked at from anywhere") {
  CHECK(csgi::token_end("content-length: 5", 0) == 14);
  CHECK(csgi::token_end("content-length: 5", 8) == 14);
  CHECK(csgi::token_end("content-length: 5", 14) == 14);
  CHECK(csgi::token_end("content-length", 14) == 14);
  CHECK(csgi::field_text_end("text/plain\r\nx: y", 0) == 10);
  CHECK(csgi::field_text_end("text/plain\r\nx: y", 12) == 16);
  CHECK(csgi::field_text_end("a\tb", 3) == 3);
}

TEST_CASE("two bytes of a field's text do not hide each other") {
  int wrong = 0;
  std::string text = "eight by";
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      text[3] = static_cast<char>(first);
      text[4] = static_cast<char>(second);
      wrong += csgi::is_field_text(text) != (may_be_in_text(first) && may_be_in_text(second));
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a field's text is judged in constant expressions as well") {
  static_assert(csgi::is_field_text("text/plain; charset=utf-8"));
  static_assert(!csgi::is_field_text("text/plain\r\nx: y"));
}

TEST_CASE("a token has only letters, digits and fifteen other characters, and at least one") {
  CHECK_FALSE(csgi::is_token(""));
  int wrong = 0;
  judge_everywhere(25, [&](const std::string& text, int byte) { wrong += csgi::is_token(text) != may_be_in_token(byte); });
  CHECK(wrong == 0);
}
