// message_inflater.hpp - inflates a server's messages, where permessage-deflate was agreed upon (RFC 7692, 7.2.2).
#pragma once
#include <memory>
#include <string>

namespace csgi::conformance {

/// The suite's own, as the reader of frames is.
class message_inflater {
 public:
  /// `keeps`: a message may refer to those before it.
  explicit message_inflater(bool keeps);
  ~message_inflater();
  message_inflater(message_inflater&&) noexcept;
  message_inflater& operator=(message_inflater&&) noexcept;

  /// The whole message. Errors: unmet.
  std::string inflate(std::string compressed);

 private:
  struct stream;
  std::unique_ptr<stream> stream_;
  bool keeps_;
};

}  // namespace csgi::conformance
