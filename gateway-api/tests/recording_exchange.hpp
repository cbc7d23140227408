// recording_exchange.hpp - for tests: an exchange in memory, with a scripted request and a recorded response.
#pragma once
#include "recorded_response.hpp"
#include "scripted_request.hpp"
#include "virtual_executor.hpp"
#include <csgi/application.hpp>
#include <csgi/server_info.hpp>
#include <csgi/testing/counting_memory.hpp>
#include <deque>

namespace csgi {

/// Holds an app to the contract of exchange, without sockets, threads or waiting.
///
/// completion::inside is what a blocking app gets; completion::later ends every operation from the run queue, and
/// looks at borrowed bytes and descriptors only then, so that a sanitizer sees what was given back too early.
class recording_exchange final : public exchange, private file_sender, private finish_hooks, private log_sink {
 public:
  explicit recording_exchange(completion how, scripted_request script = {})
      : how_(how), request_(std::move(script)), executor_(how),
        chunks_(request_.script().chunks.begin(), request_.script().chunks.end()) {}
  recording_exchange(const recording_exchange&) = delete;
  recording_exchange& operator=(const recording_exchange&) = delete;

  // The script: to be set before the app runs.
  bool sends_files = true;                  ///< whether there is a file_sender
  bool writes_stall = false;                ///< the client takes nothing: writes wait until they are cancelled
  std::size_t fails_at = 0;                 ///< the n-th read, write or file from 1 on fails; 0: none does
  std::errc fails_with = std::errc::connection_reset;  ///< which every later one does too

  const recorded_response& response() const noexcept { return response_; }
  const testing::counting_memory& frames() const noexcept { return memory_; }
  bool failed() const noexcept { return fails_at != 0 && operations_ >= fails_at; }
  void peer_goes() noexcept {
    gone_ = true;
    release<reading>(std::errc::connection_reset);
    release<writing>(std::errc::connection_reset);
    release<leaving>(std::errc::connection_reset);
  }

  /// Answers the request as a server does, but throws what the app threw.
  void serve(application app) {
    const application leaf = app.resolve(head());
    std::exception_ptr thrown;
    try {
      if (leaf.kind() == app_kind::blocking) leaf.blocking().http(blocking_exchange(*this));
      else run_adopted(leaf.async().http(async_exchange(*this)));
    } catch (...) {
      thrown = std::current_exception();
    }
    run_hooks();
    if (thrown) std::rethrow_exception(thrown);
  }

  void run_adopted(task<> coroutine) {
    coroutine.adopt(*this);
    run(std::move(coroutine));
  }

  /// Drives one coroutine to its end.
  ///
  /// Errors:    what it throws; std::logic_error where it waits for what the script never brings.
  void run(task<> coroutine) {
    bool over = false;
    operation end;
    end.owner = &over;
    end.done = [](operation& op) noexcept { *static_cast<bool*>(op.owner) = true; };
    if (coroutine.start(end) == begun::pending) {
      executor_.run();
      if (!over) {
        coroutine.stop();
        executor_.run();
        throw std::logic_error("the app waits for something that never comes");
      }
    }
    coroutine.result();
  }

  const request& head() const noexcept override { return request_.head(); }
  virtual_executor& executor() noexcept override { return executor_; }
  bool connected() noexcept override { return !gone_; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  csgi::phase phase() const noexcept override { return phase_; }

  std::error_code start(const response_head& head) noexcept override {
    if (committed()) return std::make_error_code(std::errc::operation_not_permitted);
    if (!may_be_sent(head)) return std::make_error_code(std::errc::invalid_argument);
    response_.take(head);
    declared_ = declared_length(head);
    phase_ = csgi::phase::started;
    return {};
  }

  begun begin_read(read_op& op) noexcept override {
    if (busy_[reading]) return refuse(op, std::errc::operation_in_progress);
    if (phase_ >= csgi::phase::finished) return refuse(op, std::errc::operation_not_permitted);
    if (trips()) return conclude(op, fails_with);
    current_.assign(current_.size(), '#');  // the last chunk's bytes are no longer the app's
    busy_[reading] = true;
    if (chunks_.empty() && request_.script().end == body_end::stalled) return wait<reading>(op);
    return after<&recording_exchange::bring_chunk>(op);
  }

  begun begin_write(write_op& op) noexcept override {
    if (busy_[writing]) return refuse(op, std::errc::operation_in_progress);
    if (const auto refused = account(op.data.size(), op.then); refused != std::errc{}) return refuse(op, refused);
    if (trips()) return conclude(op, fails_with);
    busy_[writing] = true;
    if (writes_stall) return wait<writing>(op);
    return after<&recording_exchange::take_bytes>(op);
  }

  begun begin_gone(operation& op) noexcept override {
    if (how_ == completion::inside) return refuse(op, std::errc::operation_not_supported);
    if (waits_[leaving]) return refuse(op, std::errc::operation_in_progress);
    if (gone_) return conclude(op, std::errc::connection_reset);
    return wait<leaving>(op);
  }

  void abort(std::errc reason) noexcept override {
    if (phase_ >= csgi::phase::finished) return;
    phase_ = csgi::phase::aborted;
    response_.aborted = reason;
    response_.trace.push_back("abort");
  }

  void* find(const extension_id& id) noexcept override {
    if (id == file_sender::id && sends_files) return static_cast<file_sender*>(this);
    if (id == finish_hooks::id) return static_cast<finish_hooks*>(this);
    if (id == log_sink::id) return static_cast<log_sink*>(this);
    if (id == server_info::id) return &info_;
    return nullptr;
  }

 private:
  enum kind { reading, writing, leaving };

  bool committed() const noexcept { return phase_ >= csgi::phase::committed; }
  bool bodiless() const noexcept {
    return head().method == "HEAD" || response_.status == 204 || response_.status == 304;
  }

  bool trips() noexcept {
    if (++operations_ == fails_at && fails_with == std::errc::connection_reset) gone_ = true;
    return gone_ || failed();
  }

  // What a write of `size` bytes is refused with, or none and it counts.
  std::errc account(std::uint64_t size, ending then) noexcept {
    if (phase_ == csgi::phase::open || phase_ >= csgi::phase::finished) return std::errc::operation_not_permitted;
    if (declared_ && written_ + size > *declared_) return std::errc::message_size;
    if (then == ending::finish && declared_ && written_ + size < *declared_ && !bodiless()) {
      abort(std::errc::bad_message);
      return std::errc::bad_message;
    }
    written_ += size;
    if (size > 0 || then != ending::more) phase_ = csgi::phase::committed;
    return {};
  }

  void bring_chunk(read_op& op) {
    busy_[reading] = false;
    if (chunks_.empty()) {
      if (request_.script().end == body_end::truncated) op.error = std::make_error_code(std::errc::bad_message);
      current_.clear();
    } else {
      current_ = std::move(chunks_.front());
      chunks_.pop_front();
    }
    op.chunk = current_;
    response_.trace.push_back("read " + std::to_string(current_.size()));
  }

  void take_bytes(write_op& op) {
    busy_[writing] = false;
    send("write ", op.data, op.then);
  }

  void take_file(file_op& op) {
    busy_[writing] = false;
    std::string bytes(op.count, '\0');
    const auto got = ::pread(op.descriptor, bytes.data(), bytes.size(), static_cast<off_t>(op.offset));
    if (got == static_cast<ssize_t>(op.count)) return send("file ", bytes, op.then);
    abort(got < 0 ? std::errc::io_error : std::errc::bad_message);
    op.error = std::make_error_code(*response_.aborted);
  }

  void send(const char* how, std::string_view data, ending then) {
    if (!data.empty()) response_.trace.push_back(how + std::to_string(data.size()));
    if (!bodiless()) response_.body += data;
    if (then == ending::flush) response_.trace.push_back("flush");
    if (then != ending::finish) return;
    phase_ = csgi::phase::finished;
    response_.trace.push_back("finish");
  }

  begun begin_send_file(file_op& op) noexcept override {
    if (busy_[writing]) return refuse(op, std::errc::operation_in_progress);
    if (const auto refused = account(op.count, op.then); refused != std::errc{}) return refuse(op, refused);
    if (trips()) return conclude(op, fails_with);
    busy_[writing] = true;
    return after<&recording_exchange::take_file>(op);
  }

  void add(finish_hook& hook) noexcept override { hook.next = std::exchange(hooks_, &hook); }
  void run_hooks() noexcept {
    const outcome how{response_.status, response_.body.size(),
                      phase_ == csgi::phase::finished ? std::error_code{}
                                                      : std::make_error_code(response_.aborted.value_or(std::errc::io_error))};
    while (hooks_) {
      finish_hook& hook = *hooks_;
      hooks_ = hook.next;
      hook.run(hook, how);
    }
  }

  void log(log_level, std::string_view text) noexcept override { response_.log.emplace_back(text); }

  begun refuse(operation& op, std::errc why) noexcept {
    op.error = std::make_error_code(why);
    return begun::completed;
  }

  begun conclude(operation& op, std::errc why) noexcept {
    op.error = std::make_error_code(why);
    if (how_ == completion::inside) return begun::completed;
    post_done(executor_, op);
    return begun::pending;
  }

  // `Effect` takes place where the operation ends.
  template <auto Effect, class Operation>
  begun after(Operation& op) noexcept {
    if (how_ == completion::inside) {
      (this->*Effect)(op);
      return begun::completed;
    }
    op.server = this;
    op.run = [](work& w) noexcept {
      auto& over = static_cast<Operation&>(w);
      (static_cast<recording_exchange*>(over.server)->*Effect)(over);
      over.done(over);
    };
    executor_.post(op);
    return begun::pending;
  }

  // Keeps the operation until peer_goes() or cancel(). A blocking app would be timed out.
  template <kind Kind>
  begun wait(operation& op) noexcept {
    if (how_ == completion::inside) return conclude(op, std::errc::timed_out);
    waits_[Kind] = &op;
    op.server = this;
    op.stop = [](operation& o) noexcept {
      static_cast<recording_exchange*>(o.server)->release<Kind>(std::errc::operation_canceled);
    };
    return begun::pending;
  }

  template <kind Kind>
  void release(std::errc why) noexcept {
    auto* const op = std::exchange(waits_[Kind], nullptr);
    if (!op) return;
    busy_[Kind] = false;
    if (Kind == writing) abort(why);
    conclude(*op, why);
  }

  completion how_;
  scripted_head request_;
  virtual_executor executor_;
  testing::counting_memory memory_;
  std::deque<std::string> chunks_;
  std::string current_;                     // the chunk that the app may look at
  operation* waits_[3] = {};                // by kind
  finish_hook* hooks_ = nullptr;
  server_info info_{.name = "recording", .version = "0"};
  recorded_response response_;
  std::optional<std::uint64_t> declared_;
  std::uint64_t written_ = 0;
  std::size_t operations_ = 0;
  csgi::phase phase_ = csgi::phase::open;
  bool busy_[3] = {};                       // by kind
  bool gone_ = false;
};

}  // namespace csgi
