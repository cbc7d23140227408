// csgi/upgrade.hpp - extension: the connection of a request becomes a stream of bytes, in both directions.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/blocking_exchange.hpp>

namespace csgi { inline namespace v1 {

/// Takes the client's offer to go on with another protocol (RFC 9110, 7.8).
struct upgrade_op : operation {
  std::string_view protocol{};        ///< one of those that the request's Upgrade fields offer, as it is spelt there
  std::span<const field> fields{};    ///< for the head of the answer; as in a response_head
};

/// Offered where the client asks for an upgrade: HTTP/1.1, Connection: upgrade, and an Upgrade field. Nothing is decided by
/// asking for it: until the upgrade is begun, the request is answered as any other, which is how an offer is declined.
///
/// Afterwards the exchange is the stream. Its reads give what the client sends, as it comes; an empty chunk is the end of
/// that, where the client has closed its sending side. Its writes go out as they are; finish() closes the connection when all
/// is sent. Chunks may be changed in place by who has read them. No framing, no limits, no deadlines but those for writes:
/// what the protocol needs of these is up to the app. How it ended is for finish hooks, with the status 101.
///
/// Lifetime:  the exchange's.
class upgrade {
 public:
  static constexpr extension_id id{"csgi.upgrade", touches::response};

  /// Completes when 101 Switching Protocols is on its way. The phase is then committed.
  ///
  /// Lifetime:  what the operation names is consumed before the call returns.
  /// Errors:    invalid_argument: the client does not offer that protocol, or a field may not be sent;
  ///            operation_not_permitted: the response is committed, or the request has a body that is not read to its end;
  ///            those of exchange::begin_write.
  /// Spec:      CSGI-EXT-045 to CSGI-EXT-049, CSGI-EXT-063
  virtual begun begin_upgrade(upgrade_op&) noexcept = 0;

  /// Whether it has been begun, or a WebSocket accepted: what is read and written now is neither request nor response.
  /// Middleware asks it.
  virtual bool upgraded() const noexcept = 0;

 protected:
  ~upgrade() = default;
};

inline const char* upgrade_error(std::error_code code) noexcept {
  if (code == std::errc::operation_not_permitted) return "no upgrade is offered, the response is on its way, or the request's body is not read";
  if (code == std::errc::invalid_argument) return "a protocol that the client does not offer, or a field that may not be sent";
  return nullptr;
}

/// Takes the client's offer; from then on the exchange is the stream (what is offered: csgi/serving/upgrade_offer.hpp):
///
///   const bool offered = ex.find<csgi::upgrade>() && !csgi::offered_protocol(ex.head(), "echo/1").empty();
///   if (!offered) co_return co_await ex.respond(426, "text/plain", "This speaks echo/1.\n");
///   co_await csgi::switch_protocols(ex, "echo/1");
///   for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk, csgi::ending::flush);
///   co_await ex.finish();
///
/// Lifetime:  what is named is borrowed until it resumes.
/// Errors:    misuse, also where nothing is offered; disconnected; cancelled; timed_out.
inline auto switch_protocols(async_exchange ex, std::string_view protocol, std::span<const field> fields = {}) noexcept {
  upgrade_op op;
  op.protocol = protocol;
  op.fields = fields;
  return await_operation<"switch_protocols", upgrade_error>(op, [x = ex.find<upgrade>()](upgrade_op& o) noexcept {
    if (x) return x->begin_upgrade(o);
    o.error = std::make_error_code(std::errc::operation_not_permitted);
    return begun::completed;
  });
}

/// The same for a blocking app.
inline void switch_protocols(blocking_exchange ex, std::string_view protocol, std::span<const field> fields = {}) {
  upgrade_op op;
  op.protocol = protocol;
  op.fields = fields;
  if (auto* const offer = ex.find<upgrade>()) offer->begin_upgrade(op);
  else op.error = std::make_error_code(std::errc::operation_not_permitted);
  if (op.error) raise(op.error, "switch_protocols", upgrade_error(op.error));
}
inline void switch_protocols(blocking_exchange ex, std::string_view protocol, std::initializer_list<field> fields) {
  switch_protocols(ex, protocol, std::span(fields.begin(), fields.size()));
}

}}  // namespace csgi::v1
