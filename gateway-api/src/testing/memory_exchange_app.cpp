// memory_exchange_app.cpp - running an app, and what becomes of the response when it has ended.
#include <algorithm>
#include <csgi/serving/websocket_handshake.hpp>
#include <csgi/testing/memory_exchange.hpp>
#include "counted_lane.hpp"
#include "../stall_watch.hpp"
#include "memory_websocket.hpp"
#include "viewed_head.hpp"

namespace csgi::testing {

namespace {

/// The code of what was thrown; io_error where it has none, and where nothing was thrown.
std::error_code code_of(const std::exception_ptr& thrown) noexcept {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const std::system_error& e) {
    return e.code();
  } catch (...) {  // has no code
  }
  return std::make_error_code(std::errc::io_error);
}

std::string describe(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return std::string("the app threw ") + e.what();
  } catch (...) {
    return "the app threw something that is not a std::exception";
  }
}

}  // namespace

void memory_exchange::begin(application app) {
  app_ = app.resolve(head());
  blocks_ = app_->kind() == app_kind::blocking;
  if (!request_.below_root()) return answer_unasked(404);
  const auto handshake = look_at_websocket_handshake(sent());
  if (handshake.now == websocket_handshake::state::refused) return answer_unasked(handshake.why.status);
  run_.run = [](work& w) noexcept {
    auto& self = *static_cast<run_work&>(w).of;
    if (self.blocks_) self.run_handler(*self.app_);
    else self.run_coroutine(*self.app_);
  };
  if (!blocks_) return loop_.post(run_);
  outside_ = true;
  loop_.begin_outside();
  if (around_.threads && around_.threads->lend(run_, thread_lender::patience::queue)) return;
  loop_.end_outside();
  answer_unasked(503);
}

/// Without the app.
void memory_exchange::answer_unasked(int status) {
  const std::lock_guard lock(mutex());
  answer(status);
  ended_ = true;
}

void memory_exchange::serve(application app) {
  app_ = app.resolve(head());
  blocks_ = app_->kind() == app_kind::blocking;
  if (blocks_) run_handler(*app_);
  else run_coroutine(*app_);
  if (loop_.turn_until([this] { return ended(); })) return;
  stop();
  if (!loop_.turn_until([this] { return ended(); })) std::terminate();  // a coroutine neither to be resumed nor to be destroyed
}

void memory_exchange::run_handler(application app) noexcept {
  handler_.thread = std::this_thread::get_id();
  std::exception_ptr thrown;
  try {
    app.blocking().http(blocking_exchange(*this));
  } catch (...) {
    thrown = std::current_exception();
  }
  {
    std::unique_lock lock(mutex());
    handler_.run_posted(lock);
  }
  handler_.thread = std::thread::id();
  app_done(std::move(thrown));
}

void memory_exchange::run_coroutine(application app) noexcept {
  end_.owner = this;
  end_.done = [](operation& op) noexcept {
    auto& self = *static_cast<memory_exchange*>(op.owner);
    self.app_done(self.coroutine_->failure());
  };
  const stall_note note(longest_stall_);
  try {
    coroutine_.emplace(app.async().http(async_exchange(*this)));
  } catch (...) {
    return app_done(std::current_exception());
  }
  coroutine_->adopt(*this);
  if (coroutine_->start(end_) == begun::completed) app_done(coroutine_->failure());
}

void memory_exchange::app_done(std::exception_ptr thrown) noexcept {
  coroutine_.reset();
  lane_.reset();
  if (in_websocket_) return leave_websocket(std::move(thrown));
  {
    const std::lock_guard lock(mutex());
    stage_ = stage::hooks;
    const auto why = code_of(thrown);
    const bool threw = thrown != nullptr;
    note_failure(std::move(thrown), false);
    const bool dangling = std::ranges::any_of(pending_, [](const operation* op) { return op != nullptr; });
    if (dangling) fault_ = "the app ended while an operation of its was pending";
    const bool writing_still = pending_[writing] != nullptr;
    for (auto& op : pending_) op = nullptr;
    if (writing_still) lose(std::errc::operation_not_permitted);
    if (!lost_ && phase_ == csgi::phase::committed) {
      if (!threw && fault_.empty()) fault_ = "the app ended without finishing its response";
      response_.how.aborted = why;
      phase_ = csgi::phase::aborted;
      buffer_.clear();
      note("abort");
    } else if (phase_ < csgi::phase::committed) {
      answer_instead(threw, why);
    }
    tell_operator();
  }
  if (viewed_) viewed_->end();
  end_run();
}

/// Keeps what is no routine end of a request that was broken off; `closed`: of a WebSocket that nothing can be sent to.
void memory_exchange::note_failure(std::exception_ptr thrown, bool closed) noexcept {
  const auto why = code_of(thrown);
  const bool routine = thrown && ((why == std::errc::connection_reset && (peer_closed_ || lost_ || closed)) ||
                                  (why == std::errc::operation_canceled && cancelled_) || (lost_ && why == *lost_));
  if (!routine) failure_ = std::move(thrown);   // nobody else keeps it: it may be rethrown on another thread
}

void memory_exchange::tell_operator() {
  if (failure_) response_.log.push_back({log_level::error, describe(failure_)});
  else if (!fault_.empty()) response_.log.push_back({log_level::error, fault_});
}

void memory_exchange::end_run() noexcept {
  drop_chunk();
  {
    const std::lock_guard lock(mutex());
    hooks_thread_ = std::this_thread::get_id();
  }
  run_hooks();
  const std::lock_guard lock(mutex());
  stage_ = stage::over;
  ended_ = true;
  tell_client();
  if (outside_) loop_.end_outside_locked();
}

/// Nothing was sent yet, so the client can be told.
void memory_exchange::answer_instead(bool threw, std::error_code why) {
  const bool cut_short = peer_closed_ && !body_ended_ && sent().body != body_kind::none && given_.empty();
  if (peer_closed_ && why == std::errc::connection_reset) {
    response_.how.aborted = why;
    phase_ = csgi::phase::aborted;
    return;
  }
  if (!threw && !peer_closed_ && fault_.empty()) fault_ = "the app ended without a response";
  if (cut_short) answer(400);
  else if (lost_ == std::errc::timed_out && why == std::errc::timed_out) answer(408);
  else if ((cancelled_ && why == std::errc::operation_canceled) || why == std::errc::resource_unavailable_try_again) answer(503);
  else answer(500);
}

/// A response of the server's own.
void memory_exchange::answer(int status) {
  const char* const reason = status == 404 ? "Not Found" : status == 400 ? "Bad Request" : status == 408 ? "Request Timeout"
                             : status == 426 ? "Upgrade Required" : status == 503 ? "Service Unavailable" : "Internal Server Error";
  response own;
  own.log = std::move(response_.log);
  own.informational = std::move(response_.informational);
  response_ = std::move(own);
  response_.status = status;
  response_.fields = {{"content-type", "text/plain"}};
  if (status == 426) response_.fields.push_back({"sec-websocket-version", "13"});
  add_upgrade_fields(response_);
  phase_ = csgi::phase::finished;
  whole_ = true;
  if (bodiless()) return;
  out_ = std::to_string(status) + " " + reason + "\n";
  sent_ = out_.size();
}

void memory_exchange::run_hooks() noexcept {
  const outcome how = result().how;
  while (hooks_) {
    finish_hook& hook = *hooks_;
    hooks_ = hook.next;
    hook.run(hook, how);
  }
}

// --- the executor of a handler ------------------------------------------------------------------------------------

void memory_exchange::handler_side::post(work& w) noexcept {
  const std::lock_guard lock(whole_.mutex());
  post_locked(w);
}

void memory_exchange::handler_side::post_locked(work& w) noexcept {
  queue_.push_back(&w);
  whole_.loop_.rouse(whole_.sleeper_);
}

void memory_exchange::handler_side::run_posted(std::unique_lock<std::mutex>& lock) noexcept {
  while (!queue_.empty()) {
    work& next = *queue_.front();
    queue_.pop_front();
    lock.unlock();
    next.run(next);
    lock.lock();
  }
}

/// Sleeps; the loop keeps the time.
begun memory_exchange::handler_side::begin_wait(timer_op& t) noexcept {
  struct alarm final : timer_op {
    handler_side* of = nullptr;
    bool rang = false;
  } bell;
  bell.at = t.at;
  bell.of = this;
  bell.done = [](operation& op) noexcept {
    auto& self = static_cast<alarm&>(op);
    const std::lock_guard lock(self.of->whole_.mutex());
    self.rang = true;
    self.of->whole_.loop_.rouse(self.of->whole_.sleeper_);
  };
  auto& loop = whole_.loop_;
  std::unique_lock lock(whole_.mutex());
  t.error = {};
  if (whole_.cancelled_) {
    t.error = std::make_error_code(std::errc::operation_canceled);
    return begun::completed;
  }
  loop.add_timer(bell);
  const auto over = [&] {
    run_posted(lock);
    return bell.rang || whole_.cancelled_;
  };
  loop.wait(lock, whole_.sleeper_, over);
  if (bell.rang) return begun::completed;
  if (!loop.remove_timer(bell)) loop.wait(lock, whole_.sleeper_, [&] { return bell.rang; });  // it is about to ring
  t.error = std::make_error_code(std::errc::operation_canceled);
  return begun::completed;
}

}  // namespace csgi::testing
