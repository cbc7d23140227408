#include <csgi/plain_path.hpp>
#include <doctest/doctest.h>

using csgi::fault_of_path;
using enum csgi::path_fault;

static_assert(fault_of_path("/a") == none);

TEST_SUITE("plain_path") {
TEST_CASE("paths that everybody reads alike have no fault") {
  for (const auto* path : {"/", "*", "/a", "/a/", "/a/b.txt", "/.a", "/...", "/a..b/..c/d..", "/%41", "/%20", "/%252e%252e", "/%C3%A9", "/a%25",
                           "/a;p=1/~b", "/.well-known/x"}) {
    CAPTURE(path);
    CHECK(fault_of_path(path) == none);
  }
}

TEST_CASE("what could be read in two ways is named") {
  for (const auto& each :
       {std::pair("/..", dot_segment), {"/.", dot_segment}, {"/a/../b", dot_segment}, {"/a/./b", dot_segment}, {"/a/..", dot_segment},
        {"//", empty_segment}, {"//a", empty_segment}, {"/a//b", empty_segment}, {"/a//", empty_segment},
        {"/a%2fb", encoded_slash}, {"/a%2Fb", encoded_slash}, {"/%2e%2E/a", encoded_dot}, {"/.%2e/a", encoded_dot}, {"/a%2Etxt", encoded_dot},
        {"/a%5cb", backslash}, {"/a%5C", backslash}, {"/a\\b", backslash}, {"/%00", control_character}, {"/a%0d%0A", control_character},
        {"/a%7f", control_character}, {"/a\tb", control_character}}) {
    CAPTURE(each.first);
    CHECK(fault_of_path(each.first) == each.second);
  }
}
}
