// request_head.cpp - see csgi/testing/request_options.hpp.
#include <csgi/field_syntax.hpp>
#include <csgi/testing/request_options.hpp>
#include <stdexcept>

namespace csgi::testing {

namespace {

[[noreturn]] void refuse(const char* why) { throw std::invalid_argument(std::string("no request that servers take: ") + why); }

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  if (lower < 'a' || lower > 'f') refuse("a % in the path without two hexadecimal digits");
  return lower - 'a' + 10;
}

std::string decoded(std::string_view raw) {
  std::string bytes;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      bytes += raw[i];
      continue;
    }
    if (raw.size() - i < 3) refuse("a % in the path without two hexadecimal digits");
    bytes += static_cast<char>(digit(raw[i + 1]) * 16 + digit(raw[i + 2]));
    i += 2;
  }
  return bytes;
}

}  // namespace

request_head::request_head(std::string method, std::string target, const request_options& with, const request_origin& from)
    : method_(std::move(method)), target_(std::move(target)), origin_(from), owned_(with.fields) {
  if (!is_token(method_)) refuse("the method is no token");
  if (!target_.starts_with('/') && target_ != "*") refuse("the target does not begin with /");
  if (target_.find_first_of(" #") != std::string::npos || !is_field_text(target_)) refuse("the target has a space, a # or a control character");
  for (const auto& f : owned_)
    if (!is_token(f.name) || !is_field_text(f.value)) refuse("a field that may not be sent");
  for (const auto& f : with.trailers)
    if (!is_token(f.name) || !is_field_text(f.value)) refuse("a trailer that may not be sent");
  if (!with.trailers.empty() && with.body.kind() != body_kind::unknown) refuse("trailers without a body in chunks");
  const bool named = testing::find_field(owned_, "host").has_value();
  if (!named && !origin_.authority.empty()) owned_.insert(owned_.begin(), {"host", origin_.authority});
  const auto kind = with.body.kind();
  if (kind == body_kind::known && !testing::find_field(owned_, "content-length"))
    owned_.push_back({"content-length", std::to_string(with.body.length())});
  if (kind == body_kind::unknown && !testing::find_field(owned_, "transfer-encoding")) owned_.push_back({"transfer-encoding", "chunked"});
  for (const auto& f : owned_) fields_.push_back({f.name, f.value});

  const std::string_view whole = target_;
  const auto mark = whole.find('?');
  head_.method = method_;
  head_.target = whole;
  head_.raw_path = whole.substr(0, mark);
  head_.has_query = mark != std::string_view::npos;
  if (head_.has_query) head_.query = whole.substr(mark + 1);
  path_ = decoded(head_.raw_path);
  head_.path = path_;
  head_.root_path = origin_.root_path;
  head_.version = origin_.version;
  head_.body = kind;
  if (kind == body_kind::known) head_.content_length = with.body.length();
  head_.scheme = origin_.scheme;
  head_.authority = testing::find_field(owned_, "host").value_or("");
  head_.fields = fields_;
  if (!origin_.peer.empty()) head_.peer = {endpoint::kind::ip, origin_.peer_port, origin_.peer};
  head_.local = {endpoint::kind::ip, 8000, "192.0.2.1"};
}

bool request_head::below_root() const noexcept {
  if (!path_.starts_with(origin_.root_path)) return false;
  return path_.size() == origin_.root_path.size() || origin_.root_path.empty() || path_[origin_.root_path.size()] == '/';
}

}  // namespace csgi::testing
