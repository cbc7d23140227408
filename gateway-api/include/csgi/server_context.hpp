// csgi/server_context.hpp - what an app has of its server outside of requests.
#pragma once
#include <csgi/log_sink.hpp>

namespace csgi { inline namespace v1 {

/// Given to an app at its startup.
///
/// Lifetime:  until the app's shutdown has ended.
/// Threads:   any.
class server_context {
 public:
  /// Tells the operator; `text` is one message without a line end.
  virtual void log(log_level level, std::string_view text) noexcept = 0;

  /// The extension of that id that needs no exchange, csgi.background and csgi.server_info, or null.
  virtual void* find(const extension_id&) noexcept = 0;

  template <class Extension>
  Extension* find() noexcept {
    return static_cast<Extension*>(find(Extension::id));
  }

 protected:
  ~server_context() = default;
};

}}  // namespace csgi::v1
