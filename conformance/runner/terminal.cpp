// terminal.cpp - see terminal.hpp.
#include "terminal.hpp"
#include <algorithm>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>
#include "utf8.hpp"

namespace csgi::conformance {

terminal::terminal() : watched_(::isatty(STDOUT_FILENO) == 1), colours_(watched_ && std::getenv("NO_COLOR") == nullptr) {
  winsize size{};
  if (watched_ && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    width_ = std::clamp<std::size_t>(size.ws_col, 40, 120);
}

std::string terminal::in(ink colour, std::string_view text) const {
  constexpr std::string_view codes[] = {"32", "31", "33", "2", "1"};
  if (!colours_) return std::string(text);
  return "\x1b[" + std::string(codes[static_cast<unsigned char>(colour)]) + 'm' + std::string(text) + "\x1b[m";
}

std::string terminal::wrapped(std::string_view text, std::size_t indent) const {
  const std::string margin(indent, ' ');
  std::string all;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \n", at), text.size());
    const auto word = text.substr(at, end - at);
    const bool paragraph = end < text.size() && text.substr(end, 2) == "\n\n";
    if (column > 0 && column + 1 + characters(word) > width_) all += '\n', column = 0;
    all += column == 0 ? margin : " ";
    column += (column == 0 ? indent : 1) + characters(word);
    all += word;
    if (paragraph) all += '\n', column = 0;
    at = end + (paragraph ? 2 : 1);
  }
  return column > 0 ? all + '\n' : all;
}

std::string padded(std::string_view text, std::size_t columns) {
  return std::string(text) + std::string(columns - std::min(columns, characters(text)), ' ');
}

std::string padded(std::size_t number, std::size_t columns) {
  const std::string digits = std::to_string(number);
  return std::string(columns - std::min(columns, digits.size()), ' ') + digits;
}

}  // namespace csgi::conformance
