// supervisor.cpp - see supervisor.hpp.
#include "supervisor.hpp"
#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <system_error>

namespace csgi::cli {

namespace {

using state = worker_process::state;

sigset_t heeded() noexcept {
  sigset_t all;
  sigemptyset(&all);
  for (const int signal : {SIGCHLD, SIGHUP, SIGINT, SIGTERM}) sigaddset(&all, signal);
  return all;
}

std::string seconds(worker_process::clock::duration time) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

}  // namespace

supervisor::supervisor(const supervision& how, supervisor_events& events) : how_(how), events_(events) {
  const auto signals = heeded();
  ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  signals_ = posix::descriptor(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!signals_) throw std::system_error(errno, std::generic_category(), "signalfd");
  places_.assign(how_.workers, place{restart_delay(how_.restart_first, how_.restart_most)});
}

supervisor::~supervisor() {
  const auto end = [](const worker_process& one) {
    ::kill(one.id(), SIGKILL);
    ::waitpid(one.id(), nullptr, 0);
  };
  for (const auto& each : workers_) end(each);
  if (companion_) end(*companion_);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int supervisor::run() {
  if (how_.has_companion) start_companion();
  start(0);
  while (!workers_.empty() || stops_ == 0) {
    wait();
    take_signals();
    reap();
    kill_what_is_late();
    start_what_is_due();
    replace_next();
  }
  return exit_code_;
}

void supervisor::wait() {
  std::vector<pollfd> all{{signals_.get(), POLLIN, 0}};
  for (const auto& each : workers_) all.push_back({each.link(), POLLIN, 0});    // that of one that has closed it is left out
  if (::poll(all.data(), all.size(), time_to_wait()) <= 0) return;
  auto each = workers_.begin();     // more may be started behind those that were asked
  for (auto told = all.begin() + 1; told != all.end(); ++told, ++each)
    if (told->revents != 0) listen_to(*each);
}

int supervisor::time_to_wait() const {
  auto until = std::min(replaced_ends_, beside_.due.value_or(clock::time_point::max()));
  for (const auto& each : places_) until = std::min(until, each.due.value_or(clock::time_point::max()));
  for (const auto& each : workers_) until = std::min(until, has_to_serve_by(each));
  if (until == clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

// --- workers begin ------------------------------------------------------------------------------------------------

worker_process supervisor::fork_one(unsigned at, const worker_process::body& work) {
  const auto let_go = [this] {    // of what others have no use for, and would keep open
    signals_.close();
    for (auto& each : workers_) each.let_go();
    if (companion_) companion_->let_go();
  };
  return {at, work, let_go, before_};
}

void supervisor::start_companion() {
  beside_.due.reset();
  try {
    companion_.emplace(fork_one(how_.workers, [this](posix::descriptor) { return events_.accompany(); }));
  } catch (const std::system_error& error) {
    companion_later(error.what());
  }
}

void supervisor::start(unsigned at) {
  places_[at].due.reset();
  try {
    workers_.push_back(fork_one(at, [this, at](posix::descriptor link) { return events_.work(at, std::move(link)); }));
    events_.started(workers_.back());
  } catch (const std::system_error& error) {
    if (!all_have_served_) throw;
    const auto delay = places_[at].delay.after({});
    events_.log(log_level::error, std::string(error.what()) + "; the next attempt in " + std::to_string(delay.count()) + " ms");
    places_[at].due = clock::now() + delay;
  }
}

void supervisor::start_what_is_due() {
  for (unsigned at = 0; at < places_.size() && stops_ == 0; ++at)
    if (places_[at].due && *places_[at].due <= clock::now()) start(at);
  if (beside_.due && *beside_.due <= clock::now()) start_companion();
}

void supervisor::kill_what_is_late() {
  for (auto& each : workers_) {
    if (clock::now() < has_to_serve_by(each)) continue;
    each.is_given_up = true;
    events_.log(log_level::error, each.name() + " does not serve after " + seconds(each.age()) + ", and is killed");
    ::kill(each.id(), SIGKILL);
  }
}

/// A startup that hangs has no end at a stop either.
supervisor::clock::time_point supervisor::has_to_serve_by(const worker_process& one) const {
  const bool is_waited_for = one.serving_since == clock::time_point() && !one.is_given_up && how_.startup.count() > 0;
  return is_waited_for ? one.born() + how_.startup : clock::time_point::max();
}

void supervisor::listen_to(worker_process& one) {
  const auto what = one.heard();
  if (what.empty()) one.let_go();
  else if (one.now == state::starting) serves(one, what);
}

void supervisor::serves(worker_process& one, const std::string& what) {
  one.now = state::serving;
  one.serving_since = clock::now();
  failures_ = 0;
  events_.serves(one);
  for (auto& each : workers_) {
    if (&each == &one || each.place() != one.place() || each.now == state::draining) continue;
    events_.log(log_level::info, one.name() + " serves in place of " + each.name());
    drain(each);
    leaving_ = each.id();
    replaced_ends_ = clock::now() + how_.grace + how_.ending;
    return;
  }
  events_.log(log_level::info, one.name() + " serves");
  if (all_have_served_) return;
  for (unsigned at = 0; at < places_.size(); ++at)
    if (!is_filled(at)) start(at);
  all_have_served_ = std::ranges::all_of(workers_, [](const auto& each) { return each.now == state::serving; });
  if (all_have_served_) events_.ready(what);
}

// --- and end --------------------------------------------------------------------------------------------------------

void supervisor::reap() {
  int status = 0;
  for (pid_t id; (id = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    if (companion_ && companion_->id() == id) companion_later("the status process " + std::to_string(id) + ' ' + to_text(status));
    const auto found = std::ranges::find(workers_, id, &worker_process::id);
    if (found == workers_.end()) continue;    // a child that this process was born with, or was left as the first of a system
    if (found->link() >= 0) listen_to(*found);
    workers gone;
    gone.splice(gone.end(), workers_, found);
    events_.ended(gone.front());
    buried(gone.front(), status);
  }
}

void supervisor::companion_later(const std::string& why) {
  const auto delay = beside_.delay.after(companion_ ? companion_->age() : clock::duration());
  events_.log(log_level::warning, why + "; another one starts in " + std::to_string(delay.count()) + " ms");
  beside_.due = clock::now() + delay;
  companion_.reset();
}

void supervisor::buried(const worker_process& one, int status) {
  const bool as_told = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  const std::string how = one.name() + ' ' + to_text(status) + " after " + seconds(one.age());
  if (stops_ > 0) {
    if (as_told) return;
    events_.log(log_level::error, how + ", when it was to end");
    if (exit_code_ == 0) exit_code_ = 1;
  } else if (one.now == state::draining) {
    events_.log(as_told ? log_level::info : log_level::warning, how);
  } else if (!all_have_served_) {
    give_up(how + (one.now == state::starting ? ", before it served" : ", before all had begun to serve"), status);
  } else {
    restart_later(one, how);
  }
}

void supervisor::restart_later(const worker_process& one, const std::string& how) {
  const bool has_failed_to_start = one.now == state::starting;
  if (has_failed_to_start) failures_ = any(state::serving) ? 0 : failures_ + 1;
  if (failures_ >= most_failures)
    return give_up(how + ", as did those before it: " + std::to_string(failures_) + " starts in a row have failed, and no worker serves", 0);
  if (has_failed_to_start && one.replaces_another) {
    events_.log(log_level::error, how + ", before it served: no more workers are replaced");
    to_replace_.clear();
    replacing_ = false;
  }
  if (is_filled(one.place())) {
    if (!has_failed_to_start) events_.log(log_level::warning, how + "; its successor starts already");
    return;
  }
  const auto delay = places_[one.place()].delay.after(one.served());
  places_[one.place()].due = clock::now() + delay;
  events_.log(log_level::warning, how + "; another one starts in " + std::to_string(delay.count()) + " ms");
}

void supervisor::give_up(const std::string& why, int status) {
  events_.log(log_level::error, why);
  exit_code_ = WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 1;
  stop(SIGTERM);
}

// --- signals --------------------------------------------------------------------------------------------------------

void supervisor::take_signals() {
  signalfd_siginfo got;
  while (::read(signals_.get(), &got, sizeof got) == sizeof got) {
    if (got.ssi_signo == SIGINT || got.ssi_signo == SIGTERM) heed(static_cast<int>(got.ssi_signo));
    if (got.ssi_signo != SIGHUP || stops_ > 0) continue;
    to_replace_.clear();      // one more time from the beginning: the plug-in may have changed since
    for (unsigned at = 0; at < places_.size(); ++at) to_replace_.push_back(at);
  }
}

/// Unless it is the last one told again.
void supervisor::heed(int signal) {
  const auto now = clock::now();
  if (last_heeded_ && now - *last_heeded_ < how_.same_wish) return;
  last_heeded_ = now;
  stop(signal);
}

void supervisor::stop(int signal) {
  ++stops_;
  if (stops_ == 1) {
    events_.stopping();
    for (auto& each : places_) each.due.reset();
    replaced_ends_ = clock::time_point::max();
    for (auto& each : workers_) drain(each);
  } else if (stops_ == 2) {
    for (auto& each : workers_) each.tell(order::end);
  } else {
    exit_code_ = 128 + signal;
    for (auto& each : workers_) ::kill(each.id(), SIGKILL);
  }
}

void supervisor::drain(worker_process& one) {
  one.now = state::draining;
  one.tell(order::drain);
}

// --- replacing --------------------------------------------------------------------------------------------------------

void supervisor::replace_next() {
  if (!all_have_served_ || stops_ > 0 || (to_replace_.empty() && !replacing_)) return;
  const auto comes = [](const worker_process& each) { return each.now == state::starting && each.replaces_another; };
  if (std::ranges::any_of(workers_, comes)) return;
  if (std::ranges::find(workers_, leaving_, &worker_process::id) != workers_.end()) {
    if (clock::now() < replaced_ends_) return;
    events_.log(log_level::warning, "worker " + std::to_string(leaving_) + " was to end, and still has not");
  }
  leaving_ = -1;
  replaced_ends_ = clock::time_point::max();
  replacing_ = !to_replace_.empty();
  if (!replacing_) return events_.log(log_level::info, "all workers have been replaced");
  start(to_replace_.front());
  if (!places_[to_replace_.front()].due) workers_.back().replaces_another = true;
  to_replace_.pop_front();
}

bool supervisor::is_filled(unsigned at) const {
  return std::ranges::any_of(workers_, [at](const auto& each) { return each.place() == at && each.now != state::draining; });
}

bool supervisor::any(state wanted) const {
  return std::ranges::any_of(workers_, [wanted](const auto& each) { return each.now == wanted; });
}

}  // namespace csgi::cli
