// csgi/testing/memory_exchange.hpp - a request and its response in memory: a server without wire, threads or limits.
#pragma once
#include <atomic>
#include <csgi/application.hpp>
#include <csgi/background.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/request_lane.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/server_info.hpp>
#include <csgi/testing/client_behaviour.hpp>
#include <csgi/testing/counting_memory.hpp>
#include <csgi/testing/misdeed.hpp>
#include <csgi/testing/request_options.hpp>
#include <csgi/testing/response.hpp>
#include <csgi/testing/test_loop.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>
#include <deque>

namespace csgi::testing {

class counted_lane;
class memory_extras;
class memory_websocket;
class viewed_head;

/// What an exchange in memory finds around it.
struct neighbours {
  thread_lender* threads = nullptr;         ///< for blocking apps, and for lanes; null: neither
  csgi::background* background = nullptr;
  std::pmr::memory_resource* views = nullptr;   ///< of what the app may look at for a time, a piece for each view; null: the heap
};

/// Holds an app of either kind to the contract of csgi::exchange, and shows what it does to whoever plays the client. Each
/// chunk has memory of its own, which is overwritten and freed when the next read begins.
///
/// Lifetime:  longer than the app runs: until ended(). Loop and neighbours are borrowed.
/// Threads:   the client's side is the loop's thread.
class memory_exchange final : public exchange, private file_sender, private finish_hooks, private log_sink, private drain_notice,
                              private upgrade {
 public:
  memory_exchange(test_loop& loop, std::string method, std::string target, const request_options& with = {},
                  const request_origin& from = {}, const client_behaviour& client = {}, neighbours around = {});
  memory_exchange(const memory_exchange&) = delete;
  memory_exchange& operator=(const memory_exchange&) = delete;
  ~memory_exchange();

  // --- running an app

  /// Begins to run it: on the loop, or on a thread of the neighbours. Turning the loop goes on with it.
  void begin(application app);

  /// Runs it to its end on this thread, whatever its kind; an operation that waits for what never comes fails with timed_out,
  /// or, in a coroutine, with operation_canceled.
  void serve(application app);

  /// The exchange of an app of that kind, for who runs coroutines on it by hand; until one is begun, async.
  void act_for(app_kind which) noexcept { blocks_ = which == app_kind::blocking; }

  /// Whether the app is done, and its finish hooks have run.
  bool ended() const noexcept;

  /// What it threw, but for the routine ends of a request that the client or the server broke off.
  std::exception_ptr failure() const noexcept;

  /// What was wrong with its end in words, empty where nothing was.
  std::string fault() const;

  /// What it did that it must not do. Also what it does after its end, as long as this lives.
  std::vector<misdeed> misdeeds() const;

  /// How many operations it has begun, refused ones among them.
  std::size_t operations() const noexcept;

  /// Of them, those that failed because the client was lost or the server wanted the request to end.
  std::size_t failed_operations() const noexcept;

  /// Whether it has looked for an extension of that id; and whether there was none.
  bool asked_for(const extension_id& id) const noexcept;
  bool missed(const extension_id& id) const noexcept;

  /// How long it kept its thread at most, asleep between two awaits; of a coroutine.
  clock::duration longest_stall() const noexcept;

  /// In words: "a read", say, or that it waits for nothing of this.
  std::string waits_for() const;

  // --- the client's side

  const request& sent() const noexcept { return request_.get(); }   ///< head(), also when the app is done
  void give(std::string bytes);             ///< more of the request's body
  void end_body() noexcept;
  bool wants_body() const noexcept;         ///< the app waits for body, and there is none
  bool body_taken() const noexcept;         ///< it has read all that was given
  bool write_pending() const noexcept;      ///< what the app writes is on its way
  void close_sending() noexcept;            ///< the end of what the client sends, whole or not
  void disconnect() noexcept;
  void drain() noexcept;                    ///< what a server does that begins to stop
  void stop() noexcept;                     ///< what a server does that wants the request to end
  bool has_head() const noexcept;           ///< the response's is on its way
  bool over() const noexcept;               ///< nothing more of the response will be sent
  response result() const;                  ///< what was sent, without body
  std::string take();                       ///< what there is of the body
  std::uint64_t changes() const noexcept;   ///< how often something of all this may have changed
  begun begin_change(operation& op, std::uint64_t since) noexcept;  ///< completes when changes() is another than `since`

  /// Read, write, flush and so on, in order: "inform 103", "start 200", "read 4", "write 4", "file 10", "flush", "finish", "abort".
  const std::vector<std::string>& trace() const noexcept { return trace_; }
  const counting_memory& frames() const noexcept { return memory_; }

  /// Has find() give `interface` for the extension of that id; null hides it.
  void offer(const extension_id& id, void* interface) { offered_.emplace_back(id, interface); }

  // --- exchange

  const request& head() const noexcept override;
  csgi::executor& executor() noexcept override;
  bool connected() noexcept override;
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  csgi::phase phase() const noexcept override;
  std::error_code start(const response_head& head) noexcept override;
  begun begin_read(read_op& op) noexcept override;
  begun begin_write(write_op& op) noexcept override;
  begun begin_gone(operation& op) noexcept override;
  void abort(std::errc reason) noexcept override;
  void* find(const extension_id& id) noexcept override;

 private:
  friend class memory_extras;
  friend class memory_websocket;

  enum kind : unsigned char { reading, writing, leaving, noticing, emptying };
  static constexpr std::size_t kinds = 5;
  enum class stage : unsigned char { running, closing, hooks, over };   ///< closing: a WebSocket that the app has left open
  enum class threads : unsigned char { own, any };

  /// The executor of a blocking app: its handler's thread.
  class handler_side final : public csgi::executor {
   public:
    explicit handler_side(memory_exchange& of) noexcept : whole_(of) {}
    void post(work& w) noexcept override;
    void post_locked(work& w) noexcept;
    begun begin_wait(timer_op& t) noexcept override;
    bool here() const noexcept override { return thread == std::this_thread::get_id(); }
    void run_posted(std::unique_lock<std::mutex>& lock) noexcept;

    std::atomic<std::thread::id> thread{};

   private:
    memory_exchange& whole_;
    std::deque<work*> queue_;
  };

  /// What is left of a write or file.
  struct outgoing {
    std::string_view data;
    int descriptor = -1;
    std::uint64_t offset = 0;
    std::uint64_t left = 0;
    ending then = ending::more;
  };

  struct run_work final : work {
    memory_exchange* of = nullptr;
  };

  std::mutex& mutex() const noexcept { return loop_.mutex(); }
  std::pmr::memory_resource& views() const noexcept { return around_.views ? *around_.views : *std::pmr::new_delete_resource(); }

  // what is held against the app; with the mutex held
  bool permits(const char* call, threads from = threads::own) const noexcept;
  bool has_asked_for(const extension_id& id) const noexcept;
  void hold(misuse what, std::string words) const;
  void judge_head(const response_head& head, bool may_be_sent);
  void judge_write(std::uint64_t size, ending then);

  // operations; with the mutex held
  begun begin(kind which, operation& op, std::unique_lock<std::mutex>& lock) noexcept;
  begun begin_outgoing(operation& op, outgoing what, std::unique_lock<std::mutex>& lock) noexcept;
  begun refuse(operation& op, std::errc why) noexcept;
  std::errc account(std::uint64_t size, ending then) noexcept;
  bool trip(kind which) noexcept;
  bool settle(kind which) noexcept;
  bool settle_read(read_op& op) noexcept;
  bool settle_write(operation& op) noexcept;
  bool settle_gone(operation& op) noexcept;
  bool settle_notice(operation& op) noexcept;
  bool settle_drained(drain_op& op) noexcept;
  bool move_bytes(operation& op) noexcept;
  bool take_over() noexcept;
  void send_buffered() noexcept;
  std::size_t buffered() const noexcept;
  void bring_chunk(read_op& op);
  void drop_chunk() noexcept;
  void commit();
  static void add_upgrade_fields(response& r);
  void break_off(std::errc reason) noexcept;
  void lose(std::errc reason) noexcept;
  void note(std::string what) { trace_.push_back(std::move(what)); }
  bool bodiless() const noexcept;
  void kick() noexcept;
  void schedule() noexcept;
  void tell_client() noexcept;
  void advance() noexcept;
  void cancel(kind which) noexcept;

  // leaving HTTP
  begun begin_upgrade(upgrade_op& op) noexcept override;
  bool upgraded() const noexcept override;
  std::errc switch_protocols(const upgrade_op& op);
  begun begin_raw_upgrade(upgrade_op& op, std::unique_lock<std::mutex>& lock) noexcept;
  begun begin_raw_read(read_op& op, clock::duration limit) noexcept;
  begun begin_raw_write(write_op& op, std::string bytes, std::unique_lock<std::mutex>& lock) noexcept;
  void limit_read(clock::duration limit) noexcept;
  void end_limit() noexcept;
  void set_chunk_aside() noexcept;
  void drop_aside() noexcept;
  bool offers_upgrade() const noexcept;
  websocket* find_websocket() noexcept;
  void* look_for(const extension_id& id) noexcept;
  void leave_websocket(std::exception_ptr thrown) noexcept;
  void close_websocket() noexcept;
  void conclude_websocket() noexcept;

  // the app's run
  void run_coroutine(application app) noexcept;
  void run_handler(application app) noexcept;
  void app_done(std::exception_ptr thrown) noexcept;
  void note_failure(std::exception_ptr thrown, bool closed) noexcept;
  void tell_operator();
  void end_run() noexcept;
  void answer(int status);
  void answer_unasked(int status);
  void answer_instead(bool threw, std::error_code why);
  void run_hooks() noexcept;

  begun begin_send_file(file_op& op) noexcept override;
  void add(finish_hook& hook) noexcept override;
  void log(log_level level, std::string_view text) noexcept override;
  bool draining() const noexcept override;
  begun begin_draining(operation& op) noexcept override;

  test_loop& loop_;
  const request_head request_;
  const client_behaviour client_;
  const neighbours around_;
  const std::unique_ptr<viewed_head> viewed_;
  handler_side handler_{*this};
  counting_memory memory_;
  std::vector<std::pair<extension_id, void*>> offered_;
  std::vector<std::string> trace_;
  server_info info_{.name = "testing", .version = "1"};

  std::vector<std::pair<std::uint64_t, bool>> asked_;   // ids by their hash, and whether they were found
  const std::unique_ptr<memory_extras> extras_;

  // the app's run
  std::optional<application> app_;
  std::optional<task<>> coroutine_;
  operation end_;
  run_work run_, advance_;
  std::unique_ptr<counted_lane> lane_;
  finish_hook* hooks_ = nullptr;
  std::exception_ptr failure_;
  std::string fault_;
  mutable std::vector<misdeed> misdeeds_;
  clock::duration longest_stall_{};
  stage stage_ = stage::running;
  std::thread::id hooks_thread_;
  bool blocks_ = false;
  bool outside_ = false;                    // the handler has a thread of its own
  bool ended_ = false;

  // the request's body
  std::deque<std::string> given_;
  std::uint64_t given_bytes_ = 0;
  char* chunk_ = nullptr;                   // that the app may look at
  std::size_t chunk_size_ = 0;
  bool body_ended_ = false;
  bool peer_closed_ = false;

  // the response
  csgi::phase phase_ = csgi::phase::open;
  response staged_, response_;              // before and after the commit
  std::optional<std::uint64_t> declared_;
  std::uint64_t written_ = 0;               // bytes that the app has written
  std::uint64_t sent_ = 0;                  // of them, those that the client's side has taken
  std::string out_;                         // of these, those that nobody has read
  std::string buffer_;                      // bytes that the server has taken over, and the client's side has not
  bool whole_ = false;
  std::optional<std::errc> lost_;           // the connection, or the server's patience
  bool drained_ = false;
  bool cancelled_ = false;

  // what comes after HTTP
  std::unique_ptr<memory_websocket> socket_;
  timer_op read_limit_;
  run_work go_away_;                        // for a handler's thread
  std::string raw_bytes_;                   // that are written
  std::uint64_t message_bytes_ = 0;         // of them, those of messages
  char* aside_ = nullptr;                   // a chunk that stays through reads
  std::size_t aside_size_ = 0;
  bool upgraded_ = false;
  bool switching_ = false;                  // the 101 is not on its way yet
  bool in_websocket_ = false;
  bool noticed_ = false;                    // the app waits, or has waited, for the server's draining
  bool limited_ = false;                    // read_limit_ is pending
  bool overdue_ = false;                    // it has come

  // operations, by kind
  operation* pending_[kinds] = {};
  bool stopped_[kinds] = {};
  std::optional<std::errc> failing_[kinds];
  outgoing outgoing_;
  std::size_t operations_ = 0;              // that may be made to fail
  std::size_t begun_ = 0;                   // those, and all others
  std::size_t failed_ = 0;
  std::size_t in_a_row_ = 0;
  bool queued_ = false;
  operation* change_ = nullptr;
  std::uint64_t changes_ = 0;
  test_loop::sleeper sleeper_;
};

}  // namespace csgi::testing
