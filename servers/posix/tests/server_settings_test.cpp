#include <csgi/posix/server_settings.hpp>
#include <csgi/serving/checked_options.hpp>
#include <doctest/doctest.h>
#include <stdexcept>

using namespace csgi;
using namespace csgi::posix;

TEST_SUITE("server_settings") {
TEST_CASE("the defaults are fine, and are taken over") {
  server_options options;
  options.app_name = "shop";
  options.root_path = "/shop";
  const server_settings settings(options, "test");
  CHECK(settings.app_name == "shop");
  CHECK(settings.root_path == "/shop");
  CHECK(settings.info.name == "test");
  CHECK_FALSE(settings.info.version.empty());
  CHECK(settings.observer == &stderr_observer());
  CHECK_FALSE(settings.log_access);
}

TEST_CASE("options that make no sense are refused") {
  server_options options;
  options.threads = 0;
  CHECK_THROWS_AS(server_settings(options, "test"), std::invalid_argument);
}
}
