// minimal_exchange.hpp - what CSGI asks of a server for each request: a blocking app's exchange, from head to hooks.
#pragma once
#include "minimal_parts.hpp"
#include <csgi/application.hpp>
#include <csgi/finish_hooks.hpp>
#include <csgi/log_sink.hpp>
#include <csgi/server_info.hpp>
#include <thread>

namespace minimal {

using csgi::begun, csgi::ending, std::make_error_code;
using stage = csgi::phase;

class exchange final : public csgi::exchange, csgi::executor, csgi::finish_hooks, csgi::log_sink {
 public:
  explicit exchange(connection& connection) : connection_(connection) {}

  bool serve(const csgi::application& app) {  // one request, if one comes; then whether another may follow
    try {
      if (!received_.receive(connection_)) return false;
      response_.close = received_.close;
      body_.emplace(connection_, received_.request);
      call(app.resolve(received_.request));
    } catch (const refused& why) {
      answer(why.status);
    }
    const bool whole = phase_ == stage::finished;
    const csgi::outcome how{committed_, sent_, whole ? std::error_code() : make_error_code(reason_)};
    while (hooks_ != nullptr) {
      auto& hook = *std::exchange(hooks_, hooks_->next);
      hook.run(hook, how);
    }
    connection_.reset = !whole && response_.by_end;
    return whole && !response_.close && body_->skip();
  }

 private:
  void call(const csgi::application& app) {
    std::string failure;
    std::error_code code;
    try {
      if (app.kind() == csgi::app_kind::async) throw std::logic_error("async apps do not run here");  // CSGI-SERVER-007
      app.blocking().http(csgi::blocking_exchange(*this));
      if (phase_ < stage::finished) failure = "did not finish its response";
    } catch (const std::exception& thrown) {
      failure = thrown.what();
      if (const auto* error = dynamic_cast<const std::system_error*>(&thrown)) code = error->code();
    } catch (...) {
      failure = "threw what is no std::exception";
    }
    run_posted();
    const bool gone = code == errc::connection_reset && connection_.peer_closed();
    const bool stopped = code == errc::operation_canceled && connection_.stops >= 2;
    if (!failure.empty() && !gone && !stopped) log(csgi::log_level::error, failure);
    if (phase_ == stage::committed || gone) abort(code ? static_cast<errc>(code.value()) : errc::io_error);
    if (phase_ >= stage::finished) return;
    const auto body = body_->failure();
    const bool late = body == errc::timed_out && code == errc::timed_out;
    answer(body == errc::bad_message ? 400 : body == errc::message_size ? 413 : late ? 408 : stopped ? 503 : 500);
  }
  void answer(int status) {  // in place of what the app may have started
    const auto text = std::string(phrase(status)) + '\n';
    const csgi::field type{"Content-Type", "text/plain"};
    start({status, {&type, 1}, {}, status == 500 ? csgi::after_response::keep_alive : csgi::after_response::close});
    write(text, ending::finish);
  }

  // csgi::exchange
  const csgi::request& head() const noexcept override { return received_.request; }
  csgi::executor& executor() noexcept override { return *this; }
  bool connected() noexcept override { return !connection_.peer_closed(); }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  csgi::phase phase() const noexcept override { return phase_; }
  std::error_code start(const csgi::response_head& head) noexcept override try {
    if (phase_ >= stage::committed) return make_error_code(errc::operation_not_permitted);
    if (!response_.start(head, received_.request)) return make_error_code(errc::invalid_argument);
    phase_ = stage::started;
    return {};
  } catch (const std::bad_alloc&) {
    return make_error_code(errc::not_enough_memory);
  }
  begun begin_read(csgi::read_op& op) noexcept override {
    op.chunk = {};
    return perform(op, [&] { return read(op.chunk); });
  }
  begun begin_write(csgi::write_op& op) noexcept override {
    return perform(op, [&] { return write(op.data, op.then); });
  }
  begun begin_gone(csgi::operation& op) noexcept override { return over(op, errc::operation_not_supported); }
  void abort(errc reason) noexcept override {
    if (phase_ >= stage::finished) return;
    phase_ = stage::aborted;
    reason_ = reason;
  }
  void* find(const csgi::extension_id& wanted) noexcept override {
    if (wanted == csgi::finish_hooks::id) return static_cast<csgi::finish_hooks*>(this);
    if (wanted == csgi::log_sink::id) return static_cast<csgi::log_sink*>(this);
    return wanted == csgi::server_info::id ? &info_ : nullptr;
  }
  void add(csgi::finish_hook& hook) noexcept override { hook.next = std::exchange(hooks_, &hook); }

  void log(csgi::log_level level, string_view text) noexcept override {
    if (level >= csgi::log_level::warning) report(connection_.options.app_name, received_.request, text);
  }

  // csgi::executor
  bool here() const noexcept override { return std::this_thread::get_id() == thread_; }
  void post(csgi::work& work) noexcept override { posted_.push(work); }
  begun begin_wait(csgi::timer_op& timer) noexcept override {
    run_posted();
    auto why = connection_.late(timer.at, 2);
    for (; why == errc{}; why = connection_.late(timer.at, 2))
      std::this_thread::sleep_until(std::min(timer.at, csgi::clock::now() + tick));
    return over(timer, why == errc::timed_out ? errc{} : why);
  }
  void run_posted() noexcept {
    if (std::exchange(running_, true)) return;  // posted work that begins an operation runs no other: CSGI-CORE-012
    while (auto* work = posted_.pop()) work->run(*work);
    running_ = false;
  }

  // What all operations have in common: they are over when they return (CSGI-CORE-027).
  static begun over(csgi::operation& op, errc why) noexcept {
    op.stop = nullptr;
    op.error = why == errc{} ? std::error_code() : make_error_code(why);
    return begun::completed;
  }
  template <class Work>
  begun perform(csgi::operation& op, Work work) noexcept try {
    run_posted();
    if (connection_.peer_closed() && connection_.lost) lose(errc::connection_reset);
    if (lost_ != errc{}) return over(op, lost_);
    if (connection_.stops >= 2) return over(op, errc::operation_canceled);
    return over(op, phase_ >= stage::finished ? errc::operation_not_permitted : work());
  } catch (const std::bad_alloc&) {
    return over(op, errc::not_enough_memory);
  }
  errc lose(errc why) {
    lost_ = why;
    abort(why);
    return why;
  }

  errc read(string_view& chunk) try {
    if (std::exchange(received_.expects, false) && body_->waits() && phase_ < stage::committed)
      if (const auto why = connection_.send("HTTP/1.1 100 Continue\r\n\r\n"); why != errc{}) return lose(why);
    chunk = body_->read();
    return {};
  } catch (errc why) {
    return why == errc::connection_reset ? lose(why) : why;
  }

  errc write(string_view data, ending then) {
    const bool last = then == ending::finish, first = phase_ == stage::started;
    if (phase_ == stage::open) return errc::operation_not_permitted;
    if (data.empty() && then == ending::more) return {};
    if (response_.too_long(data.size())) return errc::message_size;
    if (last && response_.too_short(data.size())) {
      abort(errc::bad_message);
      return errc::bad_message;
    }
    if (first && (received_.expects || connection_.stops > 0 || !body_ || (last && body_->left() > skipped_at_most)))
      response_.close = true;  // CSGI-HTTP-054, CSGI-SERVER-017, CSGI-HTTP-110
    const auto bytes = response_.framed(data, first, last);
    phase_ = stage::committed;
    committed_ = response_.status;
    response_.said += data.size();
    if (const auto why = connection_.send(bytes); why != errc{}) return lose(why);
    if (!response_.bodiless()) sent_ += data.size();
    if (last) phase_ = stage::finished;
    return {};
  }

  connection& connection_;
  received_head received_;
  std::optional<body> body_;
  response response_;
  stage phase_ = stage::open;
  errc lost_{}, reason_{};          // why every operation fails; what the response was aborted for
  int committed_ = 0;               // the status sent
  std::uint64_t sent_ = 0;          // body bytes
  csgi::finish_hook* hooks_ = nullptr;
  csgi::server_info info_{"minimal", "1"};
  work_queue posted_;
  bool running_ = false;
  std::thread::id thread_ = std::this_thread::get_id();
  std::pmr::unsynchronized_pool_resource memory_;
};

}  // namespace minimal
