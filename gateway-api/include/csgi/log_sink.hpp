// csgi/log_sink.hpp - extension: where an app's messages to the operator go.
#pragma once
#include <csgi/extension.hpp>

namespace csgi { inline namespace v1 {

enum class log_level : unsigned char { debug, info, warning, error };

/// Takes messages of one exchange; the server adds what it knows of the request.
class log_sink {
 public:
  static constexpr extension_id id{"csgi.log_sink", touches::nothing};

  /// `text` is one message without a line end; control characters in it are made visible.
  ///
  /// Threads:   any, as long as the exchange lives.
  virtual void log(log_level level, std::string_view text) noexcept = 0;

 protected:
  ~log_sink() = default;
};

}}  // namespace csgi::v1
