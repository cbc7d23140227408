// csgi/middleware/errors.hpp - middleware: exceptions become answers.
#pragma once
#include <csgi/http_error.hpp>
#include <csgi/middleware.hpp>
#include <functional>

namespace csgi { inline namespace v1 {

/// What a client is shown of a fault of the app.
enum class fault_page : unsigned char {
  plain,          ///< that there is one
  development,    ///< what was thrown, by which app, for which request: never in public
};

struct errors_settings {
  fault_page faults = fault_page::plain;

  /// Is told each http_error that is_security(); the views of the request end with the call. Null: the operator is.
  std::function<void(const http_error&, const request&)> security_log = {};
};

/// A csgi::http_error is answered with its status, and its message as text; a body beyond the limit of read_all() with 413;
/// any other exception, and an app that ends without a response, with 500. The page and the log name the app at the end of
/// the chain.
///
/// Passed on are: whatever comes when the response is committed, or a WebSocket accepted, which the server then closes with 1011; that the client has gone, the request is to end, a deadline
/// has passed, or threads are lacking; and anything but an http_error where the request's body was malformed, too large or
/// late. The server answers these by what it knows. An http_error for a response that was aborted meanwhile, as for a client
/// that has gone, is dropped, but for the security log.
/// Errors:    what is passed on; what the security log throws.
class errors {
 public:
  explicit errors(errors_settings settings = {}) : settings_(std::move(settings)) {}
  task<> operator()(async_exchange ex, next_app app) const;

 private:
  errors_settings settings_;
};

}}  // namespace csgi::v1
