// connection_extras.cpp - what is sent around a response: informational ones before it, trailers behind it.
#include <csgi/checked_extras.hpp>
#include <csgi/http1/connection.hpp>
#include <csgi/serving/response_framer.hpp>
#include <new>

namespace csgi::http1 {

namespace {

begun refused(operation& op, std::errc why) noexcept {
  op.error = std::make_error_code(why);
  return begun::completed;
}

}  // namespace

begun connection::begin_inform(inform_op& op) noexcept {
  op.error = {};
  if (driver_->blocks()) driver_->run_posted();
  if (!is_free(write_)) return op.error = refusal(write_), begun::completed;
  if (phase() >= phase::committed) return refused(op, std::errc::operation_not_permitted);
  if (!may_inform(op.status, op.fields)) return refused(op, std::errc::invalid_argument);
  std::string& out = space_->output.own();
  const std::size_t size_before = out.size();
  try {
    out.append("HTTP/1.1 ").append(std::to_string(op.status)).append(" ").append(reason_phrase(op.status)).append("\r\n");
    for (const field& f : op.fields) out.append(f.name).append(": ").append(f.value).append("\r\n");
    out.append("\r\n");
  } catch (const std::bad_alloc&) {
    out.resize(size_before);
    return refused(op, std::errc::not_enough_memory);
  }
  return write_framed(op, ending::flush);
}

bool connection::wanted() const noexcept { return wants_trailers(head().fields); }

}  // namespace csgi::http1
