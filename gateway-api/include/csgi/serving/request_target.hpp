// csgi/serving/request_target.hpp - a request's target, vetted and taken apart.
#pragma once
#include <csgi/serving/rejection.hpp>
#include <string>
#include <string_view>

namespace csgi { inline namespace v1 {

/// One of the forms of RFC 9112, 3.2. Views into the target.
struct request_target {
  std::string_view path;        ///< still encoded; empty in an absolute-form without one, which means "/"
  std::string_view query;       ///< without the "?"
  std::string_view authority;   ///< empty unless the target is in absolute-form
  bool has_query = false;
  bool encoded = false;         ///< there is a "%" in the path

  /// Whether it is of a host, as all forms are but the asterisk-form, which means the server as a whole. An authority names the
  /// host, a path leaves it to the Host field.
  bool names_host() const noexcept { return path != "*"; }

  /// Becomes this target. CONNECT is rejected with 501, whatever else is wrong with 400; then nothing else means anything.
  ///
  /// Spec:      CSGI-HTTP-012, CSGI-HTTP-016, CSGI-HTTP-017
  rejection read(std::string_view method, std::string_view target) noexcept;
};

/// Appends `text` with each percent-encoded byte decoded, once.
///
/// Requires:  text is the path of a target that was not rejected.
void append_decoded(std::string& out, std::string_view text);

}}  // namespace csgi::v1
