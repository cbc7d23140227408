#include <csgi/plugin_library.hpp>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace {

// Where CMake puts the fixture plug-ins of tests/plugins.
const std::filesystem::path plugins = CSGI_TEST_PLUGINS;

std::string failure_of(auto action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no failure";
}

std::string load_failure(const std::filesystem::path& path) {
  return failure_of([&] { csgi::plugin_library library(path); });
}

std::string in_plugins(const char* file) { return (plugins / file).string(); }

}  // namespace

TEST_SUITE("plugin_library") {
TEST_CASE("a plug-in tells its name and kind before its app is made") {
  const csgi::plugin_library library(plugins / "fitting.so");
  CHECK(library.path() == plugins / "fitting.so");
  CHECK(library.manifest().name == std::string_view("fitting"));
  CHECK(library.manifest().kind == csgi::app_kind::blocking);
  CHECK(library.manifest().toolchain == std::string_view(csgi::toolchain));
}

TEST_CASE("its app is made with the arguments, and destroyed by its own code") {
  const csgi::plugin_library library(plugins / "fitting.so");
  const auto mark = std::filesystem::temp_directory_path() / ("csgi-destroyed-" + std::to_string(getpid()));
  std::filesystem::remove(mark);
  const std::string name = mark.string();
  const std::string_view given[] = {"--mark", name};
  {
    const auto app = library.make_app(given);
    CHECK(app.get().kind() == csgi::app_kind::blocking);
    CHECK_FALSE(std::filesystem::exists(mark));
  }
  CHECK(std::filesystem::remove(mark));
}

TEST_CASE("a moved app has one owner") {
  const csgi::plugin_library library(plugins / "fitting.so");
  auto app = library.make_app();
  const auto moved = std::move(app);
  CHECK(moved.get().kind() == csgi::app_kind::blocking);
}

TEST_CASE("two apps of one plug-in are two objects") {
  const csgi::plugin_library library(plugins / "fitting.so");
  const auto one = library.make_app();
  const auto other = library.make_app();
  CHECK(&one.get().blocking() != &other.get().blocking());
}

TEST_CASE("what does not fit is refused in one line that names the file") {
  CHECK(load_failure(plugins / "absent.so") == "no such file: " + in_plugins("absent.so"));
  CHECK(load_failure(plugins) == plugins.string() + " is not a file");
  CHECK(load_failure(plugins / "silent.so") ==
        in_plugins("silent.so") + " is not a CSGI plug-in (it exports no csgi_plugin)");
  CHECK(load_failure(plugins / "foreign.so") ==
        in_plugins("foreign.so") + " was built with libfoo++ (abi 7), but this host with " + csgi::toolchain);

  const auto host = std::to_string(csgi::interface_major) + '.' + std::to_string(csgi::interface_minor);
  const auto later = std::to_string(csgi::interface_major) + '.' + std::to_string(csgi::interface_minor + 1);
  const auto alien = std::to_string(csgi::interface_major + 1) + ".0";
  CHECK(load_failure(plugins / "later_minor.so") ==
        in_plugins("later_minor.so") + " was built for CSGI interface " + later + ", but this host has " + host);
  CHECK(load_failure(plugins / "other_major.so") ==
        in_plugins("other_major.so") + " was built for CSGI interface " + alien + ", but this host has " + host);
}

TEST_CASE("a file that is no shared library, or only half of one, is called so") {
  const auto text = std::filesystem::temp_directory_path() / ("csgi-text-" + std::to_string(getpid()) + ".so");
  std::ofstream(text) << "hello";
  CHECK(load_failure(text) == text.string() + " is not a shared library, or only a part of one");
  std::ofstream(text) << "";
  CHECK(load_failure(text) == text.string() + " is not a shared library, or only a part of one");
  std::ostringstream whole;
  whole << std::ifstream(in_plugins("other_major.so"), std::ios::binary).rdbuf();
  for (const std::size_t part : {std::size_t{4}, std::size_t{100}, whole.str().size() / 4, whole.str().size() / 2}) {
    CAPTURE(part);
    std::ofstream(text, std::ios::binary) << whole.str().substr(0, part);
    CHECK(load_failure(text) == text.string() + " is not a shared library, or only a part of one");
  }
  std::filesystem::remove(text);
}

TEST_CASE("what an app's constructor throws is told") {
  const csgi::plugin_library library(plugins / "refusing.so");
  const std::string_view number[] = {"42"};
  CHECK(failure_of([&] { library.make_app(); }) == in_plugins("refusing.so") + " did not start: wants --root DIR");
  CHECK(failure_of([&] { library.make_app(number); }) ==
        in_plugins("refusing.so") + " did not start: its constructor threw something that is not a std::exception");
}

TEST_CASE("an app without a use for arguments refuses them") {
  const csgi::plugin_library library(plugins / "plain.so");
  const std::string_view given[] = {"--root"};
  CHECK(failure_of([&] { library.make_app(given); }) ==
        in_plugins("plain.so") + " did not start: takes no arguments, but was given \"--root\"");
}
}
