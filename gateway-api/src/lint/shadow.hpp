// shadow.hpp - the operation that a lint begins in the place of the app's.
#pragma once
#include <csgi/file_sender.hpp>
#include <csgi/informational.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>

namespace csgi { inline namespace v1 {

/// Lives as long as the view, so that a completion which comes too late finds it.
template <class Operation>
struct shadow : Operation {
  Operation* theirs = nullptr;      ///< the app's, while it is pending
  bool beginning = false;
  bool early = false;               ///< done came inside begin
  bool stopped = false;             ///< by the app
  bool stopping = false;            ///< just now
};

inline void copy_request(operation&, const operation&) noexcept {}
inline void copy_request(write_op& to, const write_op& from) noexcept {
  to.data = from.data;
  to.then = from.then;
}
inline void copy_request(file_op& to, const file_op& from) noexcept {
  to.descriptor = from.descriptor;
  to.offset = from.offset;
  to.count = from.count;
  to.then = from.then;
}

inline void copy_request(accept_op& to, const accept_op& from) noexcept {
  to.subprotocol = from.subprotocol;
  to.fields = from.fields;
}
inline void copy_request(receive_op& to, const receive_op& from) noexcept {
  to.whole = from.whole;
  to.limit = from.limit;
  to.got = {};
}
inline void copy_request(send_op& to, const send_op& from) noexcept {
  to.data = from.data;
  to.kind = from.kind;
  to.last = from.last;
}
inline void copy_request(close_op& to, const close_op& from) noexcept {
  to.code = from.code;
  to.reason = from.reason;
}
inline void copy_request(upgrade_op& to, const upgrade_op& from) noexcept {
  to.protocol = from.protocol;
  to.fields = from.fields;
}

inline void copy_request(inform_op& to, const inform_op& from) noexcept {
  to.status = from.status;
  to.fields = from.fields;
}
inline void copy_request(drain_op& to, const drain_op& from) noexcept { to.most = from.most; }

inline void copy_outcome(operation& to, const operation& from) noexcept { to.error = from.error; }
inline void copy_outcome(read_op& to, const read_op& from) noexcept {
  to.error = from.error;
  to.chunk = from.chunk;
}
inline void copy_outcome(receive_op& to, const receive_op& from) noexcept {
  to.error = from.error;
  to.got = from.got;
}

}}  // namespace csgi::v1
