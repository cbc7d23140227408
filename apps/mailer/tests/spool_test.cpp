#include <mailer/spool.hpp>
#include "spool_directory.hpp"
#include <atomic>
#include <doctest/doctest.h>
#include <system_error>
#include <thread>

namespace {

const letter sample{"a@b", "s", "text"};
const std::string some_id(32, '0');

}  // namespace

TEST_SUITE("spool") {
TEST_CASE("a letter is whole in new/ when it is kept, and in sent/ when it was sent") {
  const spool_directory directory;
  spool s(directory.path() + "/made", 10);
  CHECK(!s.find(some_id));
  const auto one = s.add(sample);
  REQUIRE(one);
  CHECK(s.find(one->id()) == letter_state::waiting);
  CHECK(directory.names("made/new") == std::vector{one->id()});
  CHECK(directory.bytes("made/new", one->id()) == to_text(sample));
  CHECK(directory.names("made/tmp").empty());
  s.mark_sent(*one);
  CHECK(s.find(one->id()) == letter_state::sent);
  CHECK(directory.names("made/new").empty());
  CHECK(directory.bytes("made/sent", one->id()) == to_text(sample));
}

TEST_CASE("nobody else claims a letter while somebody has it, in this process or another") {
  const spool_directory directory;
  spool mine(directory.path(), 10), other(directory.path(), 10);
  std::string id;
  {
    const auto one = mine.add(sample);
    id = one->id();
    CHECK(other.waiting() == std::vector{id});
    CHECK(!other.claim(id));
    CHECK(!mine.claim(id));
  }
  const auto again = other.claim(id);
  REQUIRE(again);
  CHECK(again->content() == sample);
  CHECK(!mine.claim(id));
  other.mark_sent(*again);
  CHECK(!mine.claim(id));
}

TEST_CASE("what was never wholly written is removed, unless it is being written") {
  const spool_directory directory;
  directory.write("tmp", some_id, "To: a@");
  directory.write("tmp", "README", "not ours");
  const spool s(directory.path(), 10);
  CHECK(directory.names("tmp") == std::vector<std::string>{"README"});
  CHECK(s.waiting().empty());
}

TEST_CASE("letters are kept while other processes begin, which look for what was left behind") {
  const spool_directory directory;
  spool mine(directory.path(), 10'000);
  std::atomic<bool> enough{false};
  std::vector<std::jthread> others;
  for (int i = 0; i < 4; ++i) others.emplace_back([&] {
    while (!enough) spool(directory.path(), 10);
  });
  int kept = 0;
  try {
    for (; kept < 300; ++kept) REQUIRE(mine.add(sample));
  } catch (const std::exception& failure) {
    CHECK_MESSAGE(kept == 300, failure.what());
  }
  enough = true;
  others.clear();
  CHECK(directory.names("new").size() == 300);
  CHECK(directory.names("tmp").empty());
}

TEST_CASE("what is no letter is told, and stays") {
  const spool_directory directory;
  directory.write("new", some_id, "To: a@");
  directory.write("new", "README", "not ours");
  const spool s(directory.path(), 10);
  CHECK(s.waiting() == std::vector{some_id});
  CHECK_THROWS_WITH_AS(s.claim(some_id), "this is no letter", std::runtime_error);
  CHECK(directory.names("new").size() == 2);
}

TEST_CASE("no more letters wait than may, those of an earlier process and of another one counted") {
  const spool_directory directory;
  directory.write("new", some_id, to_text(sample));
  spool s(directory.path(), 2), other(directory.path(), 2);
  const auto one = s.add(sample);
  REQUIRE(one);
  CHECK(!s.add(sample));
  other.mark_sent(*other.claim(some_id));
  const auto two = s.add(sample);
  REQUIRE(two);
  CHECK(!s.add(sample));
  s.discard(two->id());
  CHECK(!s.find(two->id()));
  CHECK(s.add(sample));
}

TEST_CASE("a letter that cannot be kept leaves nothing behind") {
  const spool_directory directory;
  spool s(directory.path(), 1);
  std::filesystem::remove(directory.path() + "/new");
  CHECK_THROWS_AS(s.add(sample), std::system_error);
  CHECK_THROWS_AS(s.add(sample), std::system_error);      // its place was given back
  CHECK(directory.names("tmp").empty());
}

TEST_CASE("only ids are looked for") {
  const spool_directory directory;
  directory.write("new", "../outside", "x");
  directory.write("new", "README", "x");
  const spool s(directory.path(), 1);
  const std::string digits(31, '0');
  for (const auto& id : {std::string(), std::string("."), std::string("../outside"), std::string("README"), std::string("/etc/passwd"),
                         digits, digits + 'g', digits + 'A', digits + "00", digits + '/'}) {
    CAPTURE(id);
    CHECK(!s.find(id));
  }
}

TEST_CASE("a spool that cannot be made is told") {
  CHECK_THROWS_AS(spool("/nowhere/at/all", 1), std::system_error);
  CHECK_THROWS_AS(spool("/dev/null", 1), std::system_error);
}
}
