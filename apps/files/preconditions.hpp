// preconditions.hpp - conditional requests: whether a file is to be sent at all (RFC 9110, 13).
#pragma once
#include <chrono>
#include <csgi/request.hpp>
#include <string>

/// What tells one state of a file from another.
struct validators {
  std::string tag;                          ///< strong, with its quotes
  std::chrono::sys_seconds modified;
};

enum class verdict : unsigned char { send, not_modified, precondition_failed };

/// Evaluates If-Match or else If-Unmodified-Since, then If-None-Match or else If-Modified-Since, in that order (13.2.2).
///
/// Requires:  a GET or HEAD for an existing file.
verdict evaluate_preconditions(const csgi::request& head, const validators& current);

/// Whether If-Range lets a Range field be followed: there is none, or it names this very state.
bool range_applies(const csgi::request& head, const validators& current);
