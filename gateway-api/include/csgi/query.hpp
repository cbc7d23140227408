// csgi/query.hpp - the parameters in a query, or in an urlencoded form.
#pragma once
#include <csgi/request.hpp>
#include <string>
#include <utility>
#include <vector>

namespace csgi { inline namespace v1 {

/// Names and values in the order sent, duplicates kept, decoded once: "+" is a space, %XX a byte. A "%" that is not followed
/// by two hexadecimal digits stands for itself, as browsers have it (WHATWG URL, 5.1). Bytes need not be UTF-8.
///
///   const csgi::parameters query(ex.head());
///   const auto page = query.find("page").value_or("1");
///
/// Limits:    none of its own: a query is bounded by the server's limits, a form by that of who reads it.
/// Errors:    std::bad_alloc.
class parameters {
 public:
  using value_type = std::pair<std::string, std::string>;

  parameters() = default;
  explicit parameters(const request& head) : parameters(head.query) {}
  explicit parameters(std::string_view encoded) {
    while (!encoded.empty()) {
      const auto end = encoded.find('&');
      const auto one = encoded.substr(0, end);
      encoded.remove_prefix(end == std::string_view::npos ? encoded.size() : end + 1);
      if (one.empty()) continue;
      const auto equals = one.find('=');
      list_.emplace_back(decoded(one.substr(0, equals)), equals == std::string_view::npos ? std::string() : decoded(one.substr(equals + 1)));
    }
  }

  /// The first value of that name; it may be empty. Nothing where there is none.
  ///
  /// Lifetime:  this object's.
  std::optional<std::string_view> find(std::string_view name) const& noexcept {
    for (const auto& [n, value] : list_)
      if (n == name) return value;
    return std::nullopt;
  }

  /// All values of that name.
  std::vector<std::string_view> all(std::string_view name) const& {
    std::vector<std::string_view> values;
    for (const auto& [n, value] : list_)
      if (n == name) values.push_back(value);
    return values;
  }

  void find(std::string_view) && = delete;      // would be gone with this object
  void all(std::string_view) && = delete;

  auto begin() const noexcept { return list_.begin(); }
  auto end() const noexcept { return list_.end(); }
  std::size_t size() const noexcept { return list_.size(); }
  bool empty() const noexcept { return list_.empty(); }

 private:
  static int digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  static std::string decoded(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && text.size() - i > 2 && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
        bytes += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
        i += 2;
      } else {
        bytes += text[i] == '+' ? ' ' : text[i];
      }
    }
    return bytes;
  }

  std::vector<value_type> list_;
};

}}  // namespace csgi::v1
