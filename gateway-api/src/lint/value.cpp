// value.cpp - see value.hpp.
#include "value.hpp"
#include <charconv>
#include <csgi/checked_head.hpp>

namespace csgi { inline namespace v1 {

lint_value& lint_value::add(std::string_view text) noexcept {
  for (const char c : text.substr(0, text_.size() - size_)) text_[size_++] = c >= ' ' && c <= '~' ? c : '?';
  return *this;
}

lint_value& lint_value::add(std::uint64_t number) noexcept {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  return add({digits, static_cast<std::size_t>(end - digits)});
}

lint_value faulty_part_of(const response_head& head) noexcept {
  if (head.status < 200 || head.status > 599) return lint_value("status ").add(static_cast<std::uint64_t>(std::max(head.status, 0)));
  if (!is_field_text(head.reason)) return lint_value("its reason phrase");
  for (const field& f : head.fields)
    if (!check_head({.status = head.status, .fields = {&f, 1}})) return lint_value("field ").add(f.name);
  return check_head(head) ? lint_value() : lint_value("two fields of a length");
}

lint_value bytes_of(std::uint64_t written, std::uint64_t declared) noexcept { return lint_value().add(written).add(" of ").add(declared).add(" bytes"); }

}}  // namespace csgi::v1
