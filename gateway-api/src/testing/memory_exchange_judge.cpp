// memory_exchange_judge.cpp - what is held against the app, and told of it.
#include <algorithm>
#include <csgi/testing/memory_exchange.hpp>
#include "counted_lane.hpp"
#include "viewed_head.hpp"

namespace csgi::testing {

/// Whether the app may call this now; if not, it is held against it.
bool memory_exchange::permits(const char* call, threads from) const noexcept {
  const auto named = [call](const char* when) { return std::string(call) + " was called " + when; };
  const bool over = stage_ != stage::running;
  if (stage_ == stage::hooks && hooks_thread_ == std::this_thread::get_id()) hold(misuse::in_hook, named("by a finish hook"));
  else if (over && has_asked_for(background::id)) hold(misuse::in_background, named("when the app, which has background work, was done"));
  else if (over) hold(misuse::after_end, named("when the app was done"));
  const bool here = blocks_ ? handler_.here() : loop_.here();
  if (!over && from == threads::own && app_ && !here)
    hold(misuse::other_thread, named(blocks_ ? "on another thread than the handler's" : "on another thread than the executor's"));
  return !over;
}

void memory_exchange::hold(misuse what, std::string words) const {
  misdeed one{what, std::move(words)};
  if (std::ranges::find(misdeeds_, one) == misdeeds_.end()) misdeeds_.push_back(std::move(one));
}

void memory_exchange::judge_head(const response_head& head, bool may_be_sent) {
  if (lost_ || cancelled_) return;          // it may not have noticed yet
  if (!may_be_sent) hold(misuse::bad_head, "start() refused a head of status " + std::to_string(head.status));
  if (phase_ < csgi::phase::committed) return;
  hold(misuse::out_of_turn,
       std::string("start() was called when the response was ") + (phase_ == csgi::phase::finished  ? "finished"
                                                                   : phase_ == csgi::phase::aborted ? "aborted"
                                                                                                    : "on its way"));
}

void memory_exchange::judge_write(std::uint64_t size, ending then) {
  if (phase_ != csgi::phase::started && phase_ != csgi::phase::committed) return;
  const int status = phase_ == csgi::phase::committed ? response_.status : staged_.status;
  if (size > 0 && sent().method != "HEAD" && (status == 204 || status == 205 || status == 304))
    hold(misuse::unwanted_body, std::to_string(size) + " body bytes were written for " + std::to_string(status));
  if (!declared_ || bodiless()) return;
  const auto whole = written_ + size;
  if (whole > *declared_ || (then == ending::finish && whole < *declared_))
    hold(misuse::wrong_length,
         "Content-Length said " + std::to_string(*declared_) + ", " + std::to_string(whole) + " body bytes were written");
}

std::vector<misdeed> memory_exchange::misdeeds() const {
  const std::lock_guard lock(mutex());
  return misdeeds_;
}

std::size_t memory_exchange::operations() const noexcept {
  const std::lock_guard lock(mutex());
  return begun_;
}

std::size_t memory_exchange::failed_operations() const noexcept {
  const std::lock_guard lock(mutex());
  return failed_;
}

bool memory_exchange::asked_for(const extension_id& id) const noexcept {
  const std::lock_guard lock(mutex());
  return has_asked_for(id);
}

bool memory_exchange::has_asked_for(const extension_id& id) const noexcept {
  return std::ranges::any_of(asked_, [&](const auto& each) { return each.first == id.hash; });
}

bool memory_exchange::missed(const extension_id& id) const noexcept {
  const std::lock_guard lock(mutex());
  return std::ranges::find(asked_, std::pair(id.hash, false)) != asked_.end();
}

clock::duration memory_exchange::longest_stall() const noexcept { return longest_stall_; }

std::string memory_exchange::waits_for() const {
  const std::lock_guard lock(mutex());
  if (ended_) return "nothing: it has ended";
  if (pending_[writing]) return "a write to be taken";
  if (pending_[reading]) return "a read";
  if (pending_[leaving]) return "the client to leave";
  if (pending_[emptying]) return "its response to be sent";
  return "nothing of its exchange";
}

}  // namespace csgi::testing
