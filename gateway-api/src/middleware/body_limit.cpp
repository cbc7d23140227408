// body_limit.cpp - see csgi/middleware/body_limit.hpp.
#include <csgi/middleware/body_limit.hpp>

namespace csgi { inline namespace v1 {
namespace {

ready_response too_large_answer() { return {.status = 413, .body = "Content Too Large\n"}; }

}  // namespace

std::optional<ready_response> body_limit_hooks::on_request(const request& head) {
  if (head.body == body_kind::known && head.content_length > left_) return too_large_answer();
  return std::nullopt;
}

std::optional<ready_response> body_limit_hooks::on_failure(const std::exception_ptr&) {
  if (exceeded_) return too_large_answer();
  return std::nullopt;
}

begun body_limit_hooks::begin_read(read_op& op) noexcept {
  if (inner_ || next().phase() >= csgi::phase::finished) return next().begin_read(op);     // which refuses it
  if (exceeded_) {
    op.chunk = {};
    op.error = std::make_error_code(std::errc::message_size);
    return begun::completed;
  }
  in_.error = no_error;
  in_.chunk = {};
  in_.owner = this;
  in_.done = [](operation& o) noexcept {
    auto& self = *static_cast<body_limit_hooks*>(o.owner);
    read_op& ended = *std::exchange(self.inner_, nullptr);
    ended.stop = nullptr;
    self.count(ended);
    ended.done(ended);
  };
  if (next().begin_read(in_) == begun::completed) {
    count(op);
    return begun::completed;
  }
  inner_ = &op;
  op.server = this;
  op.stop = [](operation& o) noexcept { cancel(static_cast<body_limit_hooks*>(o.server)->in_); };
  return begun::pending;
}

void body_limit_hooks::count(read_op& op) noexcept {
  op.error = in_.error;
  op.chunk = in_.chunk;
  if (in_.chunk.size() <= left_) {
    left_ -= in_.chunk.size();
    return;
  }
  exceeded_ = true;
  op.chunk = {};
  op.error = std::make_error_code(std::errc::message_size);
}

}}  // namespace csgi::v1
