#include <csgi/response_rules.hpp>
#include <doctest/doctest.h>

using csgi::body_end;
using csgi::ending;
using csgi::field;
using csgi::http_version;
using csgi::phase;
using csgi::response_rules;

namespace {

const field ten[] = {{"Content-Length", "10"}};

response_rules started(const csgi::request_facts& facts, int status = 200, std::span<const field> fields = {}) {
  response_rules rules;
  rules.reset(facts);
  CHECK_FALSE(rules.start({.status = status, .fields = fields}));
  return rules;
}

}  // namespace

// The rest is said of response_framer, which goes by these rules.
TEST_SUITE("response_rules") {
TEST_CASE("the write that commits decides how the body is framed") {
  auto whole = started({});
  CHECK_FALSE(whole.write(3, ending::finish));
  CHECK(whole.end() == body_end::counted);
  auto parts = started({});
  CHECK_FALSE(parts.write(3, ending::more));
  CHECK(parts.end() == body_end::chunks);
  CHECK(parts.keep_alive());
  auto old = started({.version = http_version::http_1_0});
  CHECK_FALSE(old.write(3, ending::more));
  CHECK(old.end() == body_end::close);
  CHECK_FALSE(old.keep_alive());
  auto said = started({}, 200, ten);
  CHECK_FALSE(said.write(3, ending::more));
  CHECK(said.end() == body_end::said);
  auto head = started({.head_request = true});
  CHECK_FALSE(head.write(3, ending::finish));
  CHECK(head.end() == body_end::counted);
  CHECK_FALSE(head.sends_body());
}

TEST_CASE("what a head would change is changed by the second part of a start, not by the question whether it is refused") {
  response_rules rules;
  const csgi::response_head head{.fields = ten};
  const auto checked = csgi::check_head(head);
  CHECK(rules.refusal(std::nullopt) == std::errc::invalid_argument);
  CHECK_FALSE(rules.refusal(checked));
  CHECK(rules.phase() == phase::open);
  rules.start(head, *checked);
  CHECK(rules.phase() == phase::started);
  CHECK(rules.write(11, ending::more) == std::errc::message_size);
  CHECK_FALSE(rules.write(10, ending::finish));
  CHECK(rules.refusal(checked) == std::errc::operation_not_permitted);
}

TEST_CASE("a Content-Length is refused where chunks are wanted") {
  response_rules rules;
  CHECK_FALSE(rules.want_chunks());
  CHECK(rules.refusal(csgi::check_head({.fields = ten})) == std::errc::invalid_argument);
  CHECK(rules.start({.fields = ten}) == std::errc::invalid_argument);
  CHECK(rules.phase() == phase::open);
}

TEST_CASE("a copy that is put back undoes what was between") {
  auto rules = started({}, 200, ten);
  const auto before = rules;
  CHECK_FALSE(rules.write(10, ending::finish));
  CHECK(rules.phase() == phase::finished);
  rules = before;
  CHECK(rules.phase() == phase::started);
  CHECK(rules.write(11, ending::more) == std::errc::message_size);
  CHECK(rules.phase() == phase::started);
  CHECK(rules.write(9, ending::finish) == std::errc::bad_message);
  CHECK(rules.phase() == phase::aborted);
}
}
