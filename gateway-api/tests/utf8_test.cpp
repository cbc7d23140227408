#include <csgi/utf8.hpp>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using csgi::utf8_check;

namespace {

/// By another way than the header's: decodes, and judges the number. None: it is no character.
std::size_t character_size(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  std::size_t size = 1;
  std::uint32_t point = byte(0);
  if (point >= 0xF8) return 0;
  if (point >= 0xF0) size = 4, point &= 0x07;
  else if (point >= 0xE0) size = 3, point &= 0x0F;
  else if (point >= 0xC0) size = 2, point &= 0x1F;
  else if (point >= 0x80) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3F);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < least[size] || point > 0x10FFFF || surrogate ? 0 : size;
}

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = character_size(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string encoded(std::uint32_t point) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000) return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
          byte(0x80 | (point & 0x3F))};
}

/// Bytes at the ends of all ranges, for the places where all would be too many.
const std::vector<unsigned> telling = {0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xE0, 0xFF};

}  // namespace

TEST_SUITE("utf8_check") {
TEST_CASE("every code point but the surrogates has one form, and its parts are the beginning of a text") {
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    const auto text = encoded(point);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (csgi::is_utf8(text) == surrogate) FAIL("U+", point);
    if (surrogate || point % 61 != 0) continue;
    for (std::size_t size = 1; size < text.size(); ++size) {
      utf8_check check;
      REQUIRE(check.take(std::string_view(text).substr(0, size)));
      REQUIRE_FALSE(check.complete());
      REQUIRE(check.take(std::string_view(text).substr(size)));
      REQUIRE(check.complete());
    }
  }
}

TEST_CASE("sequences of up to four bytes are judged as by decoding them, with all pairs of first ones") {
  std::string bytes(4, '\0');
  for (unsigned first = 0; first < 256; ++first)
    for (unsigned second = 0; second < 256; ++second) {
      bytes[0] = static_cast<char>(first);
      bytes[1] = static_cast<char>(second);
      const auto otherwise = [&](std::size_t size) {
        const auto text = std::string_view(bytes).substr(0, size);
        return csgi::is_utf8(text) != is_text(text) ? 1 : 0;
      };
      int judged_otherwise = otherwise(2);
      for (const unsigned third : telling) {
        bytes[2] = static_cast<char>(third);
        judged_otherwise += otherwise(3);
        for (const unsigned fourth : telling) {
          bytes[3] = static_cast<char>(fourth);
          judged_otherwise += otherwise(4);
        }
      }
      CAPTURE(first);
      CAPTURE(second);
      REQUIRE(judged_otherwise == 0);
    }
}

TEST_CASE("a byte that cannot be mended is told at once") {
  for (const std::string bad :
       {"\x80", "\xC0", "\xC1", "\xE0\x9F", "\xED\xA0", "\xF0\x8F", "\xF4\x90", "\xF5", "\xFF", "\xE2\x82\x41"}) {
    CAPTURE(bad);
    utf8_check check;
    CHECK(check.take(std::string_view(bad).substr(0, bad.size() - 1)));
    CHECK_FALSE(check.take(std::string_view(bad).substr(bad.size() - 1)));
  }
}

TEST_CASE("what is refused stays so until reset") {
  utf8_check check;
  CHECK_FALSE(check.take("\xFF"));
  CHECK_FALSE(check.take("fine"));
  CHECK_FALSE(check.take(std::string(100, 'a')));
  CHECK_FALSE(check.take(""));
  CHECK_FALSE(check.complete());
  check.reset();
  CHECK(check.take("fine"));
  CHECK(check.complete());
}

TEST_CASE("the result does not depend on pieces, alignment or the place of what is wrong") {
  for (const std::string wrong : {"", "\xC3\xA4", "\xFF", "\xC3", "\xF0\x9F\x8C\x8D", "\xF0\x9F\x8C"})
    for (std::size_t at = 0; at <= 70; ++at) {
      const auto text = std::string(at, 'a') + wrong + std::string(70 - at, 'b');
      const bool good = is_text(text);
      CHECK(csgi::is_utf8(text) == good);
      for (const std::size_t piece : {1u, 3u, 15u, 16u, 17u, 33u}) {
        utf8_check check;
        for (std::size_t from = 0; from < text.size(); from += piece) check.take(std::string_view(text).substr(from, piece));
        REQUIRE(check.complete() == good);
      }
    }
}

TEST_CASE("no bytes are a text") { CHECK(csgi::is_utf8({})); }
}
