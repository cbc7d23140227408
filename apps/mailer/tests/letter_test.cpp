#include <mailer/letter.hpp>
#include <csgi/http_error.hpp>
#include <doctest/doctest.h>

namespace {

letter read(std::string_view type, std::string_view body) {
  const csgi::field fields[] = {{"Content-Type", type}};
  csgi::request head;
  head.fields = fields;
  return read_letter(head, body);
}
letter form(std::string_view body) { return read("application/x-www-form-urlencoded", body); }
letter json(std::string_view body) { return read("application/json; charset=utf-8", body); }

int refused(const auto& f) {
  try {
    f();
    return 0;
  } catch (const csgi::http_error& e) {
    return e.status();
  }
}

std::string form_with(const std::string& to, const std::string& subject, const std::string& body) {
  return "to=" + to + "&subject=" + subject + "&body=" + body;
}

}  // namespace

TEST_SUITE("letter") {
TEST_CASE("a letter comes as a form or as JSON") {
  const letter expected{"ada@example.org", "Tea & cake", "At five?\n\xE2\x98\x95"};
  CHECK(form("to=ada%40example.org&subject=Tea+%26+cake&body=At+five%3F%0A%E2%98%95&send=now") == expected);
  CHECK(json(R"({"to": "ada@example.org", "subject": "Tea & cake", "body": "At five?\n\u2615", "more": [1]})") == expected);
}

TEST_CASE("no address or subject becomes a second line or address") {
  for (const auto* to : {"", "ada", "@b", "a@", "a@b@c", "a@b%0D%0ABcc:x@y", "a@b%0A", "a@b,c@d", "a%20b@c", "<a@b>", "a@b%00",
                         "a@%C3%A9", "\"a\"@b"}) {
    CAPTURE(to);
    CHECK(refused([&] { form(form_with(to, "s", "b")); }) == 422);
  }
  for (const auto* subject : {"", "a%0Ab", "a%0D%0ABcc:x", "a%00b", "a%7F"}) {
    CAPTURE(subject);
    CHECK(refused([&] { form(form_with("a@b", subject, "b")); }) == 422);
  }
  CHECK(refused([] { form(form_with("a@b", "s", "%00")); }) == 422);
}

TEST_CASE("what is too long, missing, doubled or no text is refused") {
  const std::string longest(64 * 1024, 'x');
  CHECK(form(form_with("a@b", std::string(200, 's'), longest)).body == longest);
  CHECK(form(form_with("a@b", "s", "")).body.empty());
  CHECK(refused([&] { form(form_with("a@b", "s", longest + 'x')); }) == 422);
  CHECK(refused([&] { form(form_with("a@b", std::string(201, 's'), "")); }) == 422);
  CHECK(refused([&] { form(form_with(std::string(253, 'a') + "@b", "s", "")); }) == 422);
  CHECK(refused([] { form("to=a@b&subject=s"); }) == 422);
  CHECK(refused([] { form("to=a@b&to=c@d&subject=s&body="); }) == 422);
  CHECK(refused([] { form(""); }) == 422);
  for (const auto* bytes : {"%FF", "%80", "%C0%80", "%C1%BF", "%E0%80%80", "%ED%A0%80", "%F0%80%80%80",
                            "%F4%90%80%80", "%F5%80%80%80", "%E2%98", "%C3x"}) {
    CAPTURE(bytes);
    CHECK(refused([&] { form(form_with("a@b", bytes, "")); }) == 422);
    CHECK(refused([&] { form(form_with("a@b", "s", bytes)); }) == 422);
  }
  CHECK(form(form_with("a@b", "%C2%80%E0%A0%80%ED%9F%BF%F0%90%80%80%F4%8F%BF%BF", "")).subject.size() == 16);
}

TEST_CASE("JSON that is no letter is told from what is no JSON, and from other media types") {
  CHECK(refused([] { json("{"); }) == 400);
  CHECK(refused([] { json(std::string(100'000, '[')); }) == 400);
  CHECK(refused([] { json("{\"to\": \"a@b\", \"subject\": \"\xFF\", \"body\": \"\"}"); }) == 400);
  for (const auto* text : {"[]", "null", "\"to\"", "{}", R"({"to": ["a@b"], "subject": "s", "body": ""})",
                           R"({"to": "a@b", "subject": 1, "body": ""})", R"({"to": "a@b", "subject": "s\nBcc: x", "body": ""})",
                           R"({"to": "a@b", "subject": "s", "body": "\u0000"})"}) {
    CAPTURE(text);
    CHECK(refused([&] { json(text); }) == 422);
  }
  CHECK(refused([] { read("text/plain", "to=a@b&subject=s&body="); }) == 415);
  CHECK(refused([] { read_letter(csgi::request{}, "to=a@b&subject=s&body="); }) == 415);
}

TEST_CASE("as a file it is what it was") {
  const letter l{"a@b", "To: x", "\n\nSubject: y\n\n"};
  CHECK(to_text(l) == "To: a@b\nSubject: To: x\n\n\n\nSubject: y\n\n");
  CHECK(letter_from_text(to_text(l)) == l);
  for (const auto* text : {"", "To: ", "To: a@b", "To: a@b\nSubject: s", "To: a@b\nSubject: s\n",
                           "\nSubject: s\n\n", "To\nSubject: s\n\n"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(letter_from_text(text), std::runtime_error);
  }
}
}
