// csgi/error.hpp - the exceptions that the fronts throw, one type for each thing a caller can do about it.
#pragma once
#include <string>
#include <system_error>

namespace csgi { inline namespace v1 {

/// An operation failed. code() is a std::errc value; what() names the operation and the reason.
class error : public std::system_error {
 public:
  using std::system_error::system_error;
};

/// The peer has gone (connection_reset). Routine: an app may let it propagate, servers do not log it as a fault.
class disconnected : public error {
 public:
  using error::error;
};

/// Somebody asked the operation to stop (operation_canceled): unwind.
class cancelled : public error {
 public:
  using error::error;
};

/// A deadline passed (timed_out).
class timed_out : public error {
 public:
  using error::error;
};

/// A limit was reached, or more bytes were written than declared (message_size).
class too_large : public error {
 public:
  using error::error;
};

/// Every thread is busy, and too many wait for one (resource_unavailable_try_again): a server answers 503.
class overloaded : public error {
 public:
  using error::error;
};

/// A body is malformed or ended early, in either direction (bad_message).
class malformed_body : public error {
 public:
  using error::error;
};

/// The caller broke the protocol: out of turn, two operations of one kind, a head that may not be sent
/// (operation_not_permitted, operation_in_progress, invalid_argument).
class misuse : public error {
 public:
  using error::error;
};

/// Throws the exception that belongs to `code`; `operation` says what was attempted.
[[noreturn]] inline void raise(std::error_code code, const char* operation) {
  if (code == std::errc::connection_reset) throw disconnected(code, operation);
  if (code == std::errc::operation_canceled) throw cancelled(code, operation);
  if (code == std::errc::timed_out) throw timed_out(code, operation);
  if (code == std::errc::message_size) throw too_large(code, operation);
  if (code == std::errc::resource_unavailable_try_again) throw overloaded(code, operation);
  if (code == std::errc::bad_message) throw malformed_body(code, operation);
  if (code == std::errc::operation_not_permitted || code == std::errc::operation_in_progress ||
      code == std::errc::invalid_argument)
    throw misuse(code, operation);
  throw error(code, operation);
}

/// What an error means to an operation, for its message; null: no more than usual.
using error_meaning = const char* (*)(std::error_code) noexcept;

inline const char* usual_meaning(std::error_code) noexcept { return nullptr; }

/// The same, with that meaning.
[[noreturn]] inline void raise(std::error_code code, const char* operation, const char* meaning) {
  if (!meaning) raise(code, operation);
  raise(code, (std::string(operation) + ": " + meaning).c_str());
}

}}  // namespace csgi::v1
