// view.hpp - what a lint puts between a server and an app.
#pragma once
#include <csgi/exchange.hpp>
#include <csgi/finish_hooks.hpp>
#include <csgi/request_info.hpp>
#include <csgi/trailers.hpp>
#include <csgi/utf8.hpp>
#include <initializer_list>
#include <optional>
#include <thread>
#include "../stall_watch.hpp"
#include "link.hpp"
#include "shadow.hpp"
#include "value.hpp"

namespace csgi { inline namespace v1 {

/// Forwards everything, begins operations of its own in the place of the app's, and compares what both sides do with what they
/// may do.
///
/// Lifetime:  beyond the request: who calls it then is told of, and refused, without a look at the exchange that was.
/// Threads:   those of an exchange.
class lint_view final : public exchange, private file_sender, private finish_hooks, private websocket, private upgrade,
                        private informational, private request_trailers, private response_trailers, private response_buffer,
                        private request_info {
 public:
  lint_view(exchange& next, app_kind kind, lint_desk& desk, void* place) noexcept;
  lint_view(const lint_view&) = delete;
  lint_view& operator=(const lint_view&) = delete;

  void* place() const noexcept { return place_; }

  // --- the app's run

  enum class how : unsigned char { returned, threw, destroyed };

  /// Just before the app is called.
  void enter() noexcept;
  /// When it is done.
  void leave(how it_ended) noexcept;

  /// It is asked to stop, though perhaps by no operation.
  void told_to_end() noexcept { told_to_end_ = true; }

  /// Runs a piece of the app, and tells where that kept the thread.
  template <class Piece>
  begun run(Piece piece) noexcept {
    hold();
    const stall_watch watch;
    stretch_ = &watch;
    const begun ended = piece();
    if (!ended_.load(std::memory_order_acquire)) end_stretch();
    let_go();
    return ended;
  }

  // --- exchange

  const request& head() const noexcept override;
  csgi::executor& executor() noexcept override;
  bool connected() noexcept override;
  std::pmr::memory_resource& memory() noexcept override;
  csgi::phase phase() const noexcept override;
  std::error_code start(const response_head& head) noexcept override;
  begun begin_read(read_op& op) noexcept override;
  begun begin_write(write_op& op) noexcept override;
  begun begin_gone(operation& op) noexcept override;
  void abort(std::errc reason) noexcept override;
  void* find(const extension_id& id) noexcept override;

 private:
  struct watched_hook;

  /// An extension that was found.
  struct finding {
    std::uint64_t hash = 0;
    void* where = nullptr;
  };

  struct outgoing {
    std::uint64_t size;
    ending then;
  };
  static outgoing size_of(const write_op& op) noexcept { return {op.data.size(), op.then}; }
  static outgoing size_of(const file_op& op) noexcept { return {op.count, op.then}; }

  // file_sender, finish_hooks
  begun begin_send_file(file_op& op) noexcept override;
  void add(finish_hook& hook) noexcept override;

  // websocket, upgrade
  begun begin_accept(accept_op& op) noexcept override;
  begun begin_receive(receive_op& op) noexcept override;
  begun begin_send(send_op& op) noexcept override;
  begun begin_close(close_op& op) noexcept override;
  bool accepted() const noexcept override;
  websocket_end end() const noexcept override;
  begun begin_upgrade(upgrade_op& op) noexcept override;
  bool upgraded() const noexcept override;

  // informational, request_trailers, response_trailers, response_buffer, request_info
  begun begin_inform(inform_op& op) noexcept override;
  std::span<const field> fields() const noexcept override;
  bool wanted() const noexcept override;
  std::error_code announce(std::span<const std::string_view> names) noexcept override;
  std::error_code set(std::span<const field> fields) noexcept override;
  std::size_t buffered() const noexcept override;
  std::size_t high_water() const noexcept override;
  void set_high_water(std::size_t bytes) noexcept override;
  begun begin_drained(drain_op& op) noexcept override;
  clock::time_point received() const noexcept override;
  std::uint64_t number() const noexcept override;
  void* stand_in_for(const extension_id& id, void* where) noexcept;
  void watch_buffer(response_buffer& where) noexcept;
  void watch_info(request_info& where) noexcept;

  // telling
  void tell(fault which, const char* call, std::string_view value = {}) const noexcept;
  bool alive(const char* call) const noexcept;
  bool here(const char* call) const noexcept;
  bool judges() const noexcept { return !elsewhere_.load(std::memory_order_relaxed); }
  csgi::phase observe(const char* call) const noexcept;

  // operations
  template <class Operation, class Begin>
  begun perform(shadow<Operation>& s, Operation& op, Begin begin) noexcept;
  template <class Operation>
  void finished(shadow<Operation>& s) noexcept;
  template <class Operation>
  static void stop_shadow(operation& op) noexcept;
  template <class Operation, class Begin>
  begun write(shadow<Operation>& s, Operation& op, const char* call, Begin begin) noexcept;
  bool writes() const noexcept { return write_.theirs || file_.theirs || inform_.theirs; }
  template <class Operation, class Begin>
  begun begin_second(Operation& op, fault which, const char* call, Begin begin) noexcept;
  template <class Operation, class Begin>
  begun begin_beside_socket(Operation& op, const char* call, Begin begin) noexcept;
  template <class Operation, class Begin>
  begun end_speech(shadow<Operation>& s, Operation& op, bool sendable, fault taken, const char* call, Begin begin) noexcept;
  bool out_of_turn(csgi::phase before, csgi::phase earliest, const char* call) const noexcept;

  // judging, when the outcome is there
  void judge(const read_op& op, bool stopped) noexcept;
  void judge(const write_op& op, bool stopped) noexcept { judge_write(op, stopped, "begin_write()"); }
  void judge(const file_op& op, bool stopped) noexcept { judge_write(op, stopped, "begin_send_file()"); }
  void judge(const operation& op, bool stopped) noexcept;
  void judge(const accept_op& op, bool stopped) noexcept;
  void judge(const receive_op& op, bool stopped) noexcept;
  void judge(const send_op& op, bool stopped) noexcept;
  void judge(const close_op& op, bool stopped) noexcept;
  void judge(const upgrade_op& op, bool stopped) noexcept;
  void judge(const inform_op& op, bool stopped) noexcept;
  void judge(const drain_op& op, bool stopped) noexcept;
  void judge_mark(const char* call) noexcept;
  void judge_trailers(bool late, bool sendable, csgi::phase before, const char* call, std::string_view value) const noexcept;
  bool judge_refusal(const std::error_code& error, bool late, bool sendable, const char* call) const noexcept;
  void judge_outcome(const operation& op, bool stopped, std::initializer_list<std::errc> allowed, const char* call) noexcept;
  void judge_message(const receive_op& op, const char* call) noexcept;
  bool speaks() const noexcept { return send_.theirs || close_.theirs; }
  void judge_write(const operation& op, bool stopped, const char* call) noexcept;
  void judge_answer(const operation& op, begun ended, csgi::phase before, csgi::phase earliest, const char* call) const noexcept;
  void judge_body(outgoing what, const char* call) const noexcept;
  void judge_taken(outgoing what, csgi::phase before, const char* call) noexcept;
  void judge_refused(const operation& op, csgi::phase before, const char* call) const noexcept;
  void tell_refused_unduly(const char* call) const noexcept;
  void note_loss(const operation& op) noexcept;
  void count_operation(const char* call) noexcept;
  bool excused() noexcept;
  bool bodiless() const noexcept { return is_head_ || status_ == 204 || status_ == 304; }
  void end_stretch() noexcept;

  void hold() noexcept { holds_.fetch_add(1, std::memory_order_relaxed); }
  void let_go() noexcept;

  exchange& next_;
  csgi::executor& executor_;
  const request& head_;
  const std::uint64_t digest_;
  lint_desk& desk_;
  void* const place_;
  log_sink* const sink_;
  lint_link* const outer_;
  const bool blocking_;
  const bool is_head_;
  std::thread::id handler_;               // of a blocking app
  char request_[128];                     // for reports, also when the head is gone
  std::size_t request_size_ = 0;

  mutable lint_link link_;
  std::atomic<bool> ended_{false};
  mutable std::atomic<bool> elsewhere_{false};      // somebody has called from another thread: what follows is not judged
  std::atomic<std::thread::id> hooks_thread_{};
  std::atomic<unsigned> holds_{1};

  shadow<read_op> read_;
  shadow<write_op> write_;
  shadow<file_op> file_;
  shadow<operation> gone_;
  shadow<accept_op> accept_;
  shadow<receive_op> receive_;
  shadow<send_op> send_;
  shadow<close_op> close_;
  shadow<upgrade_op> upgrade_;
  shadow<inform_op> inform_;
  shadow<drain_op> drained_;
  file_sender* sender_ = nullptr;
  finish_hooks* hooks_ = nullptr;
  finding found_[16];
  const stall_watch* stretch_ = nullptr;

  // the request's body
  std::uint64_t read_bytes_ = 0;
  bool read_all_ = false;
  std::string_view chunk_;
  std::uint64_t chunk_sample_ = 0;

  // what comes after HTTP
  websocket* socket_ = nullptr;
  upgrade* stream_ = nullptr;
  bool wants_socket_ = false;             // the app has asked, and there was none
  bool accepted_ = false;
  bool upgraded_ = false;
  bool socket_over_ = false;              // a receive has told
  bool socket_closed_ = false;            // by the app
  bool in_incoming_ = false;              // a message has begun and not ended
  bool in_outgoing_ = false;
  message_kind incoming_kind_ = message_kind::text;
  message_kind outgoing_kind_ = message_kind::text;
  utf8_check incoming_text_;
  utf8_check outgoing_text_;
  std::string_view message_;
  std::uint64_t message_sample_ = 0;
  mutable std::optional<std::uint64_t> farewell_;     // what end() has told, in short

  // around the response
  static constexpr std::size_t most_announced = 16;
  informational* hints_ = nullptr;
  request_trailers* sent_behind_ = nullptr;
  response_trailers* behind_ = nullptr;
  response_buffer* buffer_ = nullptr;
  request_info* info_ = nullptr;
  mutable std::optional<std::uint64_t> sent_behind_digest_;
  std::uint64_t announced_names_[most_announced];     // by their hash
  std::size_t announced_ = 0;
  bool knows_announced_ = true;           // they are not too many
  bool announces_ = false;
  bool is_what_the_app_writes_ = false;   // what is buffered
  bool mark_was_lowered_ = false;         // and more has been buffered since
  std::size_t highest_mark_ = 0;
  std::size_t largest_write_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t writes_begun_ = 0;
  std::size_t writes_at_drain_ = 0;
  clock::time_point entered_at_{};
  std::uint64_t connection_ = 0;          // the same for requests of one; 0: not known
  mutable std::atomic<std::uint64_t> first_number_{0};

  // the response
  mutable csgi::phase phase_ = csgi::phase::open;   // as last seen
  int status_ = 0;
  std::optional<std::uint64_t> declared_;
  std::uint64_t written_ = 0;
  bool aborted_by_app_ = false;
  bool left_ = false;                     // the peer, says connected()
  bool told_to_end_ = false;              // by a stop, an operation that was cancelled, or a wait for the peer's going
  bool lost_ = false;                     // an operation has told that the request is to end
  clock::time_point lost_at_{};
  std::size_t after_loss_ = 0;            // operations
  unsigned hooks_left_ = 0;               // that have not run
};

}}  // namespace csgi::v1
