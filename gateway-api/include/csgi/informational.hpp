// csgi/informational.hpp - extension: what is said before the response, such as early hints.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/blocking_exchange.hpp>

namespace csgi { inline namespace v1 {

/// An informational response (RFC 9110, 15.2).
struct inform_op : operation {
  int status = 103;                   ///< 102 to 199, but for 101
  std::span<const field> fields{};    ///< as in a response_head, and no Content-Length; consumed before the call returns
};

/// Offered where the client understands it: not in HTTP/1.0. 100 is the server's own, sent by the first read; 101 is an upgrade.
///
/// Lifetime:  the exchange's.
/// Spec:      CSGI-EXT-050 to CSGI-EXT-052
class informational {
 public:
  static constexpr extension_id id{"csgi.informational", touches::response};

  /// Completes when it is on its way. The response itself is as it was: nothing is started or committed by it.
  ///
  /// Errors:    invalid_argument: the status, or a field that may not be sent; operation_not_permitted once the response is
  ///            committed; those of exchange::begin_write.
  virtual begun begin_inform(inform_op&) noexcept = 0;

 protected:
  ~informational() = default;
};

inline const char* inform_error(std::error_code code) noexcept {
  if (code == std::errc::operation_not_permitted) return "the response is on its way";
  if (code == std::errc::invalid_argument) return "a status other than 102 to 199 but for 101, or a field that may not be sent";
  return nullptr;
}

/// Tells the client, before its response, what it may do meanwhile: `co_await csgi::inform(ex, 103, links)`. Where nobody can,
/// nothing is said, as a hint may be lost.
///
/// Compiler:  with g++ 12 no braces inside a co_await: the fields are named first.
/// Lifetime:  `fields` is borrowed until it resumes.
/// Errors:    misuse; disconnected.
inline auto inform(async_exchange ex, int status, std::span<const field> fields) noexcept {
  inform_op op;
  op.status = status;
  op.fields = fields;
  return await_operation<"inform", inform_error>(op, [x = ex.find<informational>()](inform_op& o) noexcept {
    return x ? x->begin_inform(o) : begun::completed;
  });
}

/// The same for a blocking app.
inline void inform(blocking_exchange ex, int status, std::span<const field> fields) {
  auto* const hints = ex.find<informational>();
  if (!hints) return;
  inform_op op;
  op.status = status;
  op.fields = fields;
  hints->begin_inform(op);
  if (op.error) raise(op.error, "inform", inform_error(op.error));
}
inline void inform(blocking_exchange ex, int status, std::initializer_list<field> fields) {
  inform(ex, status, std::span(fields.begin(), fields.size()));
}

}}  // namespace csgi::v1
