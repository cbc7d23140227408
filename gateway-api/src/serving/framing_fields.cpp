#include "field_list.hpp"
#include <csgi/serving/authority.hpp>
#include <csgi/serving/framing_fields.hpp>
#include <limits>

namespace csgi { inline namespace v1 {
namespace {

class framing_reader {
 public:
  explicit framing_reader(http_version version) noexcept : old_(version == http_version::http_1_0) {}

  void read(const field& f) noexcept {
    switch (f.name.size()) {    // no two of these names are of one size
      case 4: if (same_name(f.name, "host")) read_host(f.value); break;
      case 6: if (same_name(f.name, "expect")) read_expect(f.value); break;
      case 10: if (same_name(f.name, "connection")) read_connection(f.value); break;
      case 14: if (same_name(f.name, "content-length")) read_length(f.value); break;
      case 17: if (same_name(f.name, "transfer-encoding")) read_codings(f.value); break;
      default: break;
    }
  }

  framing_fields result() noexcept {
    fields_.keep_alive = !close_ && (!old_ || keep_alive_);
    fields_.chunked = chunked_;
    if (chunked_) fields_.body = body_kind::unknown;
    else if (has_length_) fields_.body = body_kind::known;
    // RFC 9110, 10.1.1: nothing to wait for without a body, nor in HTTP/1.0.
    const bool has_body = chunked_ || fields_.length > 0;
    fields_.expects_continue = continue_ && has_body && !old_;
    fields_.why = verdict();
    return fields_;
  }

 private:
  void refuse(const char* reason) noexcept {
    if (!malformed_) malformed_ = {400, reason};
  }

  void read_host(std::string_view value) noexcept {
    if (fields_.has_host) return refuse("more than one Host");
    fields_.has_host = true;
    fields_.host = value;
    if (!value.empty() && !valid_authority(value)) refuse("invalid Host");
  }

  void read_expect(std::string_view value) noexcept {
    while (!value.empty()) {
      const auto expectation = next_element(value);
      if (same_name(expectation, "100-continue")) continue_ = true;
      else if (!expectation.empty()) unknown_expectation_ = true;
    }
  }

  void read_connection(std::string_view value) noexcept {
    while (!value.empty()) {
      const auto option = next_element(value);
      if (same_name(option, "close")) close_ = true;
      else if (same_name(option, "keep-alive")) keep_alive_ = true;
    }
  }

  void read_length(std::string_view value) noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (has_length_) return refuse("more than one Content-Length");
    has_length_ = true;
    if (value.empty()) return refuse("empty Content-Length");
    for (const char digit : value) {
      if (!is(character::digit, digit)) return refuse("malformed Content-Length");
      const auto units = static_cast<std::uint64_t>(digit - '0');
      if (fields_.length > (most - units) / 10) return refuse("Content-Length too large");
      fields_.length = fields_.length * 10 + units;
    }
  }

  void read_codings(std::string_view value) noexcept {
    has_codings_ = true;
    do {
      const auto coding = next_element(value);
      if (chunked_) return refuse("a transfer coding after chunked");
      const auto name = trimmed(coding.substr(0, coding.find(';')));
      if (!is_token(name)) return refuse("malformed Transfer-Encoding");
      if (!same_name(name, "chunked")) unknown_coding_ = true;
      else if (name.size() != coding.size()) return refuse("chunked with parameters");
      else chunked_ = true;
    } while (!value.empty());
  }

  rejection verdict() const noexcept {
    if (malformed_) return malformed_;
    if (has_codings_ && has_length_) return {400, "both Content-Length and Transfer-Encoding"};
    if (has_codings_ && old_) return {400, "Transfer-Encoding in HTTP/1.0"};
    if (unknown_coding_) return {501, "unknown transfer coding"};
    if (unknown_expectation_ && !old_) return {417, "unknown expectation"};
    return {};
  }

  framing_fields fields_;
  rejection malformed_;
  bool old_;
  bool has_length_ = false;
  bool has_codings_ = false;
  bool chunked_ = false;
  bool unknown_coding_ = false;
  bool close_ = false;
  bool keep_alive_ = false;
  bool continue_ = false;
  bool unknown_expectation_ = false;
};

}  // namespace

framing_fields read_framing_fields(std::span<const field> fields, http_version version) noexcept {
  framing_reader reader(version);
  for (const field& f : fields) reader.read(f);
  return reader.result();
}

rejection missing_host(const framing_fields& framing, http_version version, bool names_host) noexcept {
  if (version == http_version::http_1_0) return {};
  if (!framing.has_host) return {400, "no Host"};
  if (framing.host.empty() && names_host) return {400, "empty Host"};
  return {};
}

}}  // namespace csgi::v1
