// as_blocking.cpp - see csgi/as_blocking.hpp.
#include <csgi/as_blocking.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/file_sender.hpp>
#include <csgi/request_lane.hpp>
#include <csgi/response_rules.hpp>
#include <csgi/run_loop.hpp>
#include <optional>

namespace csgi { inline namespace v1 {

namespace {

/// The exchange as the async app sees it. Operations answer pending and are done, blocking, in a later turn of the loop.
class looped_exchange final : public exchange, private file_sender, private drain_notice {
 public:
  looped_exchange(exchange& outer, run_loop& loop) noexcept : outer_(outer), loop_(loop) {
    rules_.reset({.version = head().version, .head_request = head().method == "HEAD"});
  }
  looped_exchange(const looped_exchange&) = delete;
  looped_exchange& operator=(const looped_exchange&) = delete;
  ~looped_exchange() {
    if (lane_) lane_->end();
  }

  const request& head() const noexcept override { return outer_.head(); }
  csgi::executor& executor() noexcept override { return loop_; }
  bool connected() noexcept override { return outer_.connected(); }
  std::pmr::memory_resource& memory() noexcept override { return outer_.memory(); }

  /// What a write that pends is going to make it: it was taken.
  csgi::phase phase() const noexcept override {
    const auto before = outer_.phase();
    return writing_ && before < csgi::phase::finished ? rules_.phase() : before;
  }

  std::error_code start(const response_head& head) noexcept override {
    if (phase() > csgi::phase::started) return std::make_error_code(std::errc::operation_not_permitted);
    const auto refused = outer_.start(head);
    if (!refused) rules_.start(head);
    return refused;
  }

  begun begin_read(read_op& op) noexcept override {
    op.chunk = {};
    return begin<&looped_exchange::read_now>(reading_, op, false);
  }
  begun begin_write(write_op& op) noexcept override {
    return begin<&looped_exchange::write_now>(writing_, op, !writing_ && rules_.write(op.data.size(), op.then));
  }
  begun begin_send_file(file_op& op) noexcept override {
    return begin<&looped_exchange::send_now>(writing_, op, !writing_ && rules_.write(op.count, op.then));
  }

  /// Runs `app`'s coroutine to its end, unless the request is to end before.
  void run(async_app& app) {
    coroutine_.emplace(app.http(async_exchange(*this)));
    coroutine_->adopt(*this);
    look_from_the_second_turn();
    loop_.run(whole(*coroutine_));
  }

  begun begin_gone(operation& op) noexcept override {
    if (gone_) return refuse(op, std::errc::operation_in_progress);
    if (phase() >= csgi::phase::finished) return refuse(op, std::errc::operation_canceled);
    if (!connected()) return refuse(op, std::errc::connection_reset);
    pend(op);
    gone_ = &op;
    return begun::pending;
  }

  /// Asked on any thread, so that the server's notice was found before.
  bool draining() const noexcept override { return outer_notice_->draining(); }
  begun begin_draining(operation& op) noexcept override {
    if (notice_) return refuse(op, std::errc::operation_in_progress);
    if (phase() >= csgi::phase::finished) return refuse(op, std::errc::operation_canceled);
    pend(op);
    notice_ = &op;
    end_waits();
    return begun::pending;
  }

  void abort(std::errc reason) noexcept override {
    outer_.abort(reason);
    end_waits();
  }

  void* find(const extension_id& wanted) noexcept override {
    if (wanted == file_sender::id) return outer_.find(wanted) ? static_cast<file_sender*>(this) : nullptr;
    if (wanted == lane::id) return static_cast<csgi::lane*>(borrowed_lane());
    if (wanted == helping_lane::id) return static_cast<helping_lane*>(borrowed_lane());
    if (wanted == drain_notice::id) {
      if (!outer_notice_) outer_notice_ = static_cast<drain_notice*>(outer_.find(wanted));
      return outer_notice_ ? static_cast<drain_notice*>(this) : nullptr;
    }
    return outer_.find(wanted);
  }

 private:
  /// The handler's thread turns the loop: blocking code has one of the process, so that neither waits for the other.
  request_lane* borrowed_lane() noexcept {
    try {
      if (!lane_) lane_ = std::make_shared<request_lane>(loop_, thread_pool::of_process());
    } catch (const std::bad_alloc&) {
    }
    return lane_.get();
  }

  static constexpr std::chrono::milliseconds look_interval{50};   // a blocking exchange tells nothing to who does not ask

  static task<> whole(task<>& coroutine) { co_await std::move(coroutine); }

  static begun refuse(operation& op, std::errc why) noexcept {
    op.error = std::make_error_code(why);
    return begun::completed;
  }

  void pend(operation& op) noexcept {
    op.error = {};
    op.server = this;
    op.stop = [](operation& o) noexcept { static_cast<looped_exchange*>(o.server)->stop(o); };
  }

  template <auto Perform, class Operation>
  begun begin(operation*& place, Operation& op, bool against_rules) noexcept {
    if (place) return refuse(op, std::errc::operation_in_progress);
    if (against_rules || outer_.phase() >= csgi::phase::finished) {     // refused at once, and without waiting
      (this->*Perform)(op);
      end_waits();
      return begun::completed;
    }
    if (phase() >= csgi::phase::finished) return refuse(op, std::errc::operation_not_permitted);
    place = &op;
    pend(op);
    op.run = [](work& w) noexcept {
      auto& ready = static_cast<Operation&>(static_cast<operation&>(w));
      auto& self = *static_cast<looped_exchange*>(ready.server);
      (self.reading_ == &ready ? self.reading_ : self.writing_) = nullptr;
      ready.stop = nullptr;
      if (!ready.error) (self.*Perform)(ready);
      self.end_waits();
      ready.done(ready);
    };
    loop_.post(op);
    return begun::pending;
  }

  // A blocking exchange's begins answer completed.
  void read_now(read_op& op) noexcept { outer_.begin_read(op); }
  void write_now(write_op& op) noexcept { outer_.begin_write(op); }
  void send_now(file_op& op) noexcept { static_cast<file_sender*>(outer_.find(file_sender::id))->begin_send_file(op); }

  /// What was asked for and has not begun ends with its turn; a write that nobody sends leaves the response unwhole.
  void stop(operation& op) noexcept {
    if (&op == gone_) return complete(gone_, std::errc::operation_canceled);
    if (&op == notice_) return complete(notice_, std::errc::operation_canceled);
    op.error = std::make_error_code(std::errc::operation_canceled);
    if (&op == writing_) outer_.abort(std::errc::operation_canceled);
  }

  /// Waits for the peer's going and the server's draining end with these, or with the response.
  void end_waits() noexcept {
    const bool over = outer_.phase() >= csgi::phase::finished;
    if (gone_ && over) complete(gone_, std::errc::operation_canceled);
    if (gone_ && !connected()) complete(gone_, std::errc::connection_reset);
    if (notice_ && over) complete(notice_, std::errc::operation_canceled);
    if (notice_ && draining()) complete(notice_, std::errc{});
  }

  void complete(operation*& place, std::errc why) noexcept {
    operation& op = *std::exchange(place, nullptr);
    op.error = std::make_error_code(why);
    post_done(loop_, op);
  }

  /// A wait on a blocking exchange fails when the request is to end, also one for a time that is past.
  bool is_to_end() noexcept {
    timer_op now;
    now.at = clock::now();
    outer_.executor().begin_wait(now);
    return now.error == std::errc::operation_canceled;
  }

  /// Most apps are over by then: a timer for each would take more than all the rest.
  void look_from_the_second_turn() noexcept {
    look_.owner = this;
    look_.run = [](work& w) noexcept {
      w.run = [](work& again) noexcept { of(again).look_again(); };
      of(w).loop_.post(w);
    };
    loop_.post(look_);
  }

  static looped_exchange& of(work& look) noexcept {
    return *static_cast<looped_exchange*>(static_cast<operation&>(look).owner);
  }

  void look_again() noexcept {
    look_.at = clock::now() + look_interval;
    look_.done = [](operation& o) noexcept {
      auto& self = of(o);
      self.end_waits();
      if (self.is_to_end()) self.coroutine_->stop();
      else self.look_again();
    };
    loop_.begin_wait(look_);      // out of memory: it is seen at the app's next operation
  }

  exchange& outer_;
  run_loop& loop_;
  response_rules rules_;                    // what the app was told, before the outer exchange hears of it
  operation* reading_ = nullptr;
  operation* writing_ = nullptr;
  operation* gone_ = nullptr;
  operation* notice_ = nullptr;
  drain_notice* outer_notice_ = nullptr;
  timer_op look_;
  std::shared_ptr<request_lane> lane_;
  std::optional<task<>> coroutine_;
};

}  // namespace

void as_blocking::http(blocking_exchange ex) {
  run_loop loop;
  looped_exchange(ex.raw(), loop).run(app_);
}

void as_blocking::startup(server_context& server) { run_loop().run(app_.startup(server)); }
void as_blocking::shutdown() { run_loop().run(app_.shutdown()); }

}}  // namespace csgi::v1
