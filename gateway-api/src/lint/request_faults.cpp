// request_faults.cpp - see request_faults.hpp.
#include "request_faults.hpp"
#include <csgi/checked_head.hpp>

namespace csgi { inline namespace v1 {

namespace {

int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool decodes_to(std::string_view raw, std::string_view path) noexcept {
  std::size_t at = 0;
  for (std::size_t i = 0; i < raw.size(); ++i, ++at) {
    char byte = raw[i];
    if (byte == '%') {
      if (i + 2 >= raw.size() || digit(raw[i + 1]) < 0 || digit(raw[i + 2]) < 0) return false;
      byte = static_cast<char>(digit(raw[i + 1]) * 16 + digit(raw[i + 2]));
      i += 2;
    }
    if (at >= path.size() || path[at] != byte) return false;
  }
  return at == path.size();
}

/// What the target says before its query: a path, an absolute URI, or `*`.
std::string_view path_in(std::string_view target) noexcept {
  const auto without_query = target.substr(0, target.find('?'));
  if (without_query.empty() || without_query.front() == '/' || without_query == "*") return without_query;
  const auto scheme = without_query.find("://");
  if (scheme == std::string_view::npos) return without_query;
  const auto slash = without_query.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : without_query.substr(slash);
}

bool fits_target(const request& head) noexcept {
  const auto question = head.target.find('?');
  const bool has = question != std::string_view::npos;
  return head.has_query == has && head.query == (has ? head.target.substr(question + 1) : std::string_view());
}

bool is_root(const request& head) noexcept {
  const auto root = head.root_path;
  return root.empty() || (root.front() == '/' && root.back() != '/' && head.path.starts_with(root));
}

bool is_value(std::string_view value) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  return is_field_text(value) && (value.empty() || (!blank(value.front()) && !blank(value.back())));
}

/// A body that is put in the place of another one leaves the fields as they were, so only their absence is telling.
bool fits_length(const request& head) noexcept {
  if (head.body != body_kind::none || head.version > http_version::http_1_1) return true;
  return !head.field("transfer-encoding") && !head.field("content-length");
}

bool is_known(const endpoint& end) noexcept { return (end.type == endpoint::kind::unknown) == end.address.empty(); }

class fnv {
 public:
  void add(std::string_view bytes) noexcept {
    for (const char c : bytes) value_ = (value_ ^ static_cast<unsigned char>(c)) * 1099511628211u;
    value_ = (value_ ^ bytes.size()) * 1099511628211u;
  }
  std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037u;
};

}  // namespace

std::uint32_t faults_of(const request& head) noexcept {
  std::uint32_t found = 0;
  const auto must = [&found](bool holds, fault which) {
    if (!holds) found |= 1u << (static_cast<unsigned>(which) - static_cast<unsigned>(fault::bad_method));
  };
  must(is_token(head.method), fault::bad_method);
  must(head.raw_path == path_in(head.target), fault::bad_target);
  must(decodes_to(head.raw_path, head.path), fault::bad_path);
  must(fits_target(head), fault::bad_query);
  must(is_root(head), fault::bad_root_path);
  must(head.scheme == "http" || head.scheme == "https", fault::bad_scheme);
  must(fits_length(head), fault::bad_length);
  must(is_known(head.peer) && is_known(head.local), fault::bad_endpoint);
  for (const field& f : head.fields) {
    must(is_token(f.name), fault::bad_field_name);
    must(is_value(f.value), fault::bad_field_value);
  }
  return found;
}

std::uint64_t digest_of(const request& head) noexcept {
  fnv all;
  for (const auto view : {head.method, head.target, head.raw_path, head.path, head.root_path, head.query, head.scheme,
                          head.authority, head.peer.address, head.local.address})
    all.add(view);
  for (const field& f : head.fields) {
    all.add(f.name);
    all.add(f.value);
  }
  return all.value();
}

std::uint64_t sample_of(std::string_view bytes) noexcept {
  constexpr std::size_t end = 32;
  fnv some;
  some.add(bytes.substr(0, end));
  if (bytes.size() > end) some.add(bytes.substr(std::max(end, bytes.size() - end)));
  return some.value();
}

}}  // namespace csgi::v1
