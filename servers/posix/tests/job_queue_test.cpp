// job_queue_test.cpp - who gets the next thread, and who has to wait although there is one.
#include <csgi/posix/job_queue.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace csgi::posix;
using namespace std::chrono_literals;

namespace {

struct named : queued<named> {
  explicit named(char n, bool is_upload = false) noexcept : name(n) { upload = is_upload; }
  char name;
};

struct upload final : named {
  explicit upload(char n) noexcept : named(n, true) {}
};

/// All that may run, with nothing ending.
std::string take_all(job_queue<named>& queue) {
  std::string names;
  while (named* const next = queue.pop()) names += next->name;
  return names;
}

constexpr std::size_t many = 100;

}  // namespace

TEST_SUITE("a queue of jobs") {
TEST_CASE("gives them in the order that they came, whatever they are") {
  job_queue<named> queue(4);
  upload a('a'), c('c');
  named b('b'), d('d');
  for (named* const each : {static_cast<named*>(&a), &b, static_cast<named*>(&c), &d}) queue.push(*each);
  CHECK(queue.size() == 4);
  CHECK(queue.may_pop());
  CHECK(take_all(queue) == "abcd");
  CHECK(queue.size() == 0);
  CHECK_FALSE(queue.may_pop());
}

TEST_CASE("runs uploads on half of the threads, and others before those that wait") {
  job_queue<named> queue(5);
  upload a('a'), b('b'), c('c'), d('d');
  named e('e'), f('f');
  for (named* const each : {static_cast<named*>(&a), static_cast<named*>(&b), static_cast<named*>(&c), static_cast<named*>(&d), &e}) queue.push(*each);
  CHECK(take_all(queue) == "abe");
  CHECK_FALSE(queue.may_pop());
  CHECK(queue.size() == 2);
  queue.push(f);
  CHECK(take_all(queue) == "f");
  queue.upload_done();
  CHECK(queue.may_pop());
  CHECK(take_all(queue) == "c");
  queue.upload_done();
  queue.upload_done();
  CHECK(take_all(queue) == "d");
}

TEST_CASE("runs an upload where there is one thread, but wants its body first") {
  job_queue<named> queue(1);
  upload a('a'), b('b');
  CHECK(queue.offer(a, many, true) == offered::body_first);
  CHECK(queue.offer(a, many, false) == offered::taken);
  CHECK(queue.offer(b, many, false) == offered::taken);
  CHECK(take_all(queue) == "a");
  queue.upload_done();
  CHECK(take_all(queue) == "b");
}

TEST_CASE("wants the body of an upload first where others have the threads for those, unless it cannot be had") {
  job_queue<named> queue(4);
  upload a('a'), b('b'), c('c');
  named d('d');
  CHECK(queue.offer(a, many, true) == offered::taken);
  CHECK(queue.offer(b, many, true) == offered::taken);
  CHECK(queue.offer(c, many, true) == offered::body_first);
  CHECK(queue.offer(d, many, true) == offered::taken);
  CHECK(take_all(queue) == "abd");
  CHECK(queue.offer(c, many, true) == offered::body_first);
  CHECK(queue.offer(c, many, false) == offered::taken);
  CHECK(take_all(queue).empty());
  queue.upload_done();
  CHECK(take_all(queue) == "c");
}

TEST_CASE("refuses what is offered when as many wait as may, and takes what is pushed") {
  job_queue<named> queue(4);
  named a('a'), b('b'), c('c');
  CHECK(queue.offer(a, 1, true) == offered::taken);
  CHECK(queue.offer(b, 1, true) == offered::refused);
  queue.push(c);
  upload d('d'), e('e');
  CHECK(queue.offer(d, 1, true) == offered::taken);     // others do not take its place, nor it theirs
  CHECK(queue.offer(e, 1, true) == offered::refused);
  CHECK(take_all(queue) == "acd");
}

TEST_CASE("gives up those whose time is over, and no others") {
  job_queue<named> queue(4);
  const auto now = csgi::clock::now();
  named a('a'), b('b'), c('c');
  upload d('d'), e('e');
  a.until = d.until = now;
  b.until = e.until = now + 1s;
  for (named* const each : {&a, &b, &c, static_cast<named*>(&d), static_cast<named*>(&e)}) queue.push(*each);
  auto overdue = queue.take_overdue(now);
  CHECK(overdue.size() == 2);
  CHECK(overdue.pop() == &a);
  CHECK(overdue.pop() == &d);
  CHECK(take_all(queue) == "bce");
}
}
