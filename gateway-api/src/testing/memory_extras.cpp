// memory_extras.cpp - see memory_extras.hpp.
#include "memory_extras.hpp"
#include <algorithm>
#include <csgi/checked_extras.hpp>
#include "counted_lane.hpp"
#include "memory_websocket.hpp"
#include "viewed_head.hpp"

namespace csgi::testing {

namespace {

constexpr std::size_t most_high_water = 1024 * 1024;      // bytes

std::uint64_t next_number() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

memory_extras::memory_extras(memory_exchange& of, const request_options& with, const client_behaviour& client)
    : exchange_(of), sent_(with.trailers), mark_(std::min(client.high_water, most_high_water)), number_(next_number()) {
  for (const auto& f : sent_) sent_views_.push_back({f.name, f.value});
  lent_ = of.viewed_ ? of.viewed_->kept(sent_views_) : std::span<const field>(sent_views_);
}

void* memory_extras::find(const extension_id& id) noexcept {
  const request& head = exchange_.sent();
  const bool http_1_0 = head.version == http_version::http_1_0;
  if (id == informational::id) return http_1_0 ? nullptr : static_cast<informational*>(this);
  if (id == request_trailers::id) return static_cast<request_trailers*>(this);
  if (id == response_trailers::id) return http_1_0 || head.method == "HEAD" ? nullptr : static_cast<response_trailers*>(this);
  if (id == response_buffer::id) return static_cast<response_buffer*>(this);
  if (id == request_info::id) return static_cast<request_info*>(this);
  return nullptr;
}

// --- before the response ------------------------------------------------------------------------------------------

begun memory_extras::begin_inform(inform_op& op) noexcept {
  memory_exchange& x = exchange_;
  std::unique_lock lock(x.mutex());
  ++x.begun_;
  if (!x.permits("begin_inform()")) return x.refuse(op, std::errc::operation_not_permitted);
  if (x.blocks_) x.handler_.run_posted(lock);
  if (x.pending_[memory_exchange::writing]) return x.refuse(op, std::errc::operation_in_progress);
  if (x.cancelled_) return x.refuse(op, std::errc::operation_canceled);
  if (x.lost_) return x.refuse(op, *x.lost_);
  if (x.phase_ >= csgi::phase::committed) return x.refuse(op, std::errc::operation_not_permitted);
  if (!may_inform(op.status, op.fields)) {
    x.hold(misuse::bad_hint, "an informational response of status " + std::to_string(op.status) + " was refused");
    return x.refuse(op, std::errc::invalid_argument);
  }
  x.outgoing_ = {};
  if (x.trip(memory_exchange::writing)) {
    x.lose(x.client_.fails_with);
  } else {
    informational_response said{op.status, {}};
    for (const auto& f : op.fields) said.fields.push_back({std::string(f.name), std::string(f.value)});
    x.response_.informational.push_back(std::move(said));
    x.note("inform " + std::to_string(op.status));
  }
  return x.begin(memory_exchange::writing, op, lock);
}

// --- trailers -----------------------------------------------------------------------------------------------------

std::span<const field> memory_extras::fields() const noexcept {
  const std::lock_guard lock(exchange_.mutex());
  if (!exchange_.permits("request_trailers::fields()") || !shown_) return {};
  return lent_;
}

bool memory_extras::wanted() const noexcept { return wants_trailers(exchange_.sent().fields); }

std::error_code memory_extras::announce(std::span<const std::string_view> names) noexcept {
  const std::lock_guard lock(exchange_.mutex());
  if (!exchange_.permits("response_trailers::announce()")) return std::make_error_code(std::errc::operation_not_permitted);
  if (!std::ranges::all_of(names, may_be_trailer))
    return refuse_trailers(std::errc::invalid_argument, "that may not be sent were announced");
  if (exchange_.phase_ >= csgi::phase::committed)
    return refuse_trailers(std::errc::operation_not_permitted, "were announced when the response was on its way, or over");
  if (exchange_.declared_) return refuse_trailers(std::errc::invalid_argument, "were announced for a response with a Content-Length");
  names_.assign(names.begin(), names.end());
  trailers_.clear();
  announced_ = true;
  return {};
}

std::error_code memory_extras::set(std::span<const field> fields) noexcept {
  const std::lock_guard lock(exchange_.mutex());
  if (!exchange_.permits("response_trailers::set()")) return std::make_error_code(std::errc::operation_not_permitted);
  if (exchange_.phase_ >= csgi::phase::finished)
    return refuse_trailers(std::errc::operation_not_permitted, "were set when the response was over");
  const auto may_be_set = [this](const field& f) {
    return is_field_text(f.value) && std::ranges::any_of(names_, [&](const std::string& name) { return same_name(name, f.name); });
  };
  if (!std::ranges::all_of(fields, may_be_set))
    return refuse_trailers(std::errc::invalid_argument, "that were not announced, or may not be sent, were set");
  trailers_.clear();
  for (const auto& f : fields) trailers_.push_back({std::string(f.name), std::string(f.value)});
  return {};
}

/// Held against the app, unless it may not have noticed yet that its request was lost. With the mutex held.
std::error_code memory_extras::refuse_trailers(std::errc why, const char* words) const {
  const bool late = why == std::errc::operation_not_permitted;
  if (!exchange_.lost_ && !exchange_.cancelled_)
    exchange_.hold(late ? misuse::out_of_turn : misuse::bad_trailers, std::string("trailers ") + words);
  return std::make_error_code(why);
}

void memory_extras::add_trailer_field(response& head) const {
  std::string list;
  for (const auto& name : names_) list += (list.empty() ? "" : ", ") + name;
  if (!list.empty()) head.fields.push_back({"trailer", list});
}

// --- what waits to be sent ----------------------------------------------------------------------------------------

std::size_t memory_extras::buffered() const noexcept {
  const std::lock_guard lock(exchange_.mutex());
  return exchange_.permits("response_buffer::buffered()") ? exchange_.buffered() : 0;
}

std::size_t memory_extras::high_water() const noexcept {
  const std::lock_guard lock(exchange_.mutex());
  exchange_.permits("response_buffer::high_water()");
  return exchange_.blocks_ ? 0 : mark_;
}

void memory_extras::set_high_water(std::size_t bytes) noexcept {
  const std::lock_guard lock(exchange_.mutex());
  if (!exchange_.permits("response_buffer::set_high_water()")) return;
  mark_ = std::min(bytes, most_high_water);
  exchange_.kick();
}

begun memory_extras::begin_drained(drain_op& op) noexcept {
  memory_exchange& x = exchange_;
  std::unique_lock lock(x.mutex());
  ++x.begun_;
  if (!x.permits("begin_drained()")) return x.refuse(op, std::errc::operation_not_permitted);
  if (x.blocks_) x.handler_.run_posted(lock);
  if (x.pending_[memory_exchange::emptying]) return x.refuse(op, std::errc::operation_in_progress);
  if (x.cancelled_) return x.refuse(op, std::errc::operation_canceled);
  if (x.lost_) return x.refuse(op, *x.lost_);
  if (x.phase_ >= csgi::phase::finished) return x.refuse(op, std::errc::operation_not_permitted);
  return x.begin(memory_exchange::emptying, op, lock);
}

}  // namespace csgi::testing
