// view_extras.cpp - see view.hpp: what is said before a response and behind it, what of it waits to be sent, and what is known of
// a request.
#include <algorithm>
#include <csgi/checked_extras.hpp>
#include <csgi/middleware/changed_request.hpp>
#include "desk.hpp"
#include "request_faults.hpp"
#include "view_perform.hpp"

namespace csgi { inline namespace v1 {

namespace {

using errors = std::initializer_list<std::errc>;

constexpr errors of_informs = {std::errc::invalid_argument, std::errc::connection_reset, std::errc::timed_out,
                               std::errc::operation_canceled, std::errc::operation_in_progress, std::errc::operation_not_permitted,
                               std::errc::not_enough_memory, std::errc::io_error};
constexpr errors of_drains = {std::errc::connection_reset, std::errc::timed_out, std::errc::operation_canceled,
                              std::errc::operation_in_progress, std::errc::operation_not_permitted, std::errc::not_enough_memory,
                              std::errc::bad_message, std::errc::io_error};
constexpr std::size_t most_mark = 1024 * 1024;      // bytes
constexpr std::size_t servers_own = 1024;           // bytes: fields that servers add to a head, a 100, what frames a chunk
constexpr std::chrono::milliseconds clock_step{100};  // that a server's clock of deadlines may be ahead, at worst

begun refused(operation& op) noexcept {
  op.error = std::make_error_code(std::errc::operation_not_permitted);
  return begun::completed;
}

std::error_code not_permitted() noexcept { return std::make_error_code(std::errc::operation_not_permitted); }

bool taken(begun ended, const operation& op) noexcept { return ended == begun::pending || !op.error; }

bool is_out_of_turn(const operation& op) noexcept {
  return op.error == std::errc::operation_not_permitted || op.error == std::errc::operation_in_progress;
}

std::size_t field_bytes(std::span<const field> fields) noexcept {
  std::size_t size = 0;
  for (const field& f : fields) size += f.name.size() + f.value.size() + 4;
  return size;
}

std::uint64_t hash_of(std::string_view name) noexcept {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c)) * 1099511628211u;
  return hash;
}

std::uint64_t digest_of_fields(std::span<const field> fields) noexcept {
  request with;
  with.fields = fields;
  return digest_of(with);
}

}  // namespace

// --- which there are ----------------------------------------------------------------------------------------------

/// The view in the place of what was found; or that, where it is none of these.
void* lint_view::stand_in_for(const extension_id& id, void* where) noexcept {
  constexpr auto call = "find()";
  const bool http_1_0 = head_.version == http_version::http_1_0;
  if (id == informational::id) {
    if (http_1_0) tell(fault::hints_for_1_0, call);
    hints_ = static_cast<informational*>(where);
    return static_cast<informational*>(this);
  }
  if (id == request_trailers::id) {
    sent_behind_ = static_cast<request_trailers*>(where);
    return static_cast<request_trailers*>(this);
  }
  if (id == response_trailers::id) {
    if (http_1_0 || is_head_) tell(fault::trailers_without_place, call);
    behind_ = static_cast<response_trailers*>(where);
    return static_cast<response_trailers*>(this);
  }
  if (id == response_buffer::id) {
    if (!buffer_) watch_buffer(*static_cast<response_buffer*>(where));
    return static_cast<response_buffer*>(this);
  }
  if (id == request_info::id) {
    if (!info_) watch_info(*static_cast<request_info*>(where));
    return static_cast<request_info*>(this);
  }
  return where;
}

namespace {

lint_value faulty_part_of(const inform_op& op) noexcept {
  if (!may_inform(op.status, {})) return lint_value("status ").add(static_cast<std::uint64_t>(std::max(op.status, 0)));
  for (const field& f : op.fields)
    if (!may_inform(op.status, {&f, 1})) return lint_value("field ").add(f.name);
  return {};
}

}  // namespace

// --- before the response ------------------------------------------------------------------------------------------

begun lint_view::begin_inform(inform_op& op) noexcept {
  constexpr auto call = "informational::begin_inform()";
  const auto begin = [this](inform_op& o) noexcept { return hints_->begin_inform(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (writes()) return begin_second(op, inform_.theirs == &op ? fault::begun_again : fault::second_write, call, begin);
  const auto before = observe(call);
  const bool late = before >= csgi::phase::committed;
  const bool sendable = may_inform(op.status, op.fields);
  if (late && judges() && !lost_ && (before != csgi::phase::aborted || aborted_by_app_)) tell(fault::late_hint, call);
  if (!sendable) tell(fault::bad_hint, call, faulty_part_of(op));
  largest_write_ = std::max(largest_write_, field_bytes(op.fields));
  const begun ended = perform(inform_, op, begin);
  if (!judges()) return ended;
  if (!taken(ended, op)) {
    if (!late && is_out_of_turn(op)) tell_refused_unduly(call);
    judge_refused(op, before, call);
    return ended;
  }
  if (late || !sendable) tell(fault::bad_hint_taken, call);
  if (const auto now = observe(call); now != before && now != csgi::phase::aborted) tell(fault::hint_moves, call);
  return ended;
}

void lint_view::judge(const inform_op& op, bool stopped) noexcept {
  judge_outcome(op, stopped, of_informs, "informational::begin_inform()");
}

// --- trailers -----------------------------------------------------------------------------------------------------

std::span<const field> lint_view::fields() const noexcept {
  constexpr auto call = "request_trailers::fields()";
  if (!alive(call)) return {};
  const auto now = sent_behind_->fields();
  if (!here(call) || !judges()) return now;
  if (!now.empty() && !read_all_) tell(fault::early_trailers, call);
  if (!read_all_) return now;
  const auto digest = digest_of_fields(now);
  if (sent_behind_digest_ && *sent_behind_digest_ != digest) tell(fault::other_trailers, call);
  sent_behind_digest_ = digest;
  return now;
}

bool lint_view::wanted() const noexcept {
  constexpr auto call = "response_trailers::wanted()";
  if (!alive(call)) return false;
  const bool now = behind_->wanted();
  if (now != wants_trailers(head_.fields)) tell(fault::other_wish, call);
  return now;
}

std::error_code lint_view::announce(std::span<const std::string_view> names) noexcept {
  constexpr auto call = "response_trailers::announce()";
  if (!alive(call)) return not_permitted();
  if (!here(call)) return behind_->announce(names);
  const auto before = observe(call);
  const bool late = before >= csgi::phase::committed;
  const bool sendable = std::ranges::all_of(names, may_be_trailer) && (late || !declared_);
  const auto bad = std::ranges::find_if_not(names, may_be_trailer);
  judge_trailers(late, sendable, before, call, bad != names.end() ? lint_value("field ").add(*bad) : lint_value("the head has a Content-Length"));
  const auto error = behind_->announce(names);
  if (!judges() || judge_refusal(error, late, sendable, call)) return error;
  if (late || !sendable) tell(fault::bad_trailers_announced, call);
  announced_ = 0;
  announces_ = true;
  for (const auto name : names)
    if (announced_ < most_announced) announced_names_[announced_++] = hash_of(name);
  knows_announced_ = names.size() <= most_announced;
  return error;
}

std::error_code lint_view::set(std::span<const field> fields) noexcept {
  constexpr auto call = "response_trailers::set()";
  if (!alive(call)) return not_permitted();
  if (!here(call)) return behind_->set(fields);
  const auto before = observe(call);
  const bool late = before >= csgi::phase::finished;
  const auto is_announced = [this](const field& f) {
    const std::span known(announced_names_, announced_);
    return !knows_announced_ || std::ranges::find(known, hash_of(f.name)) != known.end();
  };
  const auto bad = std::ranges::find_if_not(fields, [&](const field& f) { return is_field_text(f.value) && is_announced(f); });
  const bool sendable = bad == fields.end();
  judge_trailers(late, sendable, before, call, sendable ? lint_value() : lint_value("field ").add(bad->name));
  const auto error = behind_->set(fields);
  if (!judges() || judge_refusal(error, late, sendable, call)) return error;
  if (late || !sendable) tell(fault::bad_trailers_set, call);
  largest_write_ = std::max(largest_write_, field_bytes(fields));
  return error;
}

/// An app need not have noticed yet that its request was lost.
void lint_view::judge_trailers(bool late, bool sendable, csgi::phase before, const char* call, std::string_view value) const noexcept {
  if (!judges() || lost_ || (before == csgi::phase::aborted && !aborted_by_app_)) return;
  if (late) tell(fault::late_trailers, call);
  else if (!sendable) tell(fault::bad_trailers, call, value);
}

/// Whether it is one.
bool lint_view::judge_refusal(const std::error_code& error, bool late, bool sendable, const char* call) const noexcept {
  if (!error) return false;
  if (error == std::errc::operation_not_permitted ? !late : error == std::errc::invalid_argument && !late && sendable)
    tell_refused_unduly(call);
  const bool known = error == std::errc::invalid_argument || error == std::errc::operation_not_permitted ||
                     error == std::errc::not_enough_memory;
  if (!known) tell(fault::odd_error, call);
  return true;
}

// --- what waits to be sent ----------------------------------------------------------------------------------------

/// A middleware that changes responses writes others than the app does, and has to hide what acts on a response.
void lint_view::watch_buffer(response_buffer& where) noexcept {
  buffer_ = &where;
  highest_mark_ = where.high_water();
  is_what_the_app_writes_ = next_.find(informational::id) || next_.find(response_trailers::id);
}

std::size_t lint_view::buffered() const noexcept {
  constexpr auto call = "response_buffer::buffered()";
  if (!alive(call)) return 0;
  const std::size_t now = buffer_->buffered();
  if (!here(call) || !judges() || accepted_ || upgraded_ || !is_what_the_app_writes_) return now;
  if (now > highest_mark_ + largest_write_ + head_bytes_ + servers_own) tell(fault::too_much_buffered, call);
  return now;
}

std::size_t lint_view::high_water() const noexcept {
  constexpr auto call = "response_buffer::high_water()";
  if (!alive(call)) return 0;
  here(call);
  return buffer_->high_water();
}

/// Where an app is blocking, or a bridge makes it so, nothing is buffered, and the mark stays 0.
void lint_view::set_high_water(std::size_t bytes) noexcept {
  constexpr auto call = "response_buffer::set_high_water()";
  if (!alive(call)) return;
  if (!here(call)) return buffer_->set_high_water(bytes);
  mark_was_lowered_ = mark_was_lowered_ || bytes < buffer_->high_water();
  buffer_->set_high_water(bytes);
  const std::size_t now = buffer_->high_water();
  if (judges() && now != 0 && now != std::min(bytes, most_mark)) tell(fault::other_mark, call);
  highest_mark_ = std::max(highest_mark_, now);
}

begun lint_view::begin_drained(drain_op& op) noexcept {
  constexpr auto call = "response_buffer::begin_drained()";
  const auto begin = [this](drain_op& o) noexcept { return buffer_->begin_drained(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (drained_.theirs) return begin_second(op, drained_.theirs == &op ? fault::begun_again : fault::second_drained, call, begin);
  const auto before = observe(call);
  out_of_turn(before, csgi::phase::open, call);
  writes_at_drain_ = writes_begun_;
  const begun ended = perform(drained_, op, begin);
  const bool in_turn = before < csgi::phase::finished;
  if (in_turn && judges() && ended == begun::completed && op.error) judge_answer(op, ended, before, csgi::phase::open, call);
  return ended;
}

/// What was written meanwhile may have come behind the moment in which it ended.
void lint_view::judge(const drain_op& op, bool stopped) noexcept {
  constexpr auto call = "response_buffer::begin_drained()";
  judge_outcome(op, stopped, of_drains, call);
  if (op.error || !judges() || accepted_ || upgraded_ || writes_begun_ != writes_at_drain_) return;
  if (buffer_->buffered() > op.most) tell(fault::drained_early, call);
}

/// When a write has ended. The last one of a response need not wait for the mark: nothing comes behind it.
void lint_view::judge_mark(const char* call) noexcept {
  if (!buffer_ || !judges() || accepted_ || upgraded_ || observe(call) >= csgi::phase::finished) return;
  const bool above = buffer_->buffered() > buffer_->high_water() + servers_own;
  if (above && !mark_was_lowered_) tell(fault::ended_above_mark, call);
  if (!above) mark_was_lowered_ = false;
}

// --- what is known of a request -----------------------------------------------------------------------------------

clock::time_point lint_view::received() const noexcept {
  constexpr auto call = "request_info::received()";
  if (!alive(call)) return {};
  const auto now = info_->received();
  if (now > entered_at_ + clock_step) tell(fault::received_later, call);
  return now;
}

/// A connection is known by its peer's address and port, unless a middleware has told another one.
void lint_view::watch_info(request_info& where) noexcept {
  info_ = &where;
  const endpoint& peer = head_.peer;
  if (peer.type == endpoint::kind::ip && peer.port != 0 && !next_.find(original_request::id))
    connection_ = hash_of(peer.address) * 31 + peer.port;
}

std::uint64_t lint_view::number() const noexcept {
  constexpr auto call = "request_info::number()";
  if (!alive(call)) return 0;
  const auto now = info_->number();
  const auto first = first_number_.load(std::memory_order_relaxed);
  if (first == 0) {
    first_number_.store(now, std::memory_order_relaxed);
    if (const auto wrong = desk_.judge_number(now, info_->received(), connection_)) tell(*wrong, call);
  } else if (first != now) {
    tell(fault::other_number, call);
  }
  return now;
}

}}  // namespace csgi::v1
