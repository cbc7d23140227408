// terminal.hpp - text for people: colours where standard output shows them, lines that fit.
#pragma once
#include <string>
#include <string_view>

namespace csgi::conformance {

enum class ink : unsigned char { good, bad, doubtful, faint, strong };

/// What standard output is.
class terminal {
 public:
  terminal();

  /// Whether somebody watches; else it is a file or a pipe.
  bool watched() const noexcept { return watched_; }
  std::size_t width() const noexcept { return width_; }

  std::string in(ink colour, std::string_view text) const;

  /// `text` in lines, each with `indent` spaces before it and a line feed behind it. Paragraphs stay apart.
  std::string wrapped(std::string_view text, std::size_t indent) const;

 private:
  bool watched_;
  bool colours_;
  std::size_t width_ = 100;
};

/// `text` and enough spaces to fill `columns`; before it where it is a number.
std::string padded(std::string_view text, std::size_t columns);
std::string padded(std::size_t number, std::size_t columns);

}  // namespace csgi::conformance
