// polite_client.hpp - one connection on which one request after the other is answered.
#pragma once
#include "answer_parser.hpp"
#include <cstdint>

namespace csgi::bench {

/// The port of http://127.0.0.1:8000, or 127.0.0.1:8000.
///
/// Errors:    std::runtime_error where there is none.
std::uint16_t port_of(std::string_view url);

/// To a server on this machine.
class polite_client {
 public:
  /// Errors:    std::system_error.
  explicit polite_client(std::uint16_t port);
  polite_client(polite_client&& other) noexcept;
  polite_client& operator=(polite_client&&) = delete;
  ~polite_client();

  /// Blocks until the answer is there, half a minute at most.
  ///
  /// Errors:    std::system_error; std::runtime_error for an answer that is none, or not of 200.
  void ask(std::string_view request);

 private:
  int socket_;
  answer_parser answer_;
};

}  // namespace csgi::bench
