// connection_waits.cpp - what an app waits for beside its bytes: the peer's going, and the server's draining.
#include <csgi/http1/connection.hpp>

namespace csgi::http1 {

namespace {

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

/// The response is over, or the request is to end.
void connection::end_waits(std::error_code why) noexcept {
  if (gone_.op) complete_later(gone_, why);
  if (notice_.op) complete_later(notice_, why);
}

}  // namespace csgi::http1
