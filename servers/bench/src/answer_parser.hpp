// answer_parser.hpp - where the answers of a server that is measured end: no more of HTTP than that takes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace csgi::bench {

/// Takes what comes on a connection, in pieces of any size. Bodies have a Content-Length or are chunked.
class answer_parser {
 public:
  /// Takes bytes up to the end of an answer, which whole() then tells, and gives how many these are; then it takes the next one.
  ///
  /// Errors:    std::runtime_error for what is no answer, or has no end but that of its connection.
  std::size_t take(std::string_view bytes);

  bool whole() const noexcept { return state_ == state::whole; }
  int status() const noexcept { return status_; }
  /// Bytes of the body so far, without the framing.
  std::uint64_t body() const noexcept { return body_; }

 private:
  enum class state : unsigned char { head, body, chunk_head, chunk, chunk_end, trailer, whole };

  std::size_t take_some(std::string_view bytes);
  std::size_t take_head(std::string_view bytes);
  std::size_t take_line(std::string_view bytes);
  std::size_t take_data(std::string_view bytes, state then);
  void end_line();

  state state_ = state::head;
  int status_ = 0;
  std::uint64_t body_ = 0;
  std::uint64_t left_ = 0;      // of the body or the chunk
  std::string line_;            // or head, that is not whole yet
};

}  // namespace csgi::bench
