#include <csgi/extension.hpp>
#include "recording_exchange.hpp"
#include <csgi/blocking_exchange.hpp>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

struct unheard_of {
  static constexpr extension_id id{"example.org.unheard_of", touches::nothing};
};

}  // namespace

TEST_SUITE("extension") {
TEST_CASE("equal names are equal ids, wherever they were written") {
  static constexpr char elsewhere[] = {'c', 's', 'g', 'i', '.', 'l', 'o', 'g', '_', 's', 'i', 'n', 'k', '\0'};
  static constexpr extension_id same(elsewhere, touches::nothing);
  CHECK(same == log_sink::id);
  CHECK(!(file_sender::id == log_sink::id));
  static_assert(extension_id("a", touches::nothing).hash == 0xaf63dc4c8601ec8c);  // FNV-1a's published value
}

TEST_CASE("an extension is found as its interface, one that nobody offers as null") {
  recording_exchange x(completion::inside);
  const blocking_exchange ex(x);
  REQUIRE(ex.find<server_info>() != nullptr);
  CHECK(ex.find<server_info>()->name == "recording");
  CHECK(ex.find<unheard_of>() == nullptr);
  x.sends_files = false;
  CHECK(ex.find<file_sender>() == nullptr);
}
}
