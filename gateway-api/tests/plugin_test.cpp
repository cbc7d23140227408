#include <csgi/plugin.hpp>
#include <doctest/doctest.h>
#include <vector>

using namespace csgi;

namespace {

int alive = 0;

struct counted {
  counted() { ++alive; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --alive; }
};

// The second base makes the app's address differ from its interface's.
struct plain final : counted, blocking_app {
  void http(blocking_exchange) override {}
};

struct configured final : counted, async_app {
  explicit configured(arguments given) {
    if (given.size() != 1) throw std::invalid_argument("usage: -- NAME");
    name = given.front();
  }
  task<> http(async_exchange) override { co_return; }
  std::string name;
};

struct several final : counted, composite_app {
  application choose(const request&) noexcept override { return inner; }
  plain inner;
};

}  // namespace

TEST_SUITE("plugin") {
TEST_CASE("a manifest tells version, toolchain, name and kind") {
  constexpr auto manifest = manifest_of<plain>("plain");
  CHECK(manifest.interface_major == interface_major);
  CHECK(manifest.interface_minor == interface_minor);
  CHECK(std::string_view(manifest.toolchain) == toolchain);
  CHECK(std::string_view(manifest.name) == "plain");
  CHECK(manifest.kind == app_kind::blocking);
  CHECK(manifest_of<configured>("").kind == app_kind::async);
  CHECK(manifest_of<several>("").kind == app_kind::composite);
}

TEST_CASE("create() makes an app of the manifest's kind, destroy() ends it") {
  for (const auto& manifest : {manifest_of<plain>("plain"), manifest_of<several>("several")}) {
    const auto app = manifest.create({});
    CHECK(app.kind() == manifest.kind);
    CHECK(alive > 0);
    manifest.destroy(app);
    CHECK(alive == 0);
  }
}

TEST_CASE("an app that takes arguments gets them, and may refuse them") {
  const auto manifest = manifest_of<configured>("configured");
  const std::vector<std::string_view> one = {"Ada"};
  const auto app = manifest.create(one);
  CHECK(static_cast<configured&>(app.async()).name == "Ada");
  manifest.destroy(app);
  CHECK_THROWS_WITH_AS(manifest.create({}), "usage: -- NAME", std::invalid_argument);
  CHECK(alive == 0);
}

TEST_CASE("an app that takes none refuses any") {
  const std::vector<std::string_view> given = {"--verbose", "x"};
  CHECK_THROWS_WITH_AS(manifest_of<plain>("plain").create(given), "takes no arguments, but was given \"--verbose\"",
                       std::invalid_argument);
  CHECK(alive == 0);
}
}
