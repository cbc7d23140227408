// csgi/serving/framing_fields.hpp - the request fields that HTTP/1 itself acts on: body framing, the connection, Host and Expect.
#pragma once
#include <csgi/request.hpp>
#include <csgi/serving/rejection.hpp>
#include <cstdint>

namespace csgi { inline namespace v1 {

/// What those say that were read so far. Views into them.
///
/// Spec:      CSGI-HTTP-029 to CSGI-HTTP-035, CSGI-HTTP-051 to CSGI-HTTP-055, CSGI-HTTP-111
class framing_fields {
 public:
  explicit framing_fields(http_version version = http_version::http_1_1) noexcept : old_(version == http_version::http_1_0) {}

  /// Reads all of them.
  framing_fields(std::span<const field> fields, http_version version) noexcept : framing_fields(version) {
    for (const field& f : fields) read(f);
  }

  void read(const field& f) noexcept {
    if (may_matter(f.name)) read_one(f);
  }

  /// What is wrong with them, once all were read. `names_host` says that the target is a path, which needs a host, as http has
  /// none that is empty (RFC 9110, 4.2.1), or has an authority; the other forms mean the server as a whole.
  rejection verdict(bool names_host) const noexcept;

  // What they come to, as long as verdict() finds nothing wrong.
  std::string_view host() const noexcept { return host_; }
  std::uint64_t length() const noexcept { return length_; }     ///< bytes; 0 unless the body is known
  body_kind body() const noexcept { return chunked_ ? body_kind::unknown : has_length_ ? body_kind::known : body_kind::none; }
  bool chunked() const noexcept { return chunked_; }
  bool keep_alive() const noexcept { return !close_ && (!old_ || keep_alive_); }

  /// RFC 9110, 10.1.1: there is nothing to wait for without a body, nor in HTTP/1.0.
  bool expects_continue() const noexcept { return continue_ && (chunked_ || length_ > 0) && !old_; }

  /// The client offers to go on with another protocol: offered_protocol() tells which.
  bool upgrades() const noexcept { return upgrade_ && has_upgrade_ && !old_; }

 private:
  /// Rules out most of those that don't, at a glance: of the names that do, no two are of one size.
  static bool may_matter(std::string_view name) noexcept {
    constexpr std::string_view initials = "....h.eu..c...c..t";      // of the name of that size
    return !name.empty() && name.size() < initials.size() && (name[0] | 0x20) == initials[name.size()];
  }

  void read_one(const field& f) noexcept;
  void read_host(std::string_view value) noexcept;
  void read_expect(std::string_view value) noexcept;
  void read_connection(std::string_view value) noexcept;
  void read_length(std::string_view value) noexcept;
  void read_codings(std::string_view value) noexcept;
  void refuse(const char* reason) noexcept;

  std::string_view host_;
  std::uint64_t length_ = 0;
  const char* malformed_ = nullptr;     // why, of the first that is
  bool old_;
  bool has_host_ = false;
  bool has_length_ = false;
  bool has_codings_ = false;
  bool chunked_ = false;
  bool unknown_coding_ = false;
  bool close_ = false;
  bool keep_alive_ = false;
  bool upgrade_ = false;
  bool has_upgrade_ = false;
  bool continue_ = false;
  bool unknown_expectation_ = false;
};

inline rejection framing_fields::verdict(bool names_host) const noexcept {
  if (malformed_) return {400, malformed_};
  if (has_codings_) {
    if (has_length_) return {400, "both Content-Length and Transfer-Encoding"};
    if (old_) return {400, "Transfer-Encoding in HTTP/1.0"};
    if (unknown_coding_) return {501, "unknown transfer coding"};
  }
  if (old_) return {};
  if (unknown_expectation_) return {417, "unknown expectation"};
  if (!has_host_) return {400, "no Host"};      // RFC 9112, 3.2
  if (host_.empty() && names_host) return {400, "empty Host"};
  return {};
}

}}  // namespace csgi::v1
