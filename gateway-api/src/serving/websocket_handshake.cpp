#include "sha1.hpp"
#include "websocket_extension_list.hpp"
#include <csgi/checked_head.hpp>
#include <csgi/serving/characters.hpp>
#include <csgi/serving/websocket_handshake.hpp>

namespace csgi { inline namespace v1 {
namespace {

/// Whether a comma list has this element, regardless of ASCII case (RFC 9110, 5.6.1).
bool list_has(std::string_view list, std::string_view wanted) noexcept {
  while (!list.empty())
    if (same_name(next_element(list), wanted)) return true;
  return false;
}

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::size_t key_size = sizeof "dGhlIHNhbXBsZSBub25jZQ==" - 1;

/// Base64 of 16 bytes. Bits that decode to nothing may be anything (RFC 4648, 3.5).
bool is_key(std::string_view text) noexcept {
  constexpr std::size_t padding = 2;
  if (text.size() != key_size || !text.ends_with("==")) return false;
  return text.substr(0, key_size - padding).find_first_not_of(base64_digits) == text.npos;
}

/// 1#token
bool is_protocol_list(std::string_view list) noexcept {
  bool any = false;
  while (!list.empty()) {
    const auto protocol = next_element(list);
    if (!all_are(character::token, protocol)) return false;
    any |= !protocol.empty();
  }
  return any;
}

bool is_extension_list(std::string_view value) noexcept {
  websocket_extension_list list(value);
  while (list.next_extension()) {}
  return list.well_formed();
}

/// What of the fields the handshake is made of.
class handshake_reader {
 public:
  void read(const field& f) noexcept {
    switch (f.name.size()) {    // no two of these names are of one size
      case 7: if (same_name(f.name, "upgrade")) upgrades_ |= list_has(f.value, "websocket"); break;
      case 10: if (same_name(f.name, "connection")) connects_ |= list_has(f.value, "upgrade"); break;
      case 17: if (same_name(f.name, "sec-websocket-key")) read_key(f.value); break;
      case 21: if (same_name(f.name, "sec-websocket-version")) read_version(f.value); break;
      case 22: if (same_name(f.name, "sec-websocket-protocol")) malformed_protocols_ |= !is_protocol_list(f.value); break;
      case 24: if (same_name(f.name, "sec-websocket-extensions")) malformed_extensions_ |= !is_extension_list(f.value); break;
      default: break;
    }
  }

  websocket_handshake result(bool has_body) const noexcept {
    using state = websocket_handshake::state;
    if (!upgrades_ || !connects_) return {};
    if (const auto why = verdict(has_body)) return {.now = state::refused, .why = why};
    return {.now = state::good, .key = key_};
  }

 private:
  void read_key(std::string_view value) noexcept {
    key_ = value;
    ++keys_;
  }

  void read_version(std::string_view value) noexcept {
    is_13_ = value == "13";
    ++versions_;
  }

  rejection verdict(bool has_body) const noexcept {
    if (versions_ > 1) return {400, "more than one Sec-WebSocket-Version"};
    if (!is_13_) return {426, "no WebSocket of version 13"};      // first of what is missing: another version has other fields
    if (keys_ != 1) return {400, keys_ == 0 ? "no Sec-WebSocket-Key" : "more than one Sec-WebSocket-Key"};
    if (!is_key(key_)) return {400, "malformed Sec-WebSocket-Key"};
    if (malformed_protocols_) return {400, "malformed Sec-WebSocket-Protocol"};
    if (malformed_extensions_) return {400, "malformed Sec-WebSocket-Extensions"};
    if (has_body) return {400, "a WebSocket handshake with a body"};
    return {};
  }

  std::string_view key_;
  unsigned keys_ = 0;
  unsigned versions_ = 0;
  bool is_13_ = false;
  bool upgrades_ = false;
  bool connects_ = false;
  bool malformed_protocols_ = false;
  bool malformed_extensions_ = false;
};

constexpr std::string_view own_prefix = "sec-websocket-";

bool may_accompany(const field& f) noexcept {
  return is_token(f.name) && is_field_text(f.value) && !belongs_to_server(f.name) && !is_content_length(f.name) &&
         !same_name(f.name.substr(0, own_prefix.size()), own_prefix);
}

}  // namespace

websocket_handshake look_at_websocket_handshake(const request& head) noexcept {
  if (head.method != "GET" || head.version != http_version::http_1_1) return {};
  handshake_reader reader;
  for (const field& f : head.fields) reader.read(f);
  return reader.result(head.body == body_kind::unknown || (head.body == body_kind::known && head.content_length > 0));
}

websocket_accept websocket_accept_of(std::string_view key) noexcept {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<char, key_size + guid.size()> text{};
  const auto kept = key.substr(0, key_size);
  const auto end = std::copy(kept.begin(), kept.end(), text.begin());
  std::copy(guid.begin(), guid.end(), end);
  const sha1_digest digest = sha1({text.data(), kept.size() + guid.size()});

  websocket_accept made{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < digest.size(); i += 3) {
    const auto byte = [&](std::size_t place) { return place < digest.size() ? unsigned{digest[place]} : 0; };
    const unsigned three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    for (const unsigned shift : {18u, 12u, 6u, 0u}) made[at++] = base64_digits[three >> shift & 63];
  }
  made.back() = '=';      // of 20 bytes the last group has two
  return made;
}

std::error_code check_websocket_fields(std::span<const field> fields) noexcept {
  return std::all_of(fields.begin(), fields.end(), may_accompany) ? std::error_code()
                                                                  : std::make_error_code(std::errc::invalid_argument);
}

}}  // namespace csgi::v1
