// csgi/plain_path.hpp - whether a path names its resource in one way only.
#pragma once
#include <csgi/request.hpp>

namespace csgi { inline namespace v1 {

/// What makes two readers of a path see two resources: a front-end, whose rules go by paths, and an app behind it.
enum class path_fault : unsigned char {
  none,
  dot_segment,          ///< "/a/../b", "/./a"
  empty_segment,        ///< "/a//b"; a slash at the end is none
  encoded_slash,        ///< "/a%2Fb"
  encoded_dot,          ///< "/%2e%2e/a", "/a%2Etxt": nobody has to encode it
  backslash,            ///< "/a%5Cb"
  control_character,    ///< "/a%00b"
};

/// What its bytes tell, whatever its segments are: a part of fault_of_path().
class path_bytes {
 public:
  static constexpr path_fault fault_of(std::string_view raw) noexcept {
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const int high = raw[i] == '%' && raw.size() - i > 2 ? hex_value(raw[i + 1]) : -1;
      const int low = high >= 0 ? hex_value(raw[i + 2]) : -1;
      const bool encoded = low >= 0;
      const auto found = fault_of(encoded ? static_cast<unsigned>(high * 16 + low) : static_cast<unsigned char>(raw[i]), encoded);
      if (found != path_fault::none) return found;
      if (encoded) i += 2;
    }
    return path_fault::none;
  }

 private:
  static constexpr path_fault fault_of(unsigned byte, bool encoded) noexcept {
    if (byte < 0x20 || byte == 0x7F) return path_fault::control_character;
    if (byte == '\\') return path_fault::backslash;
    if (encoded && byte == '/') return path_fault::encoded_slash;
    if (encoded && byte == '.') return path_fault::encoded_dot;
    return path_fault::none;
  }

  static constexpr int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const int letter = (c | 0x20) - 'a';
    return letter >= 0 && letter < 6 ? letter + 10 : -1;
  }
};

/// The first of them in a path as it was received, request::raw_path. Without one, request::path is what anybody makes of it who
/// decodes it, removes dot segments, or merges slashes: it can be compared, and rules that go by its beginning hold.
///
///   if (csgi::fault_of_path(ex.head().raw_path) != csgi::path_fault::none) throw csgi::http_error(400);
///
/// A server does so for every request where server_options::paths says it.
/// Spec:      CSGI-HTTP-134
constexpr path_fault fault_of_path(std::string_view raw_path) noexcept {
  if (const auto found = path_bytes::fault_of(raw_path); found != path_fault::none) return found;
  std::string_view rest = raw_path;
  if (rest.starts_with('/')) rest.remove_prefix(1);
  for (auto slash = rest.find('/');; slash = rest.find('/')) {
    const auto segment = rest.substr(0, slash);
    if (segment == "." || segment == "..") return path_fault::dot_segment;
    if (slash == std::string_view::npos) return path_fault::none;
    if (segment.empty()) return path_fault::empty_segment;
    rest.remove_prefix(slash + 1);
  }
}

}}  // namespace csgi::v1
