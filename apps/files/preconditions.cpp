#include "preconditions.hpp"
#include "entity_tag.hpp"
#include "http_date.hpp"
#include <algorithm>

namespace {

// A list may be spread over several fields of its name.
bool any_field_holds(const csgi::request& head, std::string_view name, const validators& current, tag_comparison how) {
  return std::ranges::any_of(head.fields, [&](const csgi::field& f) {
    return csgi::same_name(f.name, name) && (f.value == "*" || lists_tag(f.value, current.tag, how));
  });
}

// Fields that are absent or hold no date count for nothing.
std::optional<std::chrono::sys_seconds> date_field(const csgi::request& head, std::string_view name) {
  const auto text = head.field(name);
  if (!text) return std::nullopt;
  return parse_http_date(*text);
}

bool is_expected_state(const csgi::request& head, const validators& current) {
  if (head.field("if-match")) return any_field_holds(head, "if-match", current, tag_comparison::strong);
  const auto date = date_field(head, "if-unmodified-since");
  return !date || current.modified <= *date;
}

bool is_known_to_client(const csgi::request& head, const validators& current) {
  if (head.field("if-none-match")) return any_field_holds(head, "if-none-match", current, tag_comparison::weak);
  const auto date = date_field(head, "if-modified-since");
  return date && current.modified <= *date;
}

}  // namespace

verdict evaluate_preconditions(const csgi::request& head, const validators& current) {
  if (!is_expected_state(head, current)) return verdict::precondition_failed;
  return is_known_to_client(head, current) ? verdict::not_modified : verdict::send;
}

bool range_applies(const csgi::request& head, const validators& current) {
  const auto condition = head.field("if-range");
  if (!condition) return true;
  if (condition->starts_with('"') || condition->starts_with("W/"))
    return *condition == current.tag;  // strong comparison of one tag
  return parse_http_date(*condition) == current.modified;
}
