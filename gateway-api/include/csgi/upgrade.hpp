// csgi/upgrade.hpp - extension: the connection of a request becomes a stream of bytes, in both directions.
#pragma once
#include <csgi/extension.hpp>
#include <csgi/field.hpp>
#include <csgi/operation.hpp>

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
  /// Spec:      CSGI-EXT-045 to CSGI-EXT-049
  virtual begun begin_upgrade(upgrade_op&) noexcept = 0;

  /// Whether it has been begun, or a WebSocket accepted: what is read and written now is neither request nor response.
  /// Middleware asks it.
  virtual bool upgraded() const noexcept = 0;

 protected:
  ~upgrade() = default;
};

}}  // namespace csgi::v1
