// line.hpp - one line of output, made without allocating and written at once.
#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <concepts>
#include <csgi/endpoint.hpp>
#include <csgi/serving/visible.hpp>
#include <poll.h>
#include <string_view>
#include <unistd.h>

namespace csgi::cli {

class line {
 public:
  /// Which bytes appear as \xNN.
  enum class shown : unsigned char {
    text,     ///< all but control characters
    quoted,   ///< printable ASCII, but no quote and no backslash
  };

  line& add(std::string_view text) noexcept {
    text = text.substr(0, room());
    std::ranges::copy(text, bytes_.begin() + size_);
    size_ += text.size();
    return *this;
  }

  line& add(std::integral auto number) noexcept {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return add(std::string_view(digits.data(), end));
  }

  /// "127.0.0.1:8000", "[::1]:8000", the path of a UNIX socket, or "-".
  line& add(const endpoint& end) noexcept {
    if (end.type == endpoint::kind::unknown) return add("-");
    if (end.type == endpoint::kind::unix_socket) return add_visible(end.address, shown::text);
    const bool v6 = end.address.find(':') != std::string_view::npos;
    return add(v6 ? "[" : "").add(end.address).add(v6 ? "]:" : ":").add(end.port);
  }

  /// At most `most` bytes of it, and "..." where that was not all.
  line& add_visible(std::string_view text, shown which, std::size_t most = PIPE_BUF) noexcept {
    const std::size_t stop = std::min(size_ + most, bytes_.size() - 8);
    while (!text.empty()) {
      const auto first = which == shown::text ? first_character(text) : log_character{1, !is_quotable(text.front())};
      if (size_ + (first.is_control ? 4 * first.size : 4) > stop) return add("...");
      if (first.is_control) add_hex(text.substr(0, first.size));
      else add(text.substr(0, first.size));
      text.remove_prefix(first.size);
    }
    return *this;
  }

  /// Ends the line and writes it, unless that would block: a pipe that nobody reads must not hold up a server. There is
  /// nobody to tell that it failed.
  void write_to(int descriptor) noexcept {
    bytes_[size_++] = '\n';
    pollfd state{descriptor, POLLOUT, 0};
    if (::poll(&state, 1, 0) > 0) static_cast<void>(!::write(descriptor, bytes_.data(), size_));
  }

 private:
  static bool is_quotable(char c) noexcept { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

  void add_hex(std::string_view bytes) noexcept {
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      add("\\x").add(hex(byte >> 4)).add(hex(byte & 15));
    }
  }

  static std::string_view hex(unsigned digit) noexcept { return std::string_view("0123456789abcdef").substr(digit, 1); }
  std::size_t room() const noexcept { return bytes_.size() - 1 - size_; }

  std::array<char, PIPE_BUF> bytes_;
  std::size_t size_ = 0;
};

}  // namespace csgi::cli
