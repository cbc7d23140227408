// timing.cpp - see csgi/middleware/timing.hpp.
#include <csgi/middleware/timing.hpp>
#include <charconv>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t most_held = 256;

std::string milliseconds_since(clock::time_point begun) {
  char digits[32];
  const std::chrono::duration<double, std::milli> elapsed = clock::now() - begun;
  return {digits, std::to_chars(digits, digits + sizeof digits, elapsed.count(), std::chars_format::fixed, 3).ptr};
}

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return same_name(type, "application/json") || (type.size() > 5 && same_name(type.substr(type.size() - 5), "+json"));
}

}  // namespace

void timing_hooks::on_start(head_edit& head) {
  head.fields.add("server-timing", "app;dur=" + milliseconds_since(begun_));
  if (is_json(head.fields.find("content-type").value_or("")) && !head.fields.find("content-encoding")) head.rewrite_body();
}

void timing_hooks::on_body(std::string_view bytes, std::string& out) {
  const auto end = bytes.find_last_not_of(white_space);
  if (end == bytes.npos && !held_.empty() && held_.size() + bytes.size() <= most_held) {
    held_ += bytes;
    return;
  }
  on_flush(out);
  if (end == bytes.npos) {
    out += bytes;
    return;
  }
  if (first_ == 0) first_ = bytes[bytes.find_first_not_of(white_space)];
  const bool holds = first_ == '{' && bytes[end] == '}' && bytes.size() - end <= most_held;
  const auto passed = bytes.substr(0, holds ? end : bytes.size());
  if (const auto before = passed.find_last_not_of(white_space); before != passed.npos) last_ = passed[before];
  out += passed;
  if (holds) held_ = bytes.substr(end);
}

void timing_hooks::on_flush(std::string& out) {
  if (held_.empty()) return;
  out += held_;
  held_.clear();
  last_ = '}';
}

void timing_hooks::on_finish(std::string& out) {
  if (held_.empty()) return;
  if (last_ != '{') out += ',';
  out += "\"elapsed_ms\":" + milliseconds_since(begun_) + held_;
}

}}  // namespace csgi::v1
