// value.hpp - what a report's words are about: a field's name, a status, a number of bytes.
#pragma once
#include <array>
#include <csgi/response_head.hpp>
#include <string_view>

namespace csgi { inline namespace v1 {

/// A short text of printable characters; what is too long for it is cut.
class lint_value {
 public:
  lint_value() noexcept = default;
  explicit lint_value(std::string_view text) noexcept { add(text); }

  lint_value& add(std::string_view text) noexcept;
  lint_value& add(std::uint64_t number) noexcept;

  operator std::string_view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 80> text_;
  std::size_t size_ = 0;
};

/// What of a head may not be sent; empty where it may be.
lint_value faulty_part_of(const response_head& head) noexcept;

/// "12 of 10 bytes"
lint_value bytes_of(std::uint64_t written, std::uint64_t declared) noexcept;

}}  // namespace csgi::v1
