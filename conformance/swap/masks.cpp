// masks.cpp - see masks.hpp.
#include "masks.hpp"
#include <csgi/field.hpp>
#include "patterns.hpp"

namespace csgi::conformance {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Puts `name` in the place of the number, where it is not a part of a longer one.
void replace_number(std::string& text, std::uint16_t number, std::string_view name) {
  const std::string digits = std::to_string(number);
  for (auto at = text.find(digits); at != std::string::npos; at = text.find(digits, at)) {
    const auto end = at + digits.size();
    const bool alone = (at == 0 || !is_digit(text[at - 1])) && (end == text.size() || !is_digit(text[end]));
    if (alone) text.replace(at, digits.size(), name);
    at += alone ? name.size() : digits.size();
  }
}

}  // namespace

masks::masks(const std::vector<std::string>& patterns) : patterns_(to_patterns("--mask", patterns)) {}

void masks::apply(const app_request& request, reply& seen, std::uint16_t server_port, std::uint16_t client_port) {
  const std::string before = seen.body;
  for (const auto& pattern : patterns_) seen.body = boost::regex_replace(seen.body, pattern, "…");
  const auto without_ports = [=](std::string& text) {
    replace_number(text, server_port, "(port)");
    replace_number(text, client_port, "(client's port)");
  };
  without_ports(seen.body);
  for (auto& [name, value] : seen.fields) without_ports(value);
  if (seen.body != before) {
    masked_targets_.insert(request.target);
    mask_length(seen, before.size());
  } else if (request.method == "HEAD" && masked_targets_.contains(request.target)) {
    std::erase_if(seen.fields, [](const auto& f) { return same_name(f.first, "content-length"); });
  }
}

void masks::mask_length(reply& seen, std::size_t of_body) const {
  for (auto& [name, value] : seen.fields)
    if (same_name(name, "content-length") && value == std::to_string(of_body)) value = "(the body's)";
}

}  // namespace csgi::conformance
