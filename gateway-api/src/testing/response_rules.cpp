// response_rules.cpp - see response_rules.hpp.
#include "response_rules.hpp"
#include <algorithm>
#include <charconv>

namespace csgi::testing {

namespace {

bool in_token(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

bool belongs_to_server(std::string_view name) {
  for (const auto* own : {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
    if (same_name(name, own)) return true;
  return false;
}

}  // namespace

std::optional<checked_head> check_head(const response_head& head) noexcept {
  if (head.status < 200 || head.status > 599 || std::ranges::any_of(head.reason, is_control)) return std::nullopt;
  checked_head found;
  for (const auto& f : head.fields) {
    if (f.name.empty() || !std::ranges::all_of(f.name, in_token) || std::ranges::any_of(f.value, is_control)) return std::nullopt;
    if (belongs_to_server(f.name)) return std::nullopt;
    if (!same_name(f.name, "content-length")) continue;
    std::uint64_t length = 0;
    const auto* const end = f.value.data() + f.value.size();
    const auto [parsed, error] = std::from_chars(f.value.data(), end, length);
    if (error != std::errc{} || parsed != end || (found.declared && found.declared != length)) return std::nullopt;
    found.declared = length;
  }
  return found;
}

}  // namespace csgi::testing
