// lane_exchange.cpp - see lane_exchange.hpp.
#include "lane_exchange.hpp"
#include <csgi/server_info.hpp>
#include <csgi/storage.hpp>
#include <new>

namespace csgi { inline namespace v1 {

void lane_exchange::run(blocking_app& app) {
  there_.board();
  thread_ = std::this_thread::get_id();
  struct last_turn {
    work_queue& posted;
    ~last_turn() { posted.run_all(); }      // what the app posted and has not waited for runs now at the latest
  } const at_end{posted_};
  app.http(blocking_exchange(*this));
}

bool lane_exchange::connected() noexcept {
  bool answer = false;
  there_.call([&]() noexcept { answer = outer_.connected(); });
  return answer;
}

std::error_code lane_exchange::start(const response_head& head) noexcept {
  posted_.run_all();
  if (phase_ >= csgi::phase::committed) return std::make_error_code(std::errc::operation_not_permitted);
  const auto refused = head_.keep(head);
  if (!refused) phase_ = csgi::phase::started;
  return refused;
}

begun lane_exchange::begin_read(read_op& op) noexcept {
  return perform(op, [this](read_op& o) noexcept { return outer_.begin_read(o); });
}

begun lane_exchange::begin_write(write_op& op) noexcept {
  if (may_leave(op)) {
    try {
      body_ = op.data;
      posted_.run_all();
      leaves_ = true;
      phase_ = csgi::phase::finished;
      finish_.owner = this;
      finish_.run = [](work& w) noexcept { static_cast<lane_exchange*>(static_cast<write_op&>(w).owner)->leave(); };
      there_.send(finish_);
      op.error = {};
      return begun::completed;
    } catch (const std::bad_alloc&) {      // then it is waited for
    }
  }
  if (leaves_) {
    op.error = std::make_error_code(std::errc::operation_not_permitted);
    return begun::completed;
  }
  return perform(op, [this](write_op& o) noexcept {
    if ((o.error = hand_on_head())) return begun::completed;
    return outer_.begin_write(o);
  });
}

begun lane_exchange::begin_send_file(file_op& op) noexcept {
  return perform(op, [this](file_op& o) noexcept {
    if ((o.error = hand_on_head())) return begun::completed;
    return static_cast<file_sender*>(outer_.find(file_sender::id))->begin_send_file(o);
  });
}

begun lane_exchange::begin_gone(operation& op) noexcept {
  op.error = std::make_error_code(std::errc::operation_not_supported);
  return begun::completed;
}

begun lane_exchange::begin_wait(timer_op& t) noexcept {
  const begun ended = perform(t, [this](timer_op& o) noexcept { return outer_.executor().begin_wait(o); });
  posted_.run_all();
  return ended;
}

void lane_exchange::abort(std::errc reason) noexcept {
  there_.call([&]() noexcept {
    outer_.abort(reason);
    observe();
  });
}

/// Those alone that can be called from this thread, or are brought over here: nobody knows where others may be called.
void* lane_exchange::find(const extension_id& wanted) noexcept {
  if (wanted == finish_hooks::id) return static_cast<finish_hooks*>(this);
  if (wanted == file_sender::id) return found(wanted) ? static_cast<file_sender*>(this) : nullptr;
  if (wanted == drain_notice::id) return notice_.in_place_of(static_cast<drain_notice*>(found(wanted)));
  if (wanted == log_sink::id || wanted == server_info::id || wanted == background::id || wanted == storage::id) return found(wanted);
  return nullptr;
}

void* lane_exchange::found(const extension_id& wanted) noexcept {
  void* answer = nullptr;
  there_.call([&]() noexcept { answer = outer_.find(wanted); });
  return answer;
}

void lane_exchange::add(finish_hook& hook) noexcept {
  if (!hooks_) {
    auto* const where = static_cast<background*>(found(background::id));
    hooks_ = new (std::nothrow) blocking_hooks(where);
    finish_hook& first = hooks_ ? *hooks_ : hook;
    there_.call([&]() noexcept { static_cast<finish_hooks*>(outer_.find(finish_hooks::id))->add(first); });
    if (!hooks_) return;
  }
  hooks_->push(hook);
}

template <class Operation, class Begin>
begun lane_exchange::perform(Operation& op, Begin begin) noexcept {
  posted_.run_all();
  there_.perform(op, begin, [this]() noexcept { observe(); });
  return begun::completed;
}

/// A whole response of a size that is better copied than waited for. Whatever else a server has against it, it says when the
/// app is done.
bool lane_exchange::may_leave(const write_op& op) const noexcept {
  return op.then == ending::finish && phase_ == csgi::phase::started && op.data.size() <= most_copied && head_ && head_.allows(op.data.size());
}

// --- on the executor ----------------------------------------------------------------------------------------------

/// A response that has ended meanwhile takes no head: why, the operation behind it learns.
std::error_code lane_exchange::hand_on_head() noexcept {
  if (!head_) return {};
  const auto refused = outer_.phase() < csgi::phase::committed ? outer_.start(head_.get()) : std::error_code();
  head_.drop();
  return refused;
}

void lane_exchange::observe() noexcept {
  const auto outer = outer_.phase();
  phase_ = head_ && outer < csgi::phase::started ? csgi::phase::started : outer;
  if (leaves_ && phase_ < csgi::phase::finished) phase_ = csgi::phase::finished;
}

void lane_exchange::leave() noexcept {
  finish_.data = body_;
  finish_.then = ending::finish;
  finish_.error = there_.stopped() ? std::make_error_code(std::errc::operation_canceled) : hand_on_head();
  if (finish_.error) return left();
  finish_.done = [](operation& o) noexcept { static_cast<lane_exchange*>(o.owner)->left(); };
  there_.let_go(&finish_);
  if (outer_.begin_write(finish_) == begun::completed) left();
}

void lane_exchange::left() noexcept {
  there_.let_go(nullptr);
  has_left_ = true;
  if (!waiter_) return;
  operation& op = *std::exchange(waiter_, nullptr);
  op.stop = nullptr;
  op.error = finish_.error;
  op.done(op);
}

begun lane_exchange::begin_departure(operation& op) noexcept {
  if (!leaves_) {
    op.error = hand_on_head();
    return begun::completed;
  }
  if (has_left_) {
    op.error = finish_.error;
    return begun::completed;
  }
  waiter_ = &op;
  op.server = this;
  op.stop = [](operation& o) noexcept { cancel(static_cast<lane_exchange*>(o.server)->finish_); };
  return begun::pending;
}

}}  // namespace csgi::v1
