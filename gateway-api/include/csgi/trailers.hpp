// csgi/trailers.hpp - extensions: fields that come behind a body, of requests and of responses (RFC 9110, 6.5).
#pragma once
#include <csgi/exchange_handle.hpp>

namespace csgi { inline namespace v1 {

/// What the client has sent behind its body. They are never among the request's fields.
///
/// Lifetime:  the exchange's.
/// Spec:      CSGI-HTTP-050
class request_trailers {
 public:
  static constexpr extension_id id{"csgi.request_trailers", touches::request};

  /// In the order received; empty until the body was read to its end, and where there are none.
  ///
  /// Lifetime:  the exchange's.
  /// Threads:   the executor's own.
  virtual std::span<const field> fields() const noexcept = 0;

 protected:
  ~request_trailers() = default;
};

/// What is sent behind the response's body. Offered where there is a place for it: HTTP/1.1, and not in answer to HEAD.
///
/// Lifetime:  the exchange's.
/// Spec:      CSGI-HTTP-082, CSGI-EXT-053 to CSGI-EXT-055
class response_trailers {
 public:
  static constexpr extension_id id{"csgi.response_trailers", touches::response};

  /// Whether the client has said that it wants trailers (`TE: trailers`); others may drop them.
  virtual bool wanted() const noexcept = 0;

  /// Says in the head which fields will follow the body, which is sent in chunks therefor. The last call counts.
  ///
  /// Lifetime:  the names are consumed before the call returns.
  /// Errors:    invalid_argument: what is no name of a field, or of one that may not be a trailer: those of framing, routing,
  ///            authentication and content (RFC 9110, 6.5.1); operation_not_permitted once the response is committed;
  ///            not_enough_memory. Refused later, with the head, is a Content-Length: start() fails then with invalid_argument.
  [[nodiscard]] virtual std::error_code announce(std::span<const std::string_view> names) noexcept = 0;

  /// Sets what follows the body, some or all of what was announced. The last call counts.
  ///
  /// Lifetime:  consumed before the call returns.
  /// Errors:    invalid_argument: a field that was not announced or may not be sent; operation_not_permitted once the response
  ///            is finished; not_enough_memory.
  [[nodiscard]] virtual std::error_code set(std::span<const field> fields) noexcept = 0;

 protected:
  ~response_trailers() = default;
};

inline const char* announcement_error(std::error_code code) noexcept {
  if (code == std::errc::operation_not_permitted) return "the response is on its way";
  if (code == std::errc::invalid_argument) return "a name that no trailer may have, or a body of a declared length";
  return nullptr;
}

inline const char* trailers_error(std::error_code code) noexcept {
  if (code == std::errc::operation_not_permitted) return "the response is finished";
  if (code == std::errc::invalid_argument) return "a field that was not announced, or may not be sent";
  return nullptr;
}

/// Says in the head which fields will follow the body. False, and nothing happens, where there is no place for them: in answers
/// to HEAD and HTTP/1.0, and where the extension is absent.
///
///   csgi::announce_trailers(ex, {"x-checksum"});
///   …                                              // the body
///   csgi::set_trailers(ex, {{"x-checksum", sum}});
///   co_await ex.finish();
///
/// Errors:    misuse: see response_trailers::announce().
inline bool announce_trailers(exchange_handle ex, std::span<const std::string_view> names) {
  auto* const behind = ex.find<response_trailers>();
  if (!behind) return false;
  if (const auto refused = behind->announce(names)) raise(refused, "announce_trailers", announcement_error(refused));
  return true;
}
inline bool announce_trailers(exchange_handle ex, std::initializer_list<std::string_view> names) {
  return announce_trailers(ex, std::span(names.begin(), names.size()));
}

/// Sets what follows the body. False, and nothing happens, where there is no place for it.
///
/// Errors:    misuse: see response_trailers::set().
inline bool set_trailers(exchange_handle ex, std::span<const field> fields) {
  auto* const behind = ex.find<response_trailers>();
  if (!behind) return false;
  if (const auto refused = behind->set(fields)) raise(refused, "set_trailers", trailers_error(refused));
  return true;
}
inline bool set_trailers(exchange_handle ex, std::initializer_list<field> fields) {
  return set_trailers(ex, std::span(fields.begin(), fields.size()));
}

/// What the client has sent behind its body, which has been read to its end; empty where there is nothing, or nobody tells.
///
/// Lifetime:  the exchange's.
inline std::span<const field> received_trailers(exchange_handle ex) noexcept {
  const auto* const behind = ex.find<request_trailers>();
  return behind ? behind->fields() : std::span<const field>{};
}

}}  // namespace csgi::v1
