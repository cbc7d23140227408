// mailer_test.cpp - both forms through the test client, in time that need not be waited for.
#include "town.hpp"
#include <doctest/doctest.h>
#include <mailer/back_off.hpp>

using namespace csgi;
using namespace std::chrono_literals;
using testing::response;

namespace {

constexpr app_kind forms[] = {app_kind::async, app_kind::blocking};

std::string id_of(const response& r) { return std::string(parse_json(r.body).at("id").as_string()); }

using names = std::vector<std::string>;

names told(mailer_life& life, log_level level) {
  names lines;
  for (const auto& line : life.of().log())
    if (line.level == level) lines.push_back(line.text);
  std::ranges::sort(lines);
  return lines;
}

}  // namespace

TEST_SUITE("mailer") {
TEST_CASE("pauses double up to the longest one") {
  constexpr back_off pauses;
  std::vector<std::chrono::seconds> all;
  for (unsigned attempt = 1; attempt < pauses.attempts; ++attempt) all.push_back(pauses.behind(attempt));
  CHECK(all == std::vector{1s, 2s, 4s, 8s, 16s, 32s, 60s});
  CHECK(pauses.behind(1'000'000) == 60s);
  CHECK(back_off{.first = 5s, .longest = 3s}.behind(1) == 3s);
}

TEST_CASE("a letter is kept before the answer, and sent behind it") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    const auto life = t.open(form);
    const auto r = life->post("to=ada@example.org&subject=Tea&body=At+five");
    CHECK(r.status == 202);
    CHECK(r.field("content-type") == "application/json");
    const auto id = id_of(r);
    CHECK(r.field("location") == '/' + id);
    CHECK(t.seen.subjects.empty());
    CHECK(t.spool.bytes("new", id) == "To: ada@example.org\nSubject: Tea\n\nAt five");
    CHECK(life->state(id) == "waiting");
    life->of().wait_for_background();
    CHECK(t.seen.subjects == names{"Tea"});
    CHECK(life->state(id) == "sent");
    CHECK(t.spool.names("new").empty());
    CHECK(t.spool.names("sent") == names{id});
  }
}

TEST_CASE("letters are sent beside each other") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    const auto life = t.open(form);
    for (int i = 0; i < 50; ++i) CHECK(life->post_to("a@b", "s").status == 202);
    life->of().wait_for_background();
    CHECK(t.seen.subjects.size() == 50);
    CHECK(t.seen.most_at_once == 50);
  }
}

TEST_CASE("a stop waits for what is being sent") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    const auto life = t.open(form);
    const auto id = id_of(life->post_to("a@b", "last"));
    life->of().close();
    CHECK(t.seen.subjects == names{"last"});
    CHECK(t.spool.names("sent") == names{id});
  }
}

TEST_CASE("what the grace time is too short for is sent by who comes next") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    auto life = t.open(form, 100, 1min);
    const auto id = id_of(life->post_to("a@b", "slow"));
    life->of().close();
    CHECK(life->of().log().empty());
    CHECK(t.seen.subjects.empty());
    CHECK(t.spool.names("new") == names{id});

    life.reset();
    life = t.open(form);
    CHECK(life->state(id) == "waiting");
    life->of().wait_for_background();
    CHECK(t.seen.subjects == names{"slow"});
    CHECK(life->state(id) == "sent");
  }
}

TEST_CASE("what is left is sent once, though new letters come meanwhile and two processes share the spool") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    for (int i = 0; i < 40; ++i) {
      auto digits = std::to_string(i);
      t.spool.write("new", std::string(32 - digits.size(), '0') + digits, to_text({"a@b", "left", ""}));
    }
    const auto one = t.open(form), other = t.open(form);
    one->post_to("a@b", "new");
    one->of().wait_for_background();
    other->of().wait_for_background();
    CHECK(std::ranges::count(t.seen.subjects, "left") == 40);
    CHECK(std::ranges::count(t.seen.subjects, "new") == 1);
    CHECK(t.spool.names("new").empty());
  }
}

TEST_CASE("what cannot be delivered stays, is told, and keeps no other letter waiting") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    t.spool.write("new", std::string(32, '0'), "garbage");
    t.spool.write("new", std::string(32, '1'), to_text({"nobody@b", "lost", ""}));
    t.spool.write("new", std::string(32, '2'), to_text({"a@b", "left", ""}));
    const auto life = t.open(form);
    const auto lost = id_of(life->post_to("nobody@b", "lost"));
    life->of().wait_for_background();
    CHECK(t.seen.subjects == names{"left"});
    CHECK(life->state(lost) == "waiting");
    CHECK(t.spool.names("new").size() == 3);
    names given_up{"letter " + std::string(32, '0') + " was not sent: this is no letter",
                   "letter " + std::string(32, '1') + " was not sent: nobody lives there",
                   "letter " + lost + " was not sent: nobody lives there"};
    std::ranges::sort(given_up);
    CHECK(told(*life, log_level::error) == given_up);
  }
}

TEST_CASE("a letter that could not be delivered is tried again after pauses that grow, and sent once") {
  for (const auto form : forms) {
    for (const bool was_left : {false, true}) {
      CAPTURE(to_string(form));
      CAPTURE(was_left);
      town t;
      t.seen.refusals = 3;
      auto id = std::string(32, '1');
      if (was_left) t.spool.write("new", id, to_text({"busy@b", "in the end", ""}));
      const auto life = t.open(form);
      if (!was_left) id = id_of(life->post_to("busy@b", "in the end"));
      const auto later = [&](clock::duration time) { life->of().run([time]() -> task<> { co_await sleep_for(time); }); };
      later(1h + 500ms);                  // an attempt takes an hour
      CHECK(t.seen.refused == 1);
      CHECK(t.seen.running == 0);
      later(1s);
      CHECK(t.seen.running == 1);
      later(1h + 500ms);
      CHECK(t.seen.refused == 2);
      CHECK(t.seen.running == 0);
      later(2s);
      CHECK(t.seen.running == 1);
      life->of().wait_for_background();
      CHECK(t.seen.subjects == names{"in the end"});
      CHECK(life->state(id) == "sent");
      const auto failure = [&](const char* pause) {
        return "letter " + id + " was not sent, and is tried again in " + pause + " s: nobody is at home";
      };
      CHECK(told(*life, log_level::warning) == names{failure("1"), failure("2"), failure("4")});
      CHECK(told(*life, log_level::error).empty());
    }
  }
}

TEST_CASE("attempts and pauses are bounded, and what was given up is sent by who opens the spool next") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    t.seen.refusals = 8;
    auto life = t.open(form);
    const auto id = id_of(life->post_to("busy@b", "another day"));
    life->of().wait_for_background();
    CHECK(t.seen.refused == 8);
    CHECK(told(*life, log_level::warning).size() == 7);
    CHECK(told(*life, log_level::error) == names{"letter " + id + " was not sent: nobody is at home"});
    CHECK(life->state(id) == "waiting");
    CHECK(t.spool.names("new") == names{id});

    life.reset();
    life = t.open(form);
    life->of().wait_for_background();
    CHECK(t.seen.subjects == names{"another day"});
    CHECK(life->state(id) == "sent");
  }
}

TEST_CASE("a stop does not wait for a pause, and keeps the letter") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    t.seen.refusals = 100;
    const auto life = t.open(form);
    const auto id = id_of(life->post_to("busy@b", "later"));
    CHECK(life->of().loop().turn_until([&] { return t.seen.refused == 6; }));      // 32 seconds are to be waited
    life->of().close();
    CHECK(t.seen.refused == 6);
    CHECK(t.spool.names("new") == names{id});
  }
}

TEST_CASE("when too many wait, nothing is promised nor kept") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    const auto life = t.open(form, 2);
    for (int i = 0; i < 2; ++i) CHECK(life->post_to("a@b", "s").status == 202);
    const auto r = life->post_to("a@b", "one too many");
    CHECK(r.status == 503);
    CHECK(r.field("retry-after") == "2");
    CHECK(t.spool.names("new").size() == 2);
    life->of().wait_for_background();
    CHECK(life->post_to("a@b", "s").status == 202);
  }
}

TEST_CASE("when too much runs in the background, nothing is promised nor kept") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    const auto life = t.open(form);
    life->of().wait_for_background();      // which has looked for what was left
    CHECK(std::stoi(life->of().get("/fill").body) > 1000);
    const auto r = life->post_to("a@b", "s");
    CHECK(r.status == 503);
    CHECK(r.field("retry-after") == "2");
    CHECK(t.spool.names("new").empty());
    CHECK(t.spool.names("tmp").empty());
    life->of().wait_for_background();
    CHECK(t.seen.subjects.empty());
    CHECK(life->post_to("a@b", "s").status == 202);
  }
}

TEST_CASE("a client that goes away before its answer has its letter sent all the same") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    const auto life = t.open(form);
    auto live = life->of().begin("POST", "/", {.fields = life->form_type, .body = testing::request_body::by_hand(34)});
    live.send("to=a@b&subject=gone&body=text12345");
    live.disconnect();
    live.outcome();
    life->of().wait_for_background();
    CHECK(t.seen.subjects.size() == t.spool.names("sent").size());
    CHECK(t.spool.names("new").empty());
    CHECK(t.spool.names("tmp").empty());
  }
}

TEST_CASE("hostile requests are refused, and nothing is kept") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    const auto life = t.open(form);
    CHECK(life->post_to("a@b%0D%0ABcc:c@d", "s").status == 422);
    CHECK(life->post("to=a@b&subject=s&body=" + std::string(600'000, 'x')).status == 413);
    CHECK(life->of().post("/", {.fields = {{"content-type", "application/json"}}, .body = "{\"to\": "}).status == 400);
    CHECK(life->of().post("/", {.fields = {{"content-type", "image/png"}}, .body = "x"}).status == 415);
    CHECK(life->of().post("/").status == 415);
    const auto read = life->of().get("/"), written = life->of().request("DELETE", '/' + std::string(32, '0'));
    CHECK(read.status == 405);
    CHECK(read.field("allow") == "POST");
    CHECK(written.status == 405);
    CHECK(written.field("allow") == "GET, HEAD");
    for (const auto* path : {"/..", "/../new", "/%2e%2e%2fnew", "/new", "/tmp/x", "/%00", "/00000000000000000000000000000000", "//"}) {
      CAPTURE(path);
      CHECK(life->of().get(path).status == 404);
    }
    life->of().wait_for_background();
    CHECK(t.seen.subjects.empty());
    CHECK(t.spool.names("tmp").empty());
    CHECK(t.spool.names("new").empty());
  }
}

TEST_CASE("where a letter is, is told below the mount point; HEAD has no body") {
  for (const auto form : forms) {
    CAPTURE(to_string(form));
    town t;
    t.root_path = "/mail out";
    const auto life = t.open(form);
    for (const auto* root : {"/mail%20out", "/mail%20out/"}) {
      const auto r = life->of().post(root, {.fields = life->form_type, .body = "to=a@b&subject=s&body="});
      const auto location = "/mail%20out/" + id_of(r);
      CHECK(r.field("location") == location);
      CHECK(life->of().get(location).field("cache-control") == "no-store");
      const auto head = life->of().head(location);
      CHECK(head.status == 200);
      CHECK(head.body.empty());
    }
  }
}
}
