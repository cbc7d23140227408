// recorded_response.hpp - for tests: what an app said, and the rules its head has to keep.
#pragma once
#include <algorithm>
#include <charconv>
#include <csgi/response_head.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace csgi {

struct recorded_response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;                     ///< as the client gets it: none in answer to HEAD
  std::vector<std::string> trace;       ///< "start 200", "read 4", "write 4", "file 10", "flush", "finish", "abort"
  std::optional<std::errc> aborted;
  std::vector<std::string> log;

  std::optional<std::string_view> field(std::string_view name) const {
    for (const auto& [n, value] : fields)
      if (same_name(n, name)) return value;
    return std::nullopt;
  }

  void take(const response_head& head) {
    status = head.status;
    fields.clear();
    for (const auto& f : head.fields) fields.emplace_back(f.name, f.value);
    trace.push_back("start " + std::to_string(status));
  }
};

/// What response_head says that a head must keep.
inline bool may_be_sent(const response_head& head) {
  if (head.status < 200 || head.status > 599) return false;
  return std::ranges::all_of(head.fields, [](const field& f) {
    const auto in_token = [](char c) {
      return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
             std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    };
    const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; };
    if (f.name.empty() || !std::ranges::all_of(f.name, in_token) || std::ranges::any_of(f.value, control)) return false;
    for (const auto* own : {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
      if (same_name(f.name, own)) return false;
    return !same_name(f.name, "content-length") ||
           (!f.value.empty() && std::ranges::all_of(f.value, [](char c) { return c >= '0' && c <= '9'; }));
  });
}

/// The Content-Length of a head that may be sent.
inline std::optional<std::uint64_t> declared_length(const response_head& head) {
  const auto text = find_field(head.fields, "content-length");
  if (!text) return std::nullopt;
  std::uint64_t length = 0;
  std::from_chars(text->data(), text->data() + text->size(), length);
  return length;
}

}  // namespace csgi
