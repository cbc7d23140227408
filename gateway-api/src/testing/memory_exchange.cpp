// memory_exchange.cpp - the app's side: what the contract of exchange says of heads, reads and writes.
#include <algorithm>
#include <csgi/checked_head.hpp>
#include <csgi/testing/memory_exchange.hpp>
#include <unistd.h>
#include "counted_lane.hpp"
#include "memory_extras.hpp"
#include "memory_websocket.hpp"
#include "viewed_head.hpp"

namespace csgi::testing {

memory_exchange::memory_exchange(test_loop& loop, std::string method, std::string target, const request_options& with,
                                 const request_origin& from, const client_behaviour& client, neighbours around)
    : loop_(loop), request_(std::move(method), std::move(target), with, from), client_(client), around_(around),
      viewed_(around.views ? std::make_unique<viewed_head>(request_.get(), *around.views) : nullptr),
      extras_(std::make_unique<memory_extras>(*this, with, client)) {
  for (const auto& chunk : with.body.list()) give(chunk);
  body_ended_ = with.body.ended() && !with.body.cut() && !with.body.source();
  peer_closed_ = with.body.cut();
  run_.of = advance_.of = go_away_.of = this;
  advance_.run = [](work& w) noexcept { static_cast<run_work&>(w).of->advance(); };
}

memory_exchange::~memory_exchange() {
  loop_.turn_until([this] {
    const std::lock_guard lock(mutex());
    return !queued_;
  });
  drop_chunk();
  drop_aside();
}

const request& memory_exchange::head() const noexcept {
  const std::lock_guard lock(mutex());
  return permits("head()", threads::any) && viewed_ ? viewed_->get() : request_.get();
}

csgi::executor& memory_exchange::executor() noexcept {
  {
    const std::lock_guard lock(mutex());
    permits("executor()", threads::any);
  }
  if (blocks_) return handler_;
  return loop_;
}

bool memory_exchange::connected() noexcept {
  const std::lock_guard lock(mutex());
  permits("connected()");
  return !peer_closed_ && lost_ != std::errc::connection_reset;
}

csgi::phase memory_exchange::phase() const noexcept {
  const std::lock_guard lock(mutex());
  permits("phase()");
  return phase_;
}

std::error_code memory_exchange::start(const response_head& head) noexcept {
  std::unique_lock lock(mutex());
  if (!permits("start()")) return std::make_error_code(std::errc::operation_not_permitted);
  if (blocks_) handler_.run_posted(lock);
  auto checked = check_head(head);
  if (checked && checked->length && extras_->announced()) checked.reset();      // nothing could follow such a body
  judge_head(head, checked.has_value());
  if (phase_ >= csgi::phase::committed) return std::make_error_code(std::errc::operation_not_permitted);
  if (!checked) return std::make_error_code(std::errc::invalid_argument);
  staged_ = {};
  staged_.status = head.status;
  staged_.reason = head.reason;
  for (const auto& f : head.fields) staged_.fields.push_back({std::string(f.name), std::string(f.value)});
  declared_ = checked->length;
  phase_ = csgi::phase::started;
  note("start " + std::to_string(head.status));
  return {};
}

begun memory_exchange::begin_read(read_op& op) noexcept {
  std::unique_lock lock(mutex());
  ++begun_;
  if (!permits("begin_read()")) return refuse(op, std::errc::operation_not_permitted);
  if (blocks_) handler_.run_posted(lock);
  if (pending_[reading] == &op) return refuse(op, std::errc::operation_in_progress);
  op.chunk = {};
  if (in_websocket_) return refuse(op, std::errc::operation_not_permitted);
  if (pending_[reading]) return refuse(op, std::errc::operation_in_progress);
  if (phase_ == csgi::phase::finished || (phase_ == csgi::phase::aborted && !lost_ && !cancelled_))
    return refuse(op, std::errc::operation_not_permitted);
  drop_chunk();
  if (trip(reading) && client_.fails_with == std::errc::connection_reset) lose(std::errc::connection_reset);
  return begin(reading, op, lock);
}

begun memory_exchange::begin_write(write_op& op) noexcept {
  std::unique_lock lock(mutex());
  outgoing what;
  what.data = op.data;
  what.left = op.data.size();
  what.then = op.then;
  return begin_outgoing(op, what, lock);
}

begun memory_exchange::begin_send_file(file_op& op) noexcept {
  std::unique_lock lock(mutex());
  outgoing what;
  what.descriptor = op.descriptor;
  what.offset = op.offset;
  what.left = op.count;
  what.then = op.then;
  return begin_outgoing(op, what, lock);
}

begun memory_exchange::begin_outgoing(operation& op, outgoing what, std::unique_lock<std::mutex>& lock) noexcept {
  ++begun_;
  if (!permits(what.descriptor < 0 ? "begin_write()" : "begin_send_file()"))
    return refuse(op, std::errc::operation_not_permitted);
  if (blocks_) handler_.run_posted(lock);
  if (in_websocket_) return refuse(op, std::errc::operation_not_permitted);
  if (pending_[writing]) return refuse(op, std::errc::operation_in_progress);
  if (cancelled_ && phase_ != csgi::phase::finished) return refuse(op, std::errc::operation_canceled);
  if (lost_ && phase_ == csgi::phase::aborted) return refuse(op, *lost_);
  judge_write(what.left, what.then);
  if (const auto refused = account(what.left, what.then); refused != std::errc{}) return refuse(op, refused);
  outgoing_ = what;
  if (trip(writing)) lose(client_.fails_with);
  return begin(writing, op, lock);
}

begun memory_exchange::begin_gone(operation& op) noexcept {
  std::unique_lock lock(mutex());
  ++begun_;
  if (!permits("begin_gone()")) return refuse(op, std::errc::operation_not_permitted);
  if (blocks_) return refuse(op, std::errc::operation_not_supported);
  if (pending_[leaving]) return refuse(op, std::errc::operation_in_progress);
  return begin(leaving, op, lock);
}

bool memory_exchange::draining() const noexcept {
  const std::lock_guard lock(mutex());
  return drained_;
}

begun memory_exchange::begin_draining(operation& op) noexcept {
  std::unique_lock lock(mutex());
  ++begun_;
  if (!permits("begin_draining()")) return refuse(op, std::errc::operation_not_permitted);
  if (blocks_) return refuse(op, std::errc::operation_not_supported);
  noticed_ = true;
  if (pending_[noticing]) return refuse(op, std::errc::operation_in_progress);
  return begin(noticing, op, lock);
}

begun memory_exchange::refuse(operation& op, std::errc why) noexcept {
  for (const operation* pending : pending_)
    if (pending == &op) {
      hold(misuse::begun_again, "an operation was begun again while it was pending");
      return begun::completed;            // its outcome is the one that is pending
    }
  op.error = std::make_error_code(why);
  if (lost_ || cancelled_) {
    ++failed_;
    return begun::completed;
  }
  if (why == std::errc::operation_in_progress)
    hold(misuse::out_of_turn, "an operation was begun while another one of its kind was pending");
  if (why == std::errc::operation_not_permitted && stage_ == stage::running)
    hold(misuse::out_of_turn,
         std::string("an operation was begun ") + (in_websocket_                      ? "when a WebSocket was accepted"
                                                   : phase_ == csgi::phase::open      ? "before a response was started"
                                                   : phase_ == csgi::phase::committed ? "when the response was on its way"
                                                   : phase_ == csgi::phase::finished  ? "after the response was finished"
                                                                                      : "after the response was aborted"));
  return begun::completed;
}

/// From here on the operation is pending, if only for a moment.
begun memory_exchange::begin(kind which, operation& op, std::unique_lock<std::mutex>& lock) noexcept {
  constexpr std::size_t most_in_a_row = 32;
  op.error = {};
  pending_[which] = &op;
  stopped_[which] = false;
  tell_client();
  if (blocks_) {
    const auto settled = [&] {
      handler_.run_posted(lock);
      return settle(which);
    };
    if (!loop_.wait(lock, sleeper_, settled)) {
      pending_[which] = nullptr;
      op.error = std::make_error_code(std::errc::timed_out);
      if (which == writing) lose(std::errc::timed_out);
    }
    return begun::completed;
  }
  if (client_.how == completions::inside && in_a_row_ < most_in_a_row && settle(which)) {
    ++in_a_row_;
    return begun::completed;
  }
  in_a_row_ = 0;
  constexpr void (*stops[])(operation&) noexcept = {
      [](operation& o) noexcept { static_cast<memory_exchange*>(o.server)->cancel(reading); },
      [](operation& o) noexcept { static_cast<memory_exchange*>(o.server)->cancel(writing); },
      [](operation& o) noexcept { static_cast<memory_exchange*>(o.server)->cancel(leaving); },
      [](operation& o) noexcept { static_cast<memory_exchange*>(o.server)->cancel(noticing); },
      [](operation& o) noexcept { static_cast<memory_exchange*>(o.server)->cancel(emptying); }};
  op.server = this;
  op.stop = stops[which];
  schedule();
  return begun::pending;
}

void memory_exchange::cancel(kind which) noexcept {
  const std::lock_guard lock(mutex());
  stopped_[which] = true;
  schedule();
}

/// What a write of `size` bytes is refused with, or none, and it counts.
std::errc memory_exchange::account(std::uint64_t size, ending then) noexcept {
  if (phase_ == csgi::phase::open || phase_ >= csgi::phase::finished) return std::errc::operation_not_permitted;
  if (declared_ && !bodiless()) {
    if (size > *declared_ - written_) return std::errc::message_size;
    if (then == ending::finish && written_ + size < *declared_) {
      break_off(std::errc::bad_message);
      return std::errc::bad_message;
    }
  }
  written_ += size;
  if (size > 0 || then != ending::more) commit();
  if (then == ending::finish) phase_ = csgi::phase::finished;
  return {};
}

/// Whether this operation is the one to fail, or comes after it.
bool memory_exchange::trip(kind which) noexcept {
  ++operations_;
  if (client_.fails_at == 0 || operations_ < client_.fails_at) return false;
  if (client_.fails_with == std::errc::operation_canceled) cancelled_ = true;
  failing_[which] = client_.fails_with;
  return true;
}

void memory_exchange::commit() {
  if (phase_ == csgi::phase::committed) return;
  if (!bodiless()) extras_->add_trailer_field(staged_);
  add_upgrade_fields(staged_);
  phase_ = csgi::phase::committed;
  if (staged_.status == 204)
    std::erase_if(staged_.fields, [](const named_value& f) { return same_name(f.name, "content-length"); });
  staged_.log = std::move(response_.log);
  staged_.informational = std::move(response_.informational);
  response_ = std::move(staged_);
  tell_client();
}

/// What a 426 says is the server's to say.
void memory_exchange::add_upgrade_fields(response& r) {
  if (r.status != 426) return;
  r.fields.push_back({"upgrade", "websocket"});
  r.fields.push_back({"connection", "Upgrade"});
}

bool memory_exchange::bodiless() const noexcept {
  const int status = phase_ >= csgi::phase::committed ? response_.status : staged_.status;
  return sent().method == "HEAD" || status == 204 || status == 304;
}

void memory_exchange::abort(std::errc reason) noexcept {
  const std::lock_guard lock(mutex());
  if (!permits("abort()")) return;
  if (phase_ >= csgi::phase::finished) return;
  break_off(reason);
}

void memory_exchange::break_off(std::errc reason) noexcept {
  phase_ = csgi::phase::aborted;
  buffer_.clear();
  response_.how.aborted = std::make_error_code(reason);
  note("abort");
  kick();
}

/// The connection is gone, or as good as gone.
void memory_exchange::lose(std::errc reason) noexcept {
  if (lost_) return;
  lost_ = reason;
  buffer_.clear();
  if (!whole_) response_.how.aborted = std::make_error_code(reason);
  if (phase_ < csgi::phase::finished) phase_ = csgi::phase::aborted;
  kick();
}

void* memory_exchange::find(const extension_id& id) noexcept {
  {
    const std::lock_guard lock(mutex());
    if (!permits("find()", id == helping_lane::id ? threads::any : threads::own)) return nullptr;   // run() is called on a lane
  }
  void* const found = look_for(id);
  const std::lock_guard lock(mutex());
  const std::pair one(id.hash, found != nullptr);
  if (std::ranges::find(asked_, one) == asked_.end()) asked_.push_back(one);
  return found;
}

void* memory_exchange::look_for(const extension_id& id) noexcept {
  for (const auto& [offered, interface] : offered_)
    if (offered == id) return interface;
  if (id == file_sender::id && client_.sends_files) return static_cast<file_sender*>(this);
  if (id == finish_hooks::id) return static_cast<finish_hooks*>(this);
  if (id == log_sink::id) return static_cast<log_sink*>(this);
  if (id == drain_notice::id) return static_cast<drain_notice*>(this);
  if (id == server_info::id) return &info_;
  if (id == websocket::id) return find_websocket();
  if (id == upgrade::id) return offers_upgrade() ? static_cast<upgrade*>(this) : nullptr;
  if (id == background::id) return around_.background;
  if (void* const extra = extras_->find(id)) return extra;
  if (blocks_ || !around_.threads || (id != lane::id && id != helping_lane::id)) return nullptr;
  if (!lane_) lane_ = std::make_unique<counted_lane>(loop_, *around_.threads);
  if (id == lane::id) return static_cast<lane*>(lane_.get());
  return static_cast<helping_lane*>(lane_.get());
}

void memory_exchange::add(finish_hook& hook) noexcept { hook.next = std::exchange(hooks_, &hook); }

void memory_exchange::log(log_level level, std::string_view text) noexcept {
  const std::lock_guard lock(mutex());
  response_.log.push_back({level, std::string(text)});
}

}  // namespace csgi::testing
