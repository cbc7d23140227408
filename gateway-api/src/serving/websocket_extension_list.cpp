#include "websocket_extension_list.hpp"
#include <csgi/serving/characters.hpp>

namespace csgi { inline namespace v1 {

void websocket_extension_list::fail() noexcept {
  well_formed_ = false;
  rest_ = {};
}

void websocket_extension_list::skip_white() noexcept {
  while (!rest_.empty() && is_white(rest_.front())) rest_.remove_prefix(1);
}

/// With the white space around it.
bool websocket_extension_list::take(char wanted) noexcept {
  skip_white();
  if (!rest_.starts_with(wanted)) return false;
  rest_.remove_prefix(1);
  skip_white();
  return true;
}

/// Empty where there is none.
std::string_view websocket_extension_list::token() noexcept {
  std::size_t size = 0;
  while (size < rest_.size() && is(character::token, rest_[size])) ++size;
  const auto found = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return found;
}

/// "When using the quoted-string syntax variant, the value after quoted-string unescaping MUST conform to the 'token' ABNF."
std::optional<std::string_view> websocket_extension_list::value() noexcept {
  if (!rest_.starts_with('"')) {
    const auto plain = token();
    return plain.empty() ? std::nullopt : std::optional(plain);
  }
  rest_.remove_prefix(1);
  std::size_t size = 0;
  while (size < rest_.size() && rest_[size] != '"') {
    if (rest_[size] == '\\') ++size;
    if (size >= rest_.size() || !is(character::token, rest_[size])) return std::nullopt;
    ++size;
  }
  if (size == 0 || size >= rest_.size()) return std::nullopt;
  const auto quoted = rest_.substr(0, size);
  rest_.remove_prefix(size + 1);
  return quoted;
}

std::optional<std::string_view> websocket_extension_list::next_extension() noexcept {
  while (in_parameters_) next_parameter();
  skip_white();
  while (take(',')) {}                     // empty elements
  if (rest_.empty()) {
    if (!any_) fail();
    return std::nullopt;
  }
  const auto name = token();
  if (name.empty()) {
    fail();
    return std::nullopt;
  }
  any_ = in_parameters_ = true;
  return name;
}

std::optional<websocket_extension_list::parameter> websocket_extension_list::next_parameter() noexcept {
  if (!in_parameters_) return std::nullopt;
  if (!take(';')) {
    in_parameters_ = false;
    if (!rest_.empty() && !take(',')) fail();
    return std::nullopt;
  }
  parameter found{token(), std::nullopt};
  if (!found.name.empty() && take('=')) {
    found.value = value();
    if (!found.value) found.name = {};
  }
  if (!found.name.empty()) return found;
  fail();
  in_parameters_ = false;
  return std::nullopt;
}

}}  // namespace csgi::v1
