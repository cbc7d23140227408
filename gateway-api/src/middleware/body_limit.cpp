// body_limit.cpp - see csgi/middleware/body_limit.hpp.
#include <csgi/middleware/body_limit.hpp>
#include <csgi/middleware/upgraded.hpp>

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
  if (!exceeded_ || next().phase() >= csgi::phase::finished) return reads_.begin(next(), op);
  op.chunk = {};
  op.error = std::make_error_code(std::errc::message_size);
  return begun::completed;
}

void body_limit_hooks::count(read_op& op) noexcept {
  if (op.chunk.size() <= left_) {
    left_ -= op.chunk.size();
    return;
  }
  if (is_upgraded(next())) return;
  exceeded_ = true;
  op.chunk = {};
  op.error = std::make_error_code(std::errc::message_size);
}

}}  // namespace csgi::v1
