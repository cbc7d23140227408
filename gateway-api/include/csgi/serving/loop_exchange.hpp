// csgi/serving/loop_exchange.hpp - the requests of one connection of an event loop, as the exchange of each in turn.
#pragma once
#include <atomic>
#include <csgi/as_async.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/frame_memory.hpp>
#include <csgi/serving/body_decoder.hpp>
#include <csgi/serving/date_cache.hpp>
#include <csgi/serving/lazy_lane.hpp>
#include <csgi/serving/operation_slot.hpp>
#include <csgi/serving/received_request.hpp>
#include <csgi/serving/response_framer.hpp>
#include <csgi/serving/served_exchange.hpp>
#include <csgi/serving/serving_stage.hpp>
#include <optional>

namespace csgi { inline namespace v1 {

/// A server's connection derives from it: it reads heads and knows its socket; here is what HTTP and the contract make of the
/// rest. Async apps run on the loop, blocking ones on the lanes of their requests, by as_async.
///
/// Threads:   the loop's.
/// Spec:      CSGI-CORE-011, CSGI-CORE-020 to CSGI-CORE-035; chapter HTTP, as far as it is not about heads
class loop_exchange : public served_exchange, private drain_notice {
 public:
  /// What all connections of a loop share.
  struct surroundings : served_exchange::surroundings {
    csgi::executor& executor;
    thread_lender& threads;
    frame_memory memory{};
    date_cache dates{};
    std::atomic<serving_stage> now{serving_stage::serving};     // draining() may be asked on any thread
  };

  // What the server tells it.

  void tick(clock::time_point now) noexcept;    ///< often, for deadlines, and to see whether the peer has gone
  void drain() noexcept;                        ///< `now` says so, too
  void end() noexcept;                          ///< the app is to

  const request& head() const noexcept final { return request_.head(); }
  csgi::executor& executor() noexcept final { return in_.executor; }
  bool connected() noexcept final { return !ended_ && !lost_ && !peer_has_gone(); }
  std::pmr::memory_resource& memory() noexcept final { return in_.memory; }
  csgi::phase phase() const noexcept final { return framer_.phase(); }
  std::error_code start(const response_head& head) noexcept final { return framer_.start(head); }
  begun begin_read(read_op& op) noexcept final;
  begun begin_write(write_op& op) noexcept final;
  begun begin_gone(operation& op) noexcept final;
  void abort(std::errc reason) noexcept final;
  void* find(const extension_id& wanted) noexcept override;

 protected:
  enum class direction : unsigned char { in, out };
  enum class io : unsigned char { done, would_block, ended, failed };

  /// Lifetime:  `in` is borrowed.
  explicit loop_exchange(surroundings& in) noexcept;
  ~loop_exchange() = default;

  // What the server does.

  virtual std::string_view unread() const noexcept = 0;     ///< of what was received
  virtual void consume(std::size_t bytes) noexcept = 0;
  virtual io receive() = 0;                                 ///< some bytes more, without waiting
  virtual io send(std::span<const std::string_view> pieces, std::size_t& gone) noexcept = 0;    ///< as much as goes
  virtual bool peer_has_gone() noexcept = 0;                ///< or has closed its sending side
  virtual void watch(direction what) noexcept = 0;          ///< has ready() called when more goes there, once
  virtual void reset_at_end() noexcept = 0;                 ///< closing would look like the end of a body

  // What the server's coroutine for the connection is made of. These are stopped where the server is to end.

  void ready(direction what) noexcept;

  /// Awaits more unread bytes, or ended().
  ///
  /// Errors:    timed_out, connection_reset, operation_canceled.
  auto more(clock::duration patience) {
    return await_operation<"receive">(operation{}, [this, patience](operation& op) noexcept {
      return begin(reading_, op, &loop_exchange::try_receive, patience);
    });
  }
  bool ended() const noexcept { return ended_; }    ///< what the peer sends

  /// Between requests: whether a stop of the server ends more() at once.
  void set_idle(bool idle) noexcept { idle_ = idle; }
  bool idle() const noexcept { return idle_; }    ///< as told

  /// Everything from the vetting of the head to the end of its body. Whether another request may follow.
  ///
  /// Errors:    std::system_error where the connection is of no use any more; std::bad_alloc.
  /// Lifetime:  what `from` views is borrowed until it has ended.
  task<bool> serve(const library_head& from);

  /// Answers what is no request, and what never became one.
  task<> refuse(int status, bool for_head);

  /// Takes leave, when the server has closed its sending side: closing with bytes unread would reset the connection, and the
  /// client might lose the response.
  ///
  /// Errors:    those of more(), which end it too.
  task<> linger();

  bool draining() const noexcept final { return in_.now.load(std::memory_order_relaxed) != serving_stage::serving; }

 private:
  using attempt = bool (loop_exchange::*)(operation&) noexcept;     ///< whether it has ended, with its outcome in it

  begun begin_draining(operation& op) noexcept final;

  void begin_response() noexcept;
  task<> run_app();
  task<> answer(int status, bool for_head);
  task<bool> read_past_body();

  std::error_code refusal(const operation_slot& slot) const noexcept;
  begun begin(operation_slot& slot, operation& op, attempt what, clock::duration patience) noexcept;
  begun begin_wait(operation_slot& slot, operation& op) noexcept;
  bool try_receive(operation& op) noexcept;
  bool try_read(operation& op) noexcept;
  bool try_send(operation& op) noexcept;
  void invite_body() noexcept;
  static void on_cancel(void* self, operation_slot& slot) noexcept;
  void give_up(std::error_code why) noexcept;
  void lose(std::errc why) noexcept;
  void end_waits(std::error_code why) noexcept;

  surroundings& in_;
  received_request request_;
  body_decoder decoder_;
  response_framer framer_;
  lazy_lane lane_;
  std::optional<as_async> bridge_;
  std::optional<task<>> app_;
  std::string before_;                    // head and chunk line of the write at hand
  std::array<std::string_view, 3> out_{}; // what of it is still to be sent; the second is the app's
  std::uint64_t body_bytes_ = 0;
  int answered_ = 0;                      // by the server itself
  bool invited_ = true;                   // the client does not wait for 100
  bool stalled_ = false;
  bool cancelled_ = false;
  bool keep_ = false;
  std::error_code aborted_;

  bool idle_ = true;
  bool ended_ = false;
  std::error_code lost_;
  operation_slot reading_, writing_, gone_, notice_;
  attempt read_with_ = nullptr;
};

}}  // namespace csgi::v1
