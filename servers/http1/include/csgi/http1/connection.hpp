// csgi/http1/connection.hpp - one HTTP/1 connection: every request and response on it, without sockets or threads.
#pragma once
#include <csgi/drain_notice.hpp>
#include <csgi/exchange.hpp>
#include <csgi/file_sender.hpp>
#include <csgi/http1/driver.hpp>
#include <csgi/http1/settings.hpp>
#include <csgi/http1/workspace.hpp>
#include <csgi/serving/byte_stream.hpp>
#include <csgi/serving/date_cache.hpp>
#include <csgi/informational.hpp>
#include <csgi/request_info.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/trailers.hpp>
#include <csgi/upgrade.hpp>

namespace csgi::http1 {

/// What a connection's host has to do next.
enum class step : unsigned char {
  wait,       ///< nothing, until the transport is ready or deadline() has come
  dispatch,   ///< run the app with this exchange, then call app_done()
  give_way,   ///< let other connections have their turn, and call advance() again: the client pipelines without end
  closed,     ///< destroy the connection and its transport
};

/// What an event poller found out about a connection's transport.
struct readiness {
  bool readable = false;
  bool writable = false;
  bool peer_closed = false;   ///< its sending side, or wholly
  bool dead = false;          ///< reset, or an error
};

/// The state machine that both servers run. A host calls advance() and does what it says; while an app runs, the app
/// calls the exchange's operations and the host passes on readiness.
///
/// Threads:   one at a time. The host hands the whole connection from thread to thread, together with its driver.
class connection final : public exchange, public file_sender, public finish_hooks, public log_sink, public drain_notice,
                         public upgrade, public informational, public request_trailers, public response_trailers,
                         public response_buffer, public request_info {
 public:
  connection(transport& socket, const settings& shared, workspace_pool& pool, const endpoint& peer,
             const endpoint& local) noexcept;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  // --- for the host ---------------------------------------------------------------------------------------------

  /// Sets who drives it from now on. Requires: before the first advance(), and whenever the thread changes.
  void drive_with(driver& by, date_cache& dates) noexcept {
    driver_ = &by;
    dates_ = &dates;
  }

  /// There are too many: its first request is answered 503, and waited for only for a moment. Requires: it has not advanced.
  void turn_away(clock::time_point now) noexcept;

  /// Goes as far as it can without the app and without waiting.
  step advance() noexcept;

  /// The app has ended, with what it threw or null. advance() goes on afterwards.
  void app_done(std::exception_ptr failure) noexcept;

  /// The app is suspended: sends what was held back to go out with more.
  void app_waits() noexcept;

  /// When a dispatched request that waits for a thread is to be answered 503 in place of that; the end of time where it may
  /// wait for ever.
  clock::time_point queue_deadline() const noexcept;

  /// Whether all of a dispatched request's body was received, as far as is known without decoding it.
  bool has_whole_body() const noexcept;

  /// Whether gather_body() can make a difference: not where the client waits to be asked for its body, nor a second time.
  bool may_gather_body() const noexcept { return invited_ && !gathered_; }

  /// A dispatched request is dispatched again when its body is at hand: whole, or as much as a block holds. What is wrong with
  /// the body, or too slow, is answered without the app. Requires: may_gather_body(), and its app has not begun.
  void gather_body() noexcept;

  /// Answers a dispatched request without the app: 503, say.
  void answer(int status) noexcept;

  /// Notes readiness and, while the app runs, continues its pending operations.
  void ready(readiness what) noexcept;

  /// Whether the app runs, from dispatch to app_done().
  bool in_app() const noexcept { return stage_ == stage::app; }

  /// Whether it holds a request or output; false while it waits for the next request's first byte, or for its client to leave.
  bool busy() const noexcept { return space_ != nullptr && stage_ != stage::lingering; }

  /// Whether an app's operation, or output it left behind, waits for the transport.
  bool wants(interest direction) const noexcept;

  /// When expire() is to be called, if nothing happens before; the end of time when nothing is waited for.
  clock::time_point deadline() const noexcept;
  void expire() noexcept;

  /// The server is stopping: tells the app, closes soon when idle, else after the response that says so. advance() goes on afterwards.
  ///
  /// Requires:  settings::draining is set.
  void drain() noexcept;

  /// Grace is over: pending operations fail with operation_canceled, and nothing is kept.
  void cancel_all() noexcept;

  /// Whether the app at hand is to end: cancel_all() was called, or expire() and it took too long. Its coroutine is the host's
  /// to stop.
  bool cancelled() const noexcept { return cancelled_; }

  /// When the app at hand is to end; the end of time where it has all that there is.
  clock::time_point app_deadline() const noexcept { return app_deadline_; }

  // --- csgi::exchange: for the app ------------------------------------------------------------------------------

  const request& head() const noexcept override { return space_->head; }
  csgi::executor& executor() noexcept override { return driver_->executor(); }
  bool connected() noexcept override;
  std::pmr::memory_resource& memory() noexcept override { return driver_->memory(); }
  csgi::phase phase() const noexcept override { return space_->framer.phase(); }
  std::error_code start(const response_head& head) noexcept override;
  begun begin_read(read_op& op) noexcept override;
  begun begin_write(write_op& op) noexcept override;
  begun begin_gone(operation& op) noexcept override;
  void abort(std::errc reason) noexcept override;
  void* find(const extension_id& id) noexcept override;

  begun begin_send_file(file_op& op) noexcept override;
  void add(finish_hook& hook) noexcept override;
  void log(log_level level, std::string_view text) noexcept override;
  bool draining() const noexcept override { return shared_.draining.load(std::memory_order_relaxed); }
  begun begin_draining(operation& op) noexcept override;
  begun begin_upgrade(upgrade_op& op) noexcept override;
  begun begin_inform(inform_op& op) noexcept override;
  std::span<const field> fields() const noexcept override { return is_body_read() ? space_->decoder.trailers() : std::span<const field>(); }
  bool wanted() const noexcept override;
  std::error_code announce(std::span<const std::string_view> names) noexcept override { return space_->framer.announce_trailers(names); }
  std::error_code set(std::span<const field> fields) noexcept override { return space_->framer.set_trailers(fields); }
  std::size_t buffered() const noexcept override { return space_->output.memory(); }
  std::size_t high_water() const noexcept override { return driver_->blocks() ? 0 : high_water_; }
  void set_high_water(std::size_t bytes) noexcept override;
  begun begin_drained(drain_op& op) noexcept override;
  clock::time_point received() const noexcept override { return received_; }
  std::uint64_t number() const noexcept override { return number_; }
  bool upgraded() const noexcept override { return upgraded_; }

 private:
  static constexpr std::size_t default_high_water = 64 * 1024;

  enum class stage : unsigned char { head, gathering, app, closing, draining, discarding, lingering, closed };

  /// The connection as its own WebSocket uses it.
  class raw_stream final : public byte_stream {
   public:
    explicit raw_stream(connection& of) noexcept : of_(of) {}
    begun begin_upgrade(upgrade_op& op) noexcept override { return of_.begin_upgrade(op); }
    begun begin_read(read_op& op, clock::duration limit) noexcept override;
    void wait_for(clock::duration limit) noexcept override;
    void set_aside() noexcept override { of_.space_->input.set_aside(); }
    void take_back() noexcept override { of_.space_->input.take_back(); }
    std::string& output() noexcept override { return of_.space_->output.own(); }
    begun begin_write(write_op& op) noexcept override;
    void abort(std::errc reason) noexcept override;
    csgi::executor& executor() noexcept override { return of_.executor(); }
    bool blocks() const noexcept override { return of_.driver_->blocks(); }

   private:
    connection& of_;
  };

  /// An operation of the app that waits.
  struct pending {
    operation* op = nullptr;
    clock::time_point deadline = clock::time_point::max();
    bool ending = false;      // an operation is over, and its done() is still to run
  };

  // connection.cpp: between requests
  bool read_head();
  bool gives_way() noexcept;
  void refuse_head(int status) noexcept;
  void wait_for_head(bool idle) noexcept;
  clock::duration patience() const noexcept;
  void begin_request();
  void take_head();
  void begin_response() noexcept;
  bool may_receive() const noexcept { return (may_read_ || peer_closed_) && !broken_; }
  bool receive(std::span<char> room) noexcept;
  /// Whether there is nothing left to send.
  bool send_output() noexcept { return space_->output.empty() || send_what_is_there(); }
  bool send_what_is_there() noexcept;
  bool keep_unsent(output_queue::state why) noexcept;
  bool drain_output() noexcept;
  bool discard_body();
  bool linger();
  bool response_is_whole() const noexcept;
  void finish_response() noexcept;
  void go_on_after_response() noexcept;
  void report_access() noexcept;
  outcome how_it_ended() const noexcept;
  void close() noexcept;
  step ended() noexcept;

  // connection_gathering.cpp: a body that is received before its app runs
  bool gather();
  void stop_gathering() noexcept;
  void refuse_body(int status) noexcept;
  /// Whether the app has had all of it.
  bool is_body_read() const noexcept { return space_->decoder.over() && !gathered_; }

  // connection_app.cpp: the end of an app
  void settle(std::exception_ptr failure) noexcept;
  void drop_pending() noexcept;
  void cancel_app() noexcept;
  void report_fault(std::string_view what) noexcept;

  // connection_upgrade.cpp: when it is no HTTP any more
  websocket* find_websocket() noexcept;
  bool in_websocket() const noexcept { return space_->websocket && space_->websocket->accepted(); }
  void leave_websocket(std::exception_ptr failure) noexcept;
  bool close_websocket() noexcept;
  begun finish_at_once(operation& op) noexcept;
  void end_websocket_stream() noexcept;

  // connection_waits.cpp: for what is no byte
  void end_waits(std::error_code why) noexcept;
  void tell_drained() noexcept;

  // connection_operations.cpp: while an app runs
  request_lane* lane() noexcept;
  /// Whether an operation may begin there.
  bool is_free(const pending& slot) const noexcept {
    return !slot.op && !slot.ending && !cancelled_ && !broken_ && phase() < phase::finished && !driver_->cancelled();
  }
  std::error_code refusal(const pending& slot) const noexcept;
  begun read(read_op& op, clock::duration limit) noexcept;
  begun read_waiting(read_op& op, clock::duration limit) noexcept;
  bool try_read(read_op& op) noexcept;
  bool end_read(read_op& op, bool waiting) noexcept;
  bool take(read_op& op) noexcept;
  bool take_body(read_op& op) noexcept;
  bool take_gathered(read_op& op) noexcept;
  bool take_bytes(read_op& op) noexcept;
  /// Whether the operation is over. One that waits in its slot may be completed elsewhere meanwhile.
  bool try_write(operation& op) noexcept {
    const bool waiting = write_.op == &op;
    return send_output() || may_end_unsent(op, waiting);
  }
  bool may_end_unsent(operation& op, bool waiting) noexcept;
  begun write(write_op& op) noexcept;
  begun flush(operation& op) noexcept;
  begun write_framed(operation& op, ending then) noexcept;
  begun write_waiting(operation& op) noexcept;
  void settle_persistence(ending then) noexcept;
  bool may_batch() const noexcept;
  bool may_take_over() const noexcept;
  void invite_body() noexcept;
  begun pend(pending& slot, operation& op, clock::duration limit) noexcept;
  begun completed(pending& slot, operation& op) noexcept;
  void complete(pending& slot) noexcept;
  void complete_later(pending& slot, std::error_code error) noexcept;
  void post(pending& slot, operation& op) noexcept;
  void cancel_pending(operation& op) noexcept;
  void abandon_response(std::error_code reason) noexcept;
  void lost(std::errc reason) noexcept;

  // What each of an app's operations looks at comes first, as in websocket_session.

  transport& socket_;
  driver* driver_ = nullptr;
  std::unique_ptr<workspace> space_;      // null while idle
  raw_stream stream_{*this};
  stage stage_ = stage::head;
  ending then_ = ending::more;            // of the write at hand
  bool may_read_ = false;                 // the socket may hold bytes: the last receive did not empty it
  bool ended_ = false;                    // a receive met the end of what the peer sends
  bool peer_closed_ = false;
  bool timing_head_ = false;              // deadline_ is that of a head already begun
  bool turned_away_ = false;              // turn_away() was called
  bool parting_ = false;                  // deadline_ is that of a last request
  bool keep_ = true;                      // the connection, after this response
  bool invited_ = true;                   // 100 Continue was sent, or is not needed
  bool body_stalled_ = false;             // a read of the app's timed out
  bool gathered_ = false;                 // the body, or its beginning, before the app began; until it has read that
  bool cancelled_ = false;                // the app at hand is to end
  bool grace_is_over_ = false;            // so is everything: nothing is waited for
  bool app_blocks_ = false;               // the app at hand is a blocking one
  bool handshake_ = false;                // the request opens a WebSocket
  bool noticed_ = false;                  // the app waits, or has waited, for the server's draining
  bool app_failed_ = false;               // it has thrown, and a WebSocket is to be closed
  bool upgraded_ = false;                 // the response is 101: the exchange is a stream of bytes
  bool app_waited_ = false;               // it was suspended, or runs elsewhere
  unsigned inline_completions_ = 0;
  std::error_code broken_{};              // why the transport is of no use any more
  pending read_, write_, drained_, gone_, notice_;

  const settings& shared_;
  workspace_pool& pool_;
  date_cache* dates_ = nullptr;
  finish_hook* hooks_ = nullptr;
  clock::time_point deadline_ = clock::time_point::max();   // of the stage
  clock::time_point waits_since_{};       // for the first byte of a request
  clock::time_point app_deadline_ = clock::time_point::max();
  clock::time_point began_{};             // the request at hand; only where accesses are logged
  clock::time_point received_{};          // when the request's head was whole
  clock::time_point asks_since_{};        // for a thread
  std::uint64_t number_;                  // the request's
  std::uint64_t body_bytes_ = 0;          // of the response
  std::size_t high_water_ = default_high_water;     // bytes that wait in memory while an async app goes on
  std::size_t discarded_ = 0;             // bytes of a body that nobody wants
  std::size_t discarded_framing_ = 0;     // and of what is around them
  std::size_t gathered_from_ = 0;         // bytes of the body that is gathered, with their framing
  std::size_t served_ = 0;                // requests so far
  unsigned in_a_row_ = 0;                 // requests without a wait between them
  std::error_code aborted_{};             // why the response is not whole
  int answered_ = 0;                      // status of a response of the server's own
  endpoint peer_;
  endpoint local_;
};

}  // namespace csgi::http1
