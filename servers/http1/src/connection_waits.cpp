// connection_waits.cpp - what an app waits for beside its bytes: the peer's going, the server's draining, and that they are sent.
#include <algorithm>
#include <csgi/http1/connection.hpp>

namespace csgi::http1 {

namespace {

constexpr std::size_t most_high_water = 1024 * 1024;    // bytes

begun refused(operation& op, std::error_code why) noexcept {
  op.error = why;
  return begun::completed;
}

}  // namespace

begun connection::begin_gone(operation& op) noexcept {
  op.error = {};
  if (driver_->blocks()) return refused(op, make_error_code(std::errc::operation_not_supported));
  if (gone_.op || gone_.ending) return refused(op, make_error_code(std::errc::operation_in_progress));
  if (broken_) return refused(op, broken_);
  if (peer_closed_) return refused(op, make_error_code(std::errc::connection_reset));
  if (cancelled_ || phase() >= phase::finished) return refused(op, make_error_code(std::errc::operation_canceled));
  return pend(gone_, op, clock::duration::max());
}

begun connection::begin_draining(operation& op) noexcept {
  op.error = {};
  if (driver_->blocks()) return refused(op, make_error_code(std::errc::operation_not_supported));
  if (notice_.op || notice_.ending) return refused(op, make_error_code(std::errc::operation_in_progress));
  noticed_ = true;
  if (broken_) return refused(op, broken_);
  if (cancelled_ || phase() >= phase::finished) return refused(op, make_error_code(std::errc::operation_canceled));
  if (draining()) return completed(notice_, op);
  return pend(notice_, op, clock::duration::max());
}

void connection::set_high_water(std::size_t bytes) noexcept { high_water_ = std::min(bytes, most_high_water); }

begun connection::begin_drained(drain_op& op) noexcept {
  op.error = {};
  if (driver_->blocks()) driver_->run_posted();
  if (drained_.op || drained_.ending) return refused(op, make_error_code(std::errc::operation_in_progress));
  if (broken_) return refused(op, broken_);
  if (cancelled_ || driver_->cancelled()) return refused(op, make_error_code(std::errc::operation_canceled));
  if (phase() >= phase::finished) return refused(op, make_error_code(std::errc::operation_not_permitted));
  if (!write_.op) send_output();
  while (buffered() > op.most && !broken_) {
    if (!driver_->blocks()) return pend(drained_, op, clock::duration::max());
    if (const auto failed = driver_->wait(interest::writable, shared_.deadlines.write)) {
      lost(failed == std::errc::timed_out ? std::errc::timed_out : std::errc::operation_canceled);
      return refused(op, failed);
    }
    send_output();
  }
  return broken_ ? refused(op, broken_) : completed(drained_, op);
}

/// Requires: somebody waits for that.
void connection::tell_drained() noexcept {
  if (buffered() <= static_cast<drain_op*>(drained_.op)->most) complete_later(drained_, {});
}

/// The response is over, or the request is to end.
void connection::end_waits(std::error_code why) noexcept {
  if (gone_.op) complete_later(gone_, why);
  if (notice_.op) complete_later(notice_, why);
  if (drained_.op) complete_later(drained_, why);
}

}  // namespace csgi::http1
