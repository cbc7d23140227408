#include <csgi/multipart.hpp>
#include <doctest/doctest.h>

using csgi::multipart_limits;
using csgi::multipart_parser;
using step = multipart_parser::step;

namespace {

std::string replaced(std::string text) {      // | is a line end
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2) text.replace(i, 1, "\r\n");
  return text;
}

/// What is in a form: "name(filename,type)=content;" for each part, and how it ends.
std::string read(std::string_view bytes, std::size_t piece, const multipart_limits& limits = {}) {
  multipart_parser parser("B", limits);
  std::string seen;
  for (;;) {
    switch (parser.next()) {
      case step::more:
        if (bytes.empty()) parser.end_input();
        parser.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        break;
      case step::part: {
        const auto& part = parser.part();
        seen += part.name;
        if (part.filename || !part.content_type.empty()) seen += "(" + part.filename.value_or("-") + "," + part.content_type + ")";
        seen += "=";
        break;
      }
      case step::data: seen += parser.data(); break;
      case step::part_end: seen += ";"; break;
      case step::end: return seen + "end";
      case step::malformed: return seen + "malformed";
      case step::too_large: return seen + "too large";
    }
  }
}

/// The same, however the bytes are split.
std::string form(const std::string& marked, const multipart_limits& limits = {}) {
  const auto bytes = replaced(marked);
  const auto whole = read(bytes, bytes.size() + 1, limits);
  for (std::size_t piece = 1; piece < 9; ++piece) CHECK(read(bytes, piece, limits) == whole);
  return whole;
}

constexpr const char* field_a = "--B|Content-Disposition: form-data; name=\"a\"||";

}  // namespace

TEST_SUITE("multipart") {
TEST_CASE("parts come with their names, files with theirs and a type") {
  CHECK(form("--B|Content-Disposition: form-data; name=\"a\"||one|--B|content-disposition:form-data; filename=\"x.txt\"; name=b|"
             "Content-Type: text/plain||two\r\n\r\n|--B--|") == "a=one;b(x.txt,text/plain)=two\r\n\r\n;end");
}

TEST_CASE("content may be empty, and may look nearly like a delimiter") {
  CHECK(form(std::string(field_a) + "|--B--") == "a=;end");
  CHECK(form(std::string(field_a) + "|--|--A\r--B\n--B|-|--B--") == replaced("a=|--|--A\r--B\n--B|-;end"));
  CHECK(form(std::string("--B|Content-Disposition: form-data; name=a|||--B--")) == "a=;end");
}

TEST_CASE("what comes before and behind is no part; a form may have none") {
  CHECK(form("preamble|more|" + std::string(field_a) + "x|--B-- epilogue|--B|junk") == "a=x;end");
  CHECK(form("--B--") == "end");
  CHECK(form("--B \t|Content-Disposition: form-data; name=a||x|--B--") == "a=x;end");
}

TEST_CASE("quotes may be escaped, and a path's backslashes are none") {
  CHECK(form("--B|Content-Disposition: form-data; name=\"a\\\"b\\\\c; d\"; filename=\"C:\\dir\\f\"||x|--B--") ==
        "a\"b\\c; d(C:\\dir\\f,)=x;end");
}

TEST_CASE("what is cut short, or no form, is malformed") {
  for (const auto* text : {"", "no form at all", "--B", "--B|", "--B|Content-Disposition: form-data; name=a||cut", "--Bx|", "--B|||--B--",
                           "--B|Content-Type: text/plain||x|--B--", "--B|Content-Disposition: attachment; name=a||x|--B--",
                           "--B|Content-Disposition: form-data||x|--B--", "--B|no colon||x|--B--",
                           "--B|Content-Disposition: form-data; name=\"a||x|--B--"}) {
    CAPTURE(text);
    CHECK(form(text).ends_with("malformed"));
  }
}

TEST_CASE("limits hold") {
  multipart_limits few;
  few.parts = 1;
  CHECK(form(std::string(field_a) + "x|" + field_a + "y|--B--", few) == "a=x;too large");
  multipart_limits heads;
  heads.part_head = 50;
  CHECK(form("--B|Content-Disposition: form-data; name=a|X: " + std::string(20, 'x') + "||x|--B--", heads) == "too large");
  multipart_limits bytes;
  bytes.bytes = 60;
  CHECK(read(replaced(std::string(field_a) + std::string(100, 'x') + "|--B--"), 1000, bytes) == "too large");
}

TEST_CASE("the boundary is a parameter of one media type") {
  CHECK(multipart_parser::boundary_of("multipart/form-data; boundary=abc") == "abc");
  CHECK(multipart_parser::boundary_of("Multipart/Form-Data ; charset=x; Boundary=\"a b\"") == "a b");
  for (const auto* none : {"multipart/form-data", "multipart/mixed; boundary=a", "multipart/form-data; boundary=", "text/plain", ""})
    CHECK(!multipart_parser::boundary_of(none));
  CHECK(!multipart_parser::boundary_of("multipart/form-data; boundary=" + std::string(71, 'x')));
}
}
