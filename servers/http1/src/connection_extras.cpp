// connection_extras.cpp - what is sent around a response: informational ones before it, trailers behind it.
#include <csgi/checked_head.hpp>
#include <csgi/field_syntax.hpp>
#include <csgi/http1/connection.hpp>
#include <csgi/serving/response_framer.hpp>
#include <new>

namespace csgi::http1 {

namespace {

begun refused(operation& op, std::errc why) noexcept {
  op.error = std::make_error_code(why);
  return begun::completed;
}

/// 100 is the server's own, 101 an upgrade.
bool may_inform(const inform_op& op) noexcept {
  if (op.status < 102 || op.status > 199) return false;
  const auto checked = check_head({.status = 200, .fields = op.fields});    // the rules for fields are those of a final head
  return checked && !checked->length;
}

}  // namespace

begun connection::begin_inform(inform_op& op) noexcept {
  op.error = {};
  if (driver_->blocks()) driver_->run_posted();
  if (const auto why = refuse(write_)) return op.error = why, begun::completed;
  if (phase() >= phase::committed) return refused(op, std::errc::operation_not_permitted);
  if (!may_inform(op)) return refused(op, std::errc::invalid_argument);
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

bool connection::wanted() const noexcept {
  for (const field& f : head().fields) {
    if (!same_name(f.name, "te")) continue;
    for (auto rest = f.value; !rest.empty();)
      if (same_name(next_element(rest), "trailers")) return true;
  }
  return false;
}

}  // namespace csgi::http1
