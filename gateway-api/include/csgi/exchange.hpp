// csgi/exchange.hpp - one request and its response: the interface between every server and every app.
#pragma once
#include <csgi/executor.hpp>
#include <csgi/extension.hpp>
#include <csgi/request.hpp>
#include <csgi/response_head.hpp>
#include <memory_resource>

namespace csgi { inline namespace v1 {

/// How far a response is, as seen through one view of the exchange.
enum class phase : unsigned char {
  open,       ///< nothing said yet
  started,    ///< a head is there and may still be replaced
  committed,  ///< the head is on its way
  finished,   ///< the app has said all of it; whether the client got all is for finish hooks to learn
  aborted,    ///< it never will be
};

/// One request/response conversation.
///
/// Servers implement it, middleware forwards it, apps use it through their front: async_exchange or
/// blocking_exchange. The exchange of a blocking app never answers pending; that of an async app never blocks.
///
/// Lifetime:  until the app is done: its coroutine has finished, its handler has returned.
/// Threads:   the executor's own, or the handler's thread, unless said otherwise. One read, one write and one
///            wait for the peer's going may be pending together.
/// Errors:    std::errc values, so that they compare equal across shared libraries:
///            connection_reset        the peer has gone
///            operation_canceled      cancel(), or the server is stopping
///            timed_out               a deadline of the server's
///            message_size            a limit of the server's; more bytes than the declared Content-Length
///            bad_message             a malformed or truncated request body; fewer bytes than declared
///            operation_in_progress   a second operation of one kind
///            operation_not_permitted out of turn: a write before start(), anything after the end
///            invalid_argument        a response head that may not be sent
///            not_enough_memory       what it says
///            A rejected call changes nothing, so that a correct one may follow.
class exchange {
 public:
  /// Threads:   any.
  virtual const request& head() const noexcept = 0;

  /// Where every completion of this exchange runs; always the same.
  ///
  /// Threads:   any.
  virtual csgi::executor& executor() noexcept = 0;

  /// False as soon as the peer has closed its sending side or is gone, for ever after. A peer that closed only
  /// its sending side still gets the response.
  ///
  /// Threads:   the executor's own.
  virtual bool connected() noexcept = 0;

  /// Memory for coroutine frames and other things that end with the exchange. It recycles.
  ///
  /// Threads:   the executor's own, for allocating and for freeing.
  virtual std::pmr::memory_resource& memory() noexcept = 0;

  /// The response's phase in this view: behind a buffering middleware it may differ from the server's.
  virtual csgi::phase phase() const noexcept = 0;

  /// Sets the response head; repeatable, the last one counts, until it is committed by the first write that has
  /// data, flush or finish.
  ///
  /// Lifetime:  `head` is consumed before the call returns.
  /// Errors:    invalid_argument; operation_not_permitted once committed.
  virtual std::error_code start(const response_head& head) noexcept = 0;

  /// Completes with some body bytes, or none at the end.
  ///
  /// The first one makes the server send "100 Continue" where the client waits for it.
  /// Errors:    bad_message, message_size, timed_out, connection_reset, operation_canceled,
  ///            operation_in_progress, operation_not_permitted, not_enough_memory.
  virtual begun begin_read(read_op&) noexcept = 0;

  /// Completes when the data is sent or taken over by the server, which takes only a bounded amount.
  ///
  /// What a blocking app's finish leaves to the server may wait until the handler has returned.
  /// Errors:    operation_not_permitted, message_size, bad_message (finish before the declared length: the
  ///            exchange is aborted), timed_out, connection_reset, operation_canceled, operation_in_progress,
  ///            not_enough_memory.
  virtual begun begin_write(write_op&) noexcept = 0;

  /// Completes when the peer has closed its sending side or is gone (connection_reset), the server wants the
  /// request to end (operation_canceled), or a deadline of it has passed (timed_out). Consumes no body bytes.
  ///
  /// Errors:    operation_not_supported on a blocking exchange, which has connected() instead.
  virtual begun begin_gone(operation&) noexcept = 0;

  /// Ends the response as not whole: the client sees a broken connection, and no complete message unless it has all
  /// the declared bytes already. Does nothing after the end. `reason` reaches the access log and the finish hooks.
  virtual void abort(std::errc reason) noexcept = 0;

  /// The extension of that id as the pointer to its interface class, or null. It acts on this view.
  ///
  /// Lifetime:  the exchange's.
  virtual void* find(const extension_id&) noexcept = 0;

 protected:
  ~exchange() = default;
};

}}  // namespace csgi::v1
