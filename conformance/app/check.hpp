// check.hpp - what the app suite looks at, and the clauses that a failure breaks.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace csgi::conformance {

/// In the order of reports. Those from `loads` on look at the plug-in, not at a request.
enum class check : unsigned char {
  survives, answers, in_turn, heads, lengths, no_body, codings, pending, begun_again, exchange_left, head_left, chunk_left, hooks,
  background, threads, stalls, ends_soon, heeds_draining, memory_back, same_answer, extensions, hints, trailers, upgrades,
  without_socket, words, together, chooses,
  loads, manifest, kind, another, refuses, no_arguments, arguments_left, parts, draining,
};

inline constexpr std::size_t checks = 37;

struct app_check {
  std::string name;                     ///< a sentence of behaviour
  std::vector<std::string> clauses;
};

const app_check& info(check c) noexcept;

/// By their number.
const std::vector<app_check>& all_app_checks();

}  // namespace csgi::conformance
