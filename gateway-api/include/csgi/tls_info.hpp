// csgi/tls_info.hpp - extension, reserved: what is known of a connection's encryption.
#pragma once
#include <csgi/extension.hpp>
#include <string_view>

namespace csgi { inline namespace v1 {

/// Absent where the connection is not encrypted by this server, as with both of ours: what a server before them says of it is
/// in `request::scheme`, by way of a trusted proxy.
///
/// Lifetime:  the exchange's; so are the views.
/// Threads:   any.
/// Spec:      CSGI-EXT-060
class tls_info {
 public:
  static constexpr extension_id id{"csgi.tls_info", touches::nothing};

  virtual std::string_view version() const noexcept = 0;        ///< "TLSv1.3"
  virtual std::string_view cipher() const noexcept = 0;         ///< its IANA name: "TLS_AES_128_GCM_SHA256"
  virtual std::string_view server_name() const noexcept = 0;    ///< that the client asked for (RFC 6066); empty: none
  virtual std::string_view protocol() const noexcept = 0;       ///< that was agreed upon (RFC 7301): "http/1.1"; empty: none

  /// The client's certificate in DER, verified; empty: it has shown none.
  virtual std::string_view client_certificate() const noexcept = 0;

 protected:
  ~tls_info() = default;
};

}}  // namespace csgi::v1
