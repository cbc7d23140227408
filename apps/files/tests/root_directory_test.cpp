#include <files/root_directory.hpp>
#include "served_directory.hpp"
#include <atomic>
#include <cstdio>
#include <doctest/doctest.h>
#include <thread>

namespace {

std::string content(const file_descriptor& file) {
  char bytes[64];
  const auto got = file ? ::read(file.number(), bytes, sizeof bytes) : 0;
  return std::string(bytes, got > 0 ? static_cast<std::size_t>(got) : 0);
}

constexpr auto both = {root_directory::containment::by_kernel, root_directory::containment::by_steps};

}  // namespace

TEST_SUITE("root_directory") {
TEST_CASE("files below the root are opened, and the root itself") {
  const served_directory directory;
  directory.write("a.txt", "a");
  directory.write("x/y/z", "deep");
  for (const auto how : both) {
    const root_directory root(directory.path(), how);
    CHECK(content(root.open("a.txt")) == "a");
    CHECK(content(root.open("x/y/z")) == "deep");
    CHECK(root.open(""));
    CHECK(root.open("x/y"));
    CHECK(!root.open("absent"));
    CHECK(!root.open("a.txt/b"));
  }
}

TEST_CASE("no path leads outside") {
  const served_directory directory;
  directory.write("x/y", "inside");
  const std::string absolute = directory.path("../outside.txt");
  for (const auto how : both) {
    const root_directory root(directory.path(), how);
    for (const auto& path : {std::string("../outside.txt"), std::string("x/../../outside.txt"), std::string(".."), std::string("x/.."),
                             absolute, '/' + absolute, std::string("x//y"), std::string("./x/y"), std::string("x/y/"), std::string("/"),
                             std::string("x/y\0", 4), std::string("x\0/y", 4)}) {
      CAPTURE(path);
      CHECK(!root.open(path));
    }
  }
}

TEST_CASE("links to the outside are not followed, wherever they are in a path") {
  const served_directory directory;
  directory.link("relative", "../outside.txt");
  directory.link("absolute", directory.path("../outside.txt"));
  directory.link("up", "..");
  directory.link("loop", "loop");
  directory.link("self", "/proc/self/root");
  for (const auto how : both) {
    const root_directory root(directory.path(), how);
    for (const auto* path : {"relative", "absolute", "up", "up/outside.txt", "loop", "self/etc/passwd"}) {
      CAPTURE(path);
      CHECK(!root.open(path));
    }
  }
}

TEST_CASE("a link that takes a directory's place between two looks leads nowhere outside") {
  const served_directory directory;
  directory.write("d/outside.txt", "inside");
  directory.link("l", "..");
  const auto first = directory.path("d"), second = directory.path("l");
  for (const auto how : both) {
    std::atomic<bool> over{false};
    std::thread changes([&] {
      while (!over) ::renameat2(AT_FDCWD, first.c_str(), AT_FDCWD, second.c_str(), RENAME_EXCHANGE);
    });
    const root_directory root(directory.path(), how);
    int inside = 0, outside = 0, refused = 0;
    while (inside < 200 || refused < 200) {
      const auto got = content(root.open("d/outside.txt"));
      ++(got == "inside" ? inside : got.empty() ? refused : outside);
    }
    over = true;
    changes.join();
    CHECK(outside == 0);
  }
}

TEST_CASE("links to the outside are followed where that is wanted, and no path leads there without one") {
  const served_directory directory;
  directory.link("file", "../outside.txt");
  directory.link("up", "..");
  const root_directory root(directory.path(), root_directory::links::followed);
  CHECK(content(root.open("file")) == "outside");
  CHECK(content(root.open("up/outside.txt")) == "outside");
  CHECK(!root.open("../outside.txt"));
  CHECK(!root.open("up/../outside.txt"));
  CHECK(!root.open(directory.path("../outside.txt")));
}

TEST_CASE("links that stay inside are followed only where the kernel keeps them there") {
  const served_directory directory;
  directory.write("x/y", "inside");
  directory.link("z", "x/../x/y");
  const root_directory by_kernel(directory.path(), root_directory::containment::by_kernel);
  CHECK(content(by_kernel.open("z")) == "inside");
  const root_directory by_steps(directory.path(), root_directory::containment::by_steps);
  CHECK(!by_steps.open("z"));
}

TEST_CASE("hidden names are not served, but for .well-known") {
  const served_directory directory;
  directory.write(".git/config", "secret");
  directory.write("x/.env", "secret");
  directory.write(".well-known/security.txt", "public");
  const root_directory root(directory.path());
  CHECK(!root.open(".git/config"));
  CHECK(!root.open(".git"));
  CHECK(!root.open("x/.env"));
  CHECK(content(root.open(".well-known/security.txt")) == "public");
}

TEST_CASE("a FIFO without a writer does not make it wait") {
  const served_directory directory;
  REQUIRE(::mkfifo(directory.path("fifo").c_str(), 0600) == 0);
  for (const auto how : both) CHECK(root_directory(directory.path(), how).open("fifo"));
}

TEST_CASE("a root that is no directory is refused") {
  const served_directory directory;
  directory.write("file", "");
  CHECK_THROWS_AS(root_directory(directory.path("file")), std::invalid_argument);
  CHECK_THROWS_WITH_AS(root_directory("/nowhere/at/all"), "cannot serve \"/nowhere/at/all\": No such file or directory",
                       std::invalid_argument);
}
}
