// csgi/multipart.hpp - multipart/form-data bytes, piece by piece (RFC 7578, RFC 2046).
#pragma once
#include <algorithm>
#include <csgi/field_syntax.hpp>
#include <csgi/field.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace csgi { inline namespace v1 {

struct multipart_limits {
  std::uint64_t bytes = 32 * 1024 * 1024;   ///< of the whole body
  std::size_t parts = 128;
  std::size_t part_head = 8 * 1024;         ///< bytes of one part's header fields
};

/// What comes before a part's content.
struct form_part {
  std::string name = {};
  std::optional<std::string> filename = {};  ///< as the client calls it: never a path to be used
  std::string content_type = {};            ///< empty: text/plain
};

/// Takes the body as it comes and gives what is in it; holds no more than the limits and what was fed last.
class multipart_parser {
 public:
  enum class step : unsigned char {
    more,       ///< nothing without more bytes: feed() or end_input()
    part,       ///< another part begins: part()
    data,       ///< some of its content: data()
    part_end,   ///< all of it
    end,        ///< of the form
    malformed,
    too_large,  ///< a limit is exceeded
  };

  /// The boundary in a Content-Type of multipart/form-data, nothing in any other one.
  static std::optional<std::string> boundary_of(std::string_view content_type) {
    const auto type = trimmed(content_type.substr(0, content_type.find(';')));
    if (!same_name(type, "multipart/form-data")) return std::nullopt;
    auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70) return std::nullopt;
    return boundary;
  }

  explicit multipart_parser(std::string_view boundary, const multipart_limits& limits = {})
      : delimiter_("\r\n--" + std::string(boundary)), limits_(limits) {}

  void feed(std::string_view bytes) {
    buffer_.erase(0, position_);
    position_ = 0;
    buffer_ += bytes;
    fed_ += bytes.size();
  }

  void end_input() noexcept { input_ended_ = true; }

  /// After end, malformed and too_large the same again.
  step next() {
    if (now_ == state::over) return result_;
    if (fed_ > limits_.bytes) return finish(step::too_large);
    for (;;) {
      const auto result = advance();
      if (result == step::more && input_ended_) return finish(step::malformed);
      if (result) return *result;
    }
  }

  const form_part& part() const noexcept { return part_; }

  /// Lifetime:  until the next call of feed().
  std::string_view data() const noexcept { return data_; }

 private:
  enum class state : unsigned char { preamble, boundary, head, content, over };

  std::string_view rest() const noexcept { return std::string_view(buffer_).substr(position_); }

  step finish(step how) noexcept {
    now_ = state::over;
    return result_ = how;
  }

  std::optional<step> advance() {
    switch (now_) {
      case state::preamble: return skip_preamble();
      case state::boundary: return end_boundary();
      case state::head: return read_head();
      case state::content: return read_content();
      case state::over: break;
    }
    return result_;
  }

  /// The first delimiter may be the very first line: as if a line had ended before.
  std::optional<step> skip_preamble() {
    const auto found = rest().find(delimiter_);
    if (found == std::string_view::npos) {
      position_ += rest().size() - std::min(rest().size(), delimiter_.size() - 1);
      return step::more;
    }
    position_ += found + delimiter_.size();
    now_ = state::boundary;
    return std::nullopt;
  }

  /// What follows a delimiter: "--", or white space and a line end.
  std::optional<step> end_boundary() {
    const auto text = rest();
    if (text.starts_with("--")) return finish(step::end);
    constexpr std::size_t most_padding = 64;
    const auto line = std::min(text.find_first_not_of(" \t"), text.size());
    if (line > most_padding) return finish(step::malformed);
    const auto left = text.substr(line);
    if (left.empty() || left == "\r" || text == "-") return step::more;
    if (!left.starts_with("\r\n")) return finish(step::malformed);
    position_ += line + 2;
    if (++parts_ > limits_.parts) return finish(step::too_large);
    now_ = state::head;
    return std::nullopt;
  }

  std::optional<step> read_head() {
    const auto text = rest();
    const auto end = text.starts_with("\r\n") ? 0 : text.find("\r\n\r\n");
    if (end == std::string_view::npos) return text.size() > limits_.part_head + 3 ? finish(step::too_large) : step::more;
    if (end > limits_.part_head) return finish(step::too_large);
    if (!take_fields(text.substr(0, end))) return finish(step::malformed);
    // The line end before the content belongs to a delimiter that may follow at once.
    position_ += end == 0 ? 0 : end + 2;
    content_begins_ = true;
    now_ = state::content;
    return step::part;
  }

  std::optional<step> read_content() {
    if (std::exchange(content_begins_, false)) {
      if (!rest().starts_with(delimiter_)) {
        if (delimiter_.starts_with(rest())) {
          content_begins_ = true;
          return step::more;
        }
        position_ += 2;
      }
    }
    const auto text = rest();
    const auto found = text.find(delimiter_);
    if (found == 0) {
      position_ += delimiter_.size();
      now_ = state::boundary;
      return step::part_end;
    }
    const auto certain = found != std::string_view::npos ? found : text.size() - std::min(text.size(), delimiter_.size() - 1);
    if (certain == 0) return step::more;
    data_ = text.substr(0, certain);
    position_ += certain;
    return step::data;
  }

  bool take_fields(std::string_view lines) {
    part_ = {};
    bool named = false;
    while (!lines.empty()) {
      const auto end = lines.find("\r\n");
      const auto line = lines.substr(0, end);
      lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
      const auto colon = line.find(':');
      if (colon == std::string_view::npos || line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return false;
      const auto value = trimmed(line.substr(colon + 1));
      if (same_name(line.substr(0, colon), "content-type")) part_.content_type = value;
      if (!same_name(line.substr(0, colon), "content-disposition")) continue;
      if (named || !same_name(trimmed(value.substr(0, value.find(';'))), "form-data")) return false;
      auto name = parameter(value, "name");
      if (!name) return false;
      part_.name = std::move(*name);
      part_.filename = parameter(value, "filename");
      named = true;
    }
    return named;
  }

  /// The parameter of that name behind a value's first semicolon. In quotes, a backslash escapes quotes and itself only:
  /// old browsers send whole paths.
  static std::optional<std::string> parameter(std::string_view value, std::string_view wanted) {
    auto at = value.find(';');
    while (at < value.size()) {
      value.remove_prefix(at + 1);
      const auto equals = value.find_first_of("=;");
      if (equals == std::string_view::npos) return std::nullopt;
      at = equals;
      if (value[equals] == ';') continue;
      const auto name = trimmed(value.substr(0, equals));
      value = value.substr(equals + 1);
      value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
      std::string text;
      if (value.starts_with('"')) {
        std::size_t i = 1;
        for (; i < value.size() && value[i] != '"'; ++i) {
          if (value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\')) ++i;
          text += value[i];
        }
        if (i >= value.size()) return std::nullopt;
        at = value.find(';', i);
      } else {
        at = value.find(';');
        text = trimmed(value.substr(0, at));
      }
      if (same_name(name, wanted)) return text;
    }
    return std::nullopt;
  }

  const std::string delimiter_;
  const multipart_limits limits_;
  std::string buffer_ = "\r\n";
  std::size_t position_ = 0;
  std::uint64_t fed_ = 0;
  std::size_t parts_ = 0;
  form_part part_;
  std::string_view data_;
  state now_ = state::preamble;
  step result_ = step::more;
  bool content_begins_ = false;
  bool input_ended_ = false;
};

}}  // namespace csgi::v1
