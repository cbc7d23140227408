#include <csgi/serving/checked_options.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <stdexcept>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

/// What is said of options with that one thing wrong.
std::string complaint(const std::function<void(server_options&)>& spoil) {
  server_options options;
  spoil(options);
  try {
    check(options);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

bool names(const char* option, const std::function<void(server_options&)>& spoil) {
  return complaint(spoil).starts_with(option);
}

}  // namespace

TEST_SUITE("checked_options") {
TEST_CASE("an option that makes no sense is named") {
  for (const char* root : {"/", "shop", "/shop/", "//"})
    CHECK(names("root_path", [root](auto& o) { o.root_path = root; }));
  CHECK(names("limits.request_line", [](auto& o) { o.limits.request_line = 0; }));
  CHECK(names("limits.request_head", [](auto& o) { o.limits.request_head = 0; }));
  CHECK(names("limits.request_head", [](auto& o) { o.limits.request_head = 60 * 1024 + 1; }));
  CHECK(names("limits.request_fields", [](auto& o) { o.limits.request_fields = 0; }));
  CHECK(names("deadlines.head", [](auto& o) { o.deadlines.head = 0ms; }));
  CHECK(names("deadlines.body", [](auto& o) { o.deadlines.body = 0ms; }));
  CHECK(names("deadlines.write", [](auto& o) { o.deadlines.write = -1ms; }));
  CHECK(names("deadlines.first_byte", [](auto& o) { o.deadlines.first_byte = 0ms; }));
  CHECK(names("deadlines.idle", [](auto& o) { o.deadlines.idle = 0ms; }));
  CHECK(names("deadlines.queue", [](auto& o) { o.deadlines.queue = -1ms; }));
  CHECK(names("deadlines.grace", [](auto& o) { o.deadlines.grace = -1ms; }));
  CHECK(names("threads", [](auto& o) { o.threads = 0; }));
}

TEST_CASE("a deadline so far away that no clock can tell it is named too") {
  static constexpr auto never = std::chrono::milliseconds::max();
  CHECK(names("deadlines.head", [](auto& o) { o.deadlines.head = never; }));
  CHECK(names("deadlines.body", [](auto& o) { o.deadlines.body = never; }));
  CHECK(names("deadlines.write", [](auto& o) { o.deadlines.write = never; }));
  CHECK(names("deadlines.idle", [](auto& o) { o.deadlines.idle = never; }));
  CHECK(names("deadlines.grace", [](auto& o) { o.deadlines.grace = never; }));
  CHECK(complaint([](auto& o) { o.deadlines.idle = std::chrono::hours(24 * 365); }) == "");
}

TEST_CASE("the largest head and no grace are fine") {
  CHECK(complaint([](auto& o) { o.limits.request_head = 60 * 1024; }) == "");
  CHECK(complaint([](auto& o) { o.deadlines.grace = 0ms; }) == "");
}
}
