#include "require.hpp"
#include <csgi/cookies.hpp>
#include <csgi/query.hpp>

namespace {

/// Decoding makes nothing longer, and two queries side by side are one.
void check_query(std::string_view text) {
  const csgi::parameters whole(text);
  std::size_t bytes = 0;
  for (const auto& [name, value] : whole) {
    bytes += name.size() + value.size();
    require(whole.find(name).has_value() && !whole.all(name).empty());
  }
  require(bytes <= text.size());
  std::string twice(text);
  twice.append("&").append(text);
  require(csgi::parameters(twice).size() == 2 * whole.size());
}

/// Whatever a cookie holds, it ends where it should.
void check_cookies(std::string_view text) {
  const csgi::field line[] = {{"cookie", text}};
  csgi::request head;
  head.fields = line;
  const csgi::request_cookies cookies(head);
  for (const auto& [name, value] : cookies.all()) {
    require(!name.empty() && name.find_first_of("=;") == name.npos && value.find(';') == value.npos);
    try {
      const csgi::set_cookie one{.name = std::string(name), .value = std::string(value)};
      const auto set = one.text();
      require(set.find_first_of("\r\n") == set.npos && set.find("; Path=/; HttpOnly; SameSite=Lax") == name.size() + 1 + value.size());
    } catch (const std::invalid_argument&) {  // it says so
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = bytes_of(data, size);
  check_query(bytes);
  check_cookies(bytes);
  return 0;
}
