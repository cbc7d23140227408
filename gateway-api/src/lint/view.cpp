// view.cpp - see view.hpp: the app's run, what is asked of an exchange, and extensions.
#include "view.hpp"
#include <algorithm>
#include <cstring>
#include <csgi/lane.hpp>
#include <csgi/middleware/changed_request.hpp>
#include <new>
#include "desk.hpp"
#include "request_faults.hpp"

namespace csgi { inline namespace v1 {

namespace {

template <class Extension>
Extension* find_in(exchange& where) noexcept {
  return static_cast<Extension*>(where.find(Extension::id));
}

}  // namespace

/// In the place of a hook of the app's.
struct lint_view::watched_hook final : finish_hook {
  finish_hook* theirs;
  lint_view* view;
  unsigned number;

  watched_hook(finish_hook& hook, lint_view& of, unsigned n) noexcept : theirs(&hook), view(&of), number(n) {
    run = [](finish_hook& h, const outcome& how) noexcept {
      const std::unique_ptr<watched_hook> self(static_cast<watched_hook*>(&h));
      self->perform(how);
    };
  }

  void perform(const outcome& how) noexcept {
    lint_view& v = *view;
    constexpr auto call = "finish_hook::run()";
    if (!v.ended_.load(std::memory_order_acquire)) v.tell(fault::hook_too_early, call);
    if (number != v.hooks_left_--) v.tell(fault::hook_out_of_order, call);
    if (v.aborted_by_app_ && !how.aborted) v.tell(fault::hook_told_whole, call);
    v.hooks_thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    theirs->run(*theirs, how);
    v.hooks_thread_.store({}, std::memory_order_relaxed);
    v.let_go();
  }
};

lint_view::lint_view(exchange& next, app_kind kind, lint_desk& desk, void* place) noexcept
    : next_(next), executor_(next.executor()), head_(next.head()), digest_(digest_of(head_)), desk_(desk), place_(place),
      sink_(desk.with.report ? nullptr : find_in<log_sink>(next)), outer_(find_in<lint_link>(next)),
      blocking_(kind == app_kind::blocking), is_head_(head_.method == "HEAD") {
  if (outer_) outer_->others_inside.store(true, std::memory_order_relaxed);
  for (const auto part : {head_.method, std::string_view(" "), head_.target}) {
    const auto size = std::min(part.size(), sizeof request_ - request_size_);
    std::memcpy(request_ + request_size_, part.data(), size);
    request_size_ += size;
  }
}

void lint_view::enter() noexcept {
  constexpr auto call = "http()";
  entered_at_ = clock::now();
  if (blocking_) handler_ = std::this_thread::get_id();
  else if (!executor_.here()) tell(fault::entered_elsewhere, call);
  const auto faults = faults_of(head_);
  if (faults == 0 || find_in<original_request>(next_)) return;      // a head that was changed on purpose fits in itself alone
  for (unsigned i = 0; i < 32; ++i)
    if (faults & (1u << i)) tell(static_cast<fault>(static_cast<unsigned>(fault::bad_method) + i), call);
}

void lint_view::leave(how it_ended) noexcept {
  constexpr auto call = "http()";
  const bool pends = read_.theirs || writes() || gone_.theirs || accept_.theirs || receive_.theirs || speaks() ||
                     upgrade_.theirs || drained_.theirs;
  if (it_ended == how::destroyed) {
    tell(fault::destroyed, call);
  } else {
    end_stretch();
    if (pends) tell(fault::pending_when_done, call);
    if (digest_of(next_.head()) != digest_) tell(fault::changed_head, call);
    const bool silent = it_ended == how::returned && !pends && judges() && !accepted_;
    if (silent && observe(call) < csgi::phase::finished && !excused())
      tell(wants_socket_ && observe(call) == csgi::phase::open ? fault::no_answer_without_socket : fault::unfinished, call);
    if (lost_ && clock::now() - lost_at_ > desk_.with.soon) tell(fault::ends_late, call);
  }
  stretch_ = nullptr;
  ended_.store(true, std::memory_order_release);
  let_go();
}

void lint_view::end_stretch() noexcept {
  const stall_watch* const watch = std::exchange(stretch_, nullptr);
  if (watch && watch->asleep() > desk_.with.stall) tell(fault::stalls, "");
}

void lint_view::let_go() noexcept {
  if (holds_.fetch_sub(1, std::memory_order_acq_rel) == 1) desk_.left(*this);
}

// --- telling ------------------------------------------------------------------------------------------------------

void lint_view::tell(fault which, const char* call, std::string_view value) const noexcept {
  if (!link_.told.add(which)) return;
  const fault_info& what = info(which);
  auto role = what.at_fault;
  if (role == lint_role::app) {
    if (link_.told_inside.has(which)) return;                       // there it was told, by a lint that is nearer
    if (outer_) outer_->told_inside.add(which);
    if (link_.others_inside.load(std::memory_order_relaxed)) role = lint_role::middleware;
  } else if (outer_) {
    if (outer_->told.has(which)) return;
    if (role == lint_role::server) role = lint_role::middleware;
  }
  const bool over = ended_.load(std::memory_order_acquire);
  const std::string_view request(request_, request_size_);
  desk_.take({what.clause, what.level, role, desk_.with.name, what.what, call, request, value}, over ? nullptr : sink_);
}

/// Whether the app may still call. It may not when it is done.
bool lint_view::alive(const char* call) const noexcept {
  if (!ended_.load(std::memory_order_acquire)) return true;
  tell(hooks_thread_.load(std::memory_order_relaxed) == std::this_thread::get_id() ? fault::in_hook : fault::after_end, call);
  return false;
}

/// Whether this thread is the one that may call. Who was called on a foreign one cannot help calling from there.
bool lint_view::here(const char* call) const noexcept {
  if ((blocking_ && handler_ == std::this_thread::get_id()) || executor_.here()) return true;
  elsewhere_.store(true, std::memory_order_relaxed);
  if (!link_.told.has(fault::entered_elsewhere) && !link_.told.has(fault::done_elsewhere)) tell(fault::other_thread, call);
  return false;
}

csgi::phase lint_view::observe(const char* call) const noexcept {
  const auto now = next_.phase();
  const bool went_on = now > phase_ && phase_ < csgi::phase::finished;
  if (now != phase_ && !went_on && judges()) tell(fault::phase_back, call);
  phase_ = now;
  return now;
}

// --- what is asked of an exchange ---------------------------------------------------------------------------------

const request& lint_view::head() const noexcept {
  static constexpr request none{};
  if (!alive("head()")) return none;
  const request& now = next_.head();
  if (&now != &head_ && digest_of(now) != digest_) tell(fault::other_head, "head()");
  return now;
}

csgi::executor& lint_view::executor() noexcept {
  if (!alive("executor()")) return executor_;
  auto& now = next_.executor();
  if (&now != &executor_) tell(fault::other_executor, "executor()");
  return now;
}

bool lint_view::connected() noexcept {
  constexpr auto call = "connected()";
  if (!alive(call)) return false;
  if (!here(call)) return next_.connected();
  const bool now = next_.connected();
  if (now && left_) tell(fault::connected_again, call);
  left_ = left_ || !now;
  return now;
}

std::pmr::memory_resource& lint_view::memory() noexcept {
  if (!alive("memory()")) return *std::pmr::new_delete_resource();
  here("memory()");
  return next_.memory();
}

csgi::phase lint_view::phase() const noexcept {
  constexpr auto call = "phase()";
  if (!alive(call)) return phase_;
  return here(call) ? observe(call) : next_.phase();
}

void lint_view::abort(std::errc reason) noexcept {
  constexpr auto call = "abort()";
  if (!alive(call)) return;
  if (!here(call)) return next_.abort(reason);
  const bool ends = observe(call) < csgi::phase::finished;
  next_.abort(reason);
  if (!ends) return;
  aborted_by_app_ = true;
  if (observe(call) != csgi::phase::aborted && judges()) tell(fault::phase_after_abort, call);
}

// --- extensions ---------------------------------------------------------------------------------------------------

void* lint_view::find(const extension_id& id) noexcept {
  constexpr auto call = "find()";
  if (!alive(call)) return nullptr;
  if (id == lint_link::id) return &link_;
  if (id == helping_lane::id) return next_.find(id);       // that of run(), which is called on the lane's thread
  if (!here(call)) return next_.find(id);
  void* const where = next_.find(id);
  if (id == websocket::id && !where) wants_socket_ = true;
  if (!where) return nullptr;
  const auto known = std::ranges::find_if(found_, [&](const finding& f) { return !f.where || f.hash == id.hash; });
  if (known != std::end(found_)) {
    if (known->where && known->where != where) tell(fault::other_extension, call);
    *known = {id.hash, where};
  }
  if (id == file_sender::id) {
    sender_ = static_cast<file_sender*>(where);
    return static_cast<file_sender*>(this);
  }
  if (id == finish_hooks::id) {
    hooks_ = static_cast<finish_hooks*>(where);
    return static_cast<finish_hooks*>(this);
  }
  if (id == websocket::id) {
    socket_ = static_cast<websocket*>(where);
    return static_cast<websocket*>(this);
  }
  if (id == upgrade::id) {
    stream_ = static_cast<upgrade*>(where);
    return static_cast<upgrade*>(this);
  }
  return stand_in_for(id, where);
}

void lint_view::add(finish_hook& hook) noexcept {
  constexpr auto call = "finish_hooks::add()";
  if (!alive(call)) return;
  if (!here(call)) return hooks_->add(hook);
  auto* const own = new (std::nothrow) watched_hook(hook, *this, hooks_left_ + 1);
  if (!own) return hooks_->add(hook);
  ++hooks_left_;
  hold();
  hooks_->add(*own);
}

}}  // namespace csgi::v1
