#include "request_line.hpp"
#include <csgi/serving/characters.hpp>

namespace csgi::http1 {
namespace {

constexpr std::size_t version_size = sizeof "HTTP/1.1" - 1;
constexpr std::size_t size_behind_target = sizeof " HTTP/1.1\r\n" - 1;

/// Of another version than HTTP/1.1. Apart, as it is rare.
[[gnu::noinline]] rejection read_version(std::string_view text, http_version& version) noexcept {
  const bool well_formed = text.starts_with("HTTP/") && is(character::digit, text[5]) && text[6] == '.' && is(character::digit, text[7]);
  if (!well_formed) return {400, "malformed HTTP version"};
  if (text[5] != '1') return {505, "HTTP version other than 1.x"};
  version = text[7] == '0' ? http_version::http_1_0 : http_version::http_1_1;
  return {};
}

}  // namespace

/// Whoever looks for the target's end from behind needs not look for a space: one within the target is refused with it.
rejection request_line::read(std::string_view line) noexcept {
  if (!line.ends_with("\r\n")) return {400, "bare LF"};
  const std::size_t method_size = run_of(character::token, line);     // too short for token_end() to be worth it
  const std::size_t target_at = method_size + 1;
  if (method_size == 0 || line.size() <= target_at + size_behind_target) return {400, "malformed request line"};
  const std::size_t target_end = line.size() - size_behind_target;
  if (line[method_size] != ' ' || line[target_end] != ' ') return {400, "malformed request line"};
  version = http_version::http_1_1;
  const std::string_view named(line.data() + target_end + 1, version_size);
  if (named != "HTTP/1.1")
    if (const rejection why = read_version(named, version)) return why;
  method = {line.data(), method_size};
  target = {line.data() + target_at, target_end - target_at};
  return parts.read(method, target);
}

}  // namespace csgi::http1
