// framing_fields.cpp - see csgi/serving/framing_fields.hpp.
#include <csgi/serving/authority.hpp>
#include <csgi/serving/characters.hpp>
#include <csgi/serving/framing_fields.hpp>
#include <limits>

namespace csgi { inline namespace v1 {

void framing_fields::read_one(const field& f) noexcept {
  if (same_name(f.name, "host")) read_host(f.value);
  else if (same_name(f.name, "connection")) read_connection(f.value);
  else if (same_name(f.name, "content-length")) read_length(f.value);
  else if (same_name(f.name, "transfer-encoding")) read_codings(f.value);
  else if (same_name(f.name, "upgrade")) has_upgrade_ = true;
  else if (same_name(f.name, "expect")) read_expect(f.value);
}

void framing_fields::refuse(const char* reason) noexcept {
  if (!malformed_) malformed_ = reason;
}

void framing_fields::read_host(std::string_view value) noexcept {
  if (has_host_) return refuse("more than one Host");
  has_host_ = true;
  host_ = value;
  if (!value.empty() && !valid_authority(value)) refuse("invalid Host");
}

void framing_fields::read_expect(std::string_view value) noexcept {
  while (!value.empty()) {
    const auto expectation = next_element(value);
    if (same_name(expectation, "100-continue")) continue_ = true;
    else if (!expectation.empty()) unknown_expectation_ = true;
  }
}

void framing_fields::read_connection(std::string_view value) noexcept {
  while (!value.empty()) {
    const auto option = next_element(value);
    if (same_name(option, "close")) close_ = true;
    else if (same_name(option, "keep-alive")) keep_alive_ = true;
    else if (same_name(option, "upgrade")) upgrade_ = true;
  }
}

void framing_fields::read_length(std::string_view value) noexcept {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (has_length_) return refuse("more than one Content-Length");
  has_length_ = true;
  if (value.empty()) return refuse("empty Content-Length");
  for (const char digit : value) {
    if (!is(character::digit, digit)) return refuse("malformed Content-Length");
    const auto units = static_cast<std::uint64_t>(digit - '0');
    if (length_ > (most - units) / 10) return refuse("Content-Length too large");
    length_ = length_ * 10 + units;
  }
}

void framing_fields::read_codings(std::string_view value) noexcept {
  has_codings_ = true;
  if (value.ends_with(',')) return refuse("malformed Transfer-Encoding");     // next_element() gives no empty one at the end
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

}}  // namespace csgi::v1
