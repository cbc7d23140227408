// play.hpp - sends the corpus to one server, and keeps what came back.
#pragma once
#include <functional>
#include <optional>
#include "answer.hpp"
#include "swap.hpp"

namespace csgi::conformance {

/// How a request is sent.
enum class way : unsigned char { alone, kept_alive, in_pieces };

inline constexpr way all_ways[] = {way::alone, way::kept_alive, way::in_pieces};

std::string_view to_string(way w) noexcept;

struct performance_of_server {
  std::vector<answer> answers;          ///< by way, then by request
  std::optional<int> exit_code;         ///< none: it did not end when it was asked to
  std::string said;                     ///< to standard error
};

/// Starts the server with the app, plays all requests in all ways, and ends it. Calls `played` for each.
///
/// Errors:    not_a_subject; std::invalid_argument: a mask is no regular expression.
performance_of_server play(const swap_server& server, const swap_options& options, const std::function<void()>& played);

}  // namespace csgi::conformance
