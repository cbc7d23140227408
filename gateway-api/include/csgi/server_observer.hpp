// csgi/server_observer.hpp - what a server tells its operator.
#pragma once
#include <csgi/endpoint.hpp>
#include <csgi/finish_hooks.hpp>
#include <csgi/log_sink.hpp>
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

/// One request, answered by the app or by the server itself. Views are valid during the call.
struct access_record {
  endpoint peer;
  std::string_view method;      ///< empty where the request could not be parsed
  std::string_view target;
  std::string_view version;     ///< "1.1"
  outcome how;
  clock::duration elapsed{};    ///< from the request's head to the end of its response
};

/// Threads:   each function is called from any of the server's threads, several at the same time.
class server_observer {
 public:
  virtual ~server_observer() = default;

  /// The server accepts connections at `where` from now on.
  virtual void ready(const endpoint& where) noexcept { static_cast<void>(where); }

  /// A message for the operator, of the server or of an app; one line, control characters made visible.
  virtual void log(log_level level, std::string_view message) noexcept = 0;

  /// Whether access() is to be called; asked once, when the server is made.
  virtual bool wants_access() const noexcept { return false; }
  virtual void access(const access_record& record) noexcept { static_cast<void>(record); }
};

}}  // namespace csgi::v1
