// sql/statement.hpp - the text of a statement, known when the program is compiled.
#pragma once
#include <cstddef>
#include <string_view>

namespace sql {

/// A statement, with $1, $2, … where values are bound: SQLite and PostgreSQL both know these.
///
///   constexpr sql::statement select_user = "SELECT name FROM users WHERE name = $1";
///
/// Only a constant can become one: so nothing that a client has sent ever gets into the text.
class statement {
 public:
  template <std::size_t Size>
  consteval statement(const char (&literal)[Size]) noexcept : text_(literal), size_(Size - 1) {}

  std::string_view text() const noexcept { return {text_, size_}; }
  const char* c_str() const noexcept { return text_; }

 private:
  const char* text_;
  std::size_t size_;
};

}  // namespace sql
