// crew.cpp - see crew.hpp.
#include "crew.hpp"
#include <algorithm>
#include <csgi/posix/loop_lives.hpp>
#include <csgi/posix/signal_mask.hpp>

namespace csgi::threaded {

namespace {

constexpr auto sweep_interval = std::chrono::milliseconds(100);
constexpr auto soon = std::chrono::microseconds(100);       // what may be waited for rather than woken for
constexpr auto glance = std::chrono::milliseconds(1);       // between two looks of the watch
constexpr auto long_without_lead = std::chrono::milliseconds(4);    // where jobs make other jobs, one after the other
constexpr auto hurry = std::chrono::milliseconds(100);
constexpr int most_glances = 10;                            // for nothing
constexpr int rows_remembered = 4;                          // what is usual is a mean of about so many
constexpr auto most_remembered = std::chrono::milliseconds(100);    // of what took longer, such as a conversation

/// Jobs that a thread runs one after the other, and how long they take.
class row_of_jobs {
 public:
  explicit row_of_jobs(clock::time_point now) noexcept : began_(now) {}

  void add() noexcept { ++count_; }

  /// What has become usual by it.
  clock::duration end(clock::time_point now, clock::duration usual) const noexcept {
    if (count_ == 0) return usual;
    const auto mean = std::min<clock::duration>((now - began_) / count_, most_remembered);
    return usual + (mean - usual) / rows_remembered;
  }

 private:
  clock::time_point began_;
  std::int64_t count_ = 0;
};

/// Hooks of a response that is over: a job of their own, so that neither the lead nor the next request waits for them.
struct hooks_job final : job {
  explicit hooks_job(const http1::finished_response& r) noexcept : response(r) {
    run = [](job& j, member&) noexcept {
      const std::unique_ptr<hooks_job> self(static_cast<hooks_job*>(&j));
      self->response.run_hooks();
    };
  }
  http1::finished_response response;
};

}  // namespace

void member::finished(http1::finished_response response) noexcept {
  if (auto* job = new (std::nothrow) hooks_job(response)) crew_.demand(*job);
  else response.run_hooks();
}

void member::serve() noexcept { crew_.work(*this); }

class crew::door final : public posix::event_source {
 public:
  explicit door(crew& of) noexcept : crew_(of) {}
  void on_event(std::uint32_t) noexcept override { crew_.accept(); }

 private:
  crew& crew_;
};

class crew::alarm final : public posix::event_source {
 public:
  explicit alarm(const posix::wakeup& wake) noexcept : wake_(wake) {}
  void on_event(std::uint32_t) noexcept override { wake_.clear(); }

 private:
  const posix::wakeup& wake_;
};

crew::crew(posix::server_settings& shared, const server_options& options)
    : shared_(shared), most_queued_(options.queue), listener_(std::move(posix::listeners_for(options, 1).front())),
      workspaces_(shared.limits), door_(std::make_unique<door>(*this)),
      alarm_(std::make_unique<alarm>(wake_)), jobs_(options.threads) {
  if (!poller_.add_level(wake_.handle(), *alarm_))
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

crew::~crew() = default;

void crew::run(application app, unsigned threads) {
  const posix::without_sigpipe quiet;
  if (stops_.load(std::memory_order_relaxed) > 0) return;
  shared_.host_while(app, stops_, [this, app, threads] { serve(app, threads); });
}

void crew::serve(application app, unsigned threads) {
  app_.emplace(app);
  std::vector<posix::resident*> all;
  for (unsigned i = 0; i <= threads; ++i) all.push_back(&members_.emplace_back(*this));
  posix::loop_lives(*shared_.host, {.started = [this] { open(); }, .served = [] {}}).run(all);
}

/// Before anybody waits for connections.
void crew::open() {
  listener_.listen();
  accepting_ = poller_.add_level(listener_.socket(), *door_);
  shared_.observer->ready(listener_.address().endpoint());
}

server_load crew::load() const noexcept {
  server_load now;
  now.connections = shared_.admission.open();
  now.draining = shared_.draining.load(std::memory_order_relaxed);
  now.lag = lateness_.worst(clock::now());
  const std::lock_guard lock(mutex_);
  now.queued = jobs_.size();
  now.threads = working_ > 0 ? working_ - 1 : 0;      // one of them leads, whichever
  now.busy_threads = working_ - following_ - (led_ ? 1 : 0);
  return now;
}

void crew::stop() noexcept {
  stops_.fetch_add(1, std::memory_order_relaxed);
  wake_.notify();
}

void crew::work(member& me) noexcept {
  row_of_jobs row(clock::now());
  std::unique_lock lock(mutex_);
  ++working_;
  for (;;) {
    if (may_work()) {
      job* const next = jobs_.pop();
      const bool is_upload = next->upload;      // it may be another job afterwards, or none
      ++begun_;
      row.add();
      pass_the_lead(*next);
      lock.unlock();
      next->run(*next, me);
      lock.lock();
      if (is_upload) jobs_.upload_done();
      continue;
    }
    const auto now = clock::now();
    usual_ = row.end(now, usual_);
    if (over_) break;
    if (led_) {
      follow(lock);
      row = row_of_jobs(clock::now());
      continue;
    }
    led_ = true;
    lock.unlock();
    const auto after = lead(me, now);
    lock.lock();
    led_ = false;
    led_at_ = after;
    row = row_of_jobs(after);
  }
  --working_;
}

/// Gives when it has heard of connections for the last time.
clock::time_point crew::lead(member& leader, clock::time_point now) noexcept {
  leader_ = &leader;
  std::list<session> dead;
  {
    const std::lock_guard lock(mutex_);
    dead.swap(graveyard_);      // every event that could name them has been seen
  }
  dead.clear();
  const auto next = std::min({next_sweep_, grace_ends_, accepting_ || draining_ ? clock::time_point::max() : accepts_at_});
  for (const auto& event : poller_.wait(posix::time_until(next, now))) posix::poller::source(event).on_event(event.events);
  react_to_stop();
  now = clock::now();
  if (now >= next_sweep_) sweep();
  if (!accepting_ && !draining_ && now >= accepts_at_) accept_again();
  return now;
}

void crew::accept() noexcept {
  for (int i = 0; i < listener_.most_at_once(); ++i) {
    try {
      posix::incoming connection;
      const auto result = listener_.accept(connection);
      if (result == posix::listener::result::none) return;
      if (result == posix::listener::result::not_now) {
        shared_.accepting.failed(*shared_.observer, clock::now());
        return accept_later(next_sweep_);
      }
      shared_.accepting.accepted();
      auto place = shared_.admission.enter(connection.peer.endpoint().address);
      if (place.how() == posix::admission::decision::dropped) continue;
      std::unique_lock lock(mutex_);
      session& accepted = sessions_.emplace_back(std::move(connection), std::move(place), *this);
      accepted.place = std::prev(sessions_.end());
      lock.unlock();
      if (accepted.watch(poller_)) accepted.proceed(*leader_);
      else bury(accepted);
    } catch (const std::bad_alloc&) {
      shared_.observer->log(log_level::error, "out of memory: a connection is closed");
    }
  }
  if (listener_.gives_way()) accept_later(clock::now() + listener_.pause);
}

void crew::accept_later(clock::time_point at) noexcept {
  poller_.remove(listener_.socket());
  accepting_ = false;
  accepts_at_ = at;
}

void crew::accept_again() noexcept {
  accepting_ = poller_.add_level(listener_.socket(), *door_);
  if (!accepting_) accepts_at_ = next_sweep_;
}

posix::offered crew::offer(job& request, bool may_gather) noexcept {
  const std::lock_guard lock(mutex_);
  return jobs_.offer(request, most_queued_ + following_, may_gather);
}

void crew::demand(job& work) noexcept {
  const std::lock_guard lock(mutex_);
  jobs_.push(work);
}

/// There is always a thread that waits for connections or can be woken for that: the last one leaves queued requests to those that
/// work now.
bool crew::may_work() const noexcept { return jobs_.may_pop() && (led_ || following_ > 0 || over_); }

/// Who goes to work wakes another thread, to lead or to work beside, where that is worth it: one at a time, so that a burst of
/// short requests is served without a wake-up for each. Every job is queued by a thread of the crew, which looks for the next
/// afterwards.
void crew::pass_the_lead(const job& next) noexcept {
  if (following_ == 0 || waking_ || (led_ && !jobs_.may_pop())) return;
  if (is_soon_done(next)) {
    if (std::exchange(watch_sleeps_, false)) watch_.notify_one();
    return;
  }
  waking_ = true;
  watch_is_called_ = watched_ && following_ == 1;
  (watch_is_called_ ? watch_ : follow_).notify_one();
}

/// Whether this job and those that are queued will hardly keep anybody waiting; if they do nevertheless, the watch sees it.
bool crew::is_soon_done(const job& next) const noexcept {
  if (led_ || !watched_ || next.upload || led_at_ < hurried_until_) return false;
  return usual_ <= soon / static_cast<clock::rep>(jobs_.size() + 1);
}

void crew::follow(std::unique_lock<std::mutex>& lock) noexcept {
  ++following_;
  if (watched_) follow_.wait(lock);
  else watch(lock);
  --following_;
  waking_ = false;
}

/// Waits as the others do, until it is called, or one job has kept all others for longer than was expected. Sleeps after some looks
/// for nothing, until somebody relies on it.
void crew::watch(std::unique_lock<std::mutex>& lock) noexcept {
  watched_ = true;
  for (int glances = 0;;) {
    const auto seen = begun_;
    if (glances == most_glances) {
      watch_sleeps_ = true;
      watch_.wait(lock);
      watch_sleeps_ = false;
      glances = 0;
    } else {
      watch_.wait_for(lock, glance);
      ++glances;
    }
    if (over_ || watch_is_called_) break;
    const bool comes_along = begun_ != seen;
    if (comes_along) glances = 0;
    const auto now = clock::now();
    if (led_ || (comes_along && now < led_at_ + long_without_lead)) continue;
    hurried_until_ = now + hurry;
    break;
  }
  watch_is_called_ = false;
  watched_ = false;
}

void crew::bury(session& closed) noexcept {
  closed.close();
  const std::lock_guard lock(mutex_);
  graveyard_.splice(graveyard_.end(), sessions_, closed.place);
  if (sessions_.empty() && stops_.load(std::memory_order_relaxed) > 0) wake_.notify();
}

// --- the leader's clock -------------------------------------------------------------------------------------------

void crew::sweep() noexcept {
  shared_.report_admission();
  const auto now = clock::now();
  next_sweep_ = now + sweep_interval;
  lateness_.note(now, next_sweep_);
  posix::job_list<job> overdue, given_up;
  {
    const std::lock_guard lock(mutex_);
    for (session& s : sessions_)
      if (s.hold() && (s.overdue(now) || !s.release())) overdue.push(s);
    given_up = jobs_.take_overdue(now);     // only sessions are
  }
  while (job* const j = given_up.pop()) static_cast<session&>(*j).give_up(*leader_);
  while (job* const j = overdue.pop()) static_cast<session&>(*j).expire(*leader_);
}

void crew::react_to_stop() noexcept {
  const int stops = stops_.load(std::memory_order_relaxed);
  if (stops == 0) return;
  if (!draining_) {
    draining_ = true;
    accepting_ = false;
    shared_.draining.store(true, std::memory_order_relaxed);    // before anybody can see that it stops
    poller_.remove(listener_.socket());   // closing does not, while others have the same socket
    listener_.close();
    shared_.host->drain();
    grace_ends_ = clock::now() + shared_.deadlines.grace;
    for (member& m : members_) m.drain();
    tell_all(session::drain);
    shared_.stopping.begins(*shared_.observer, stops > 1 ? 0 : busy_sessions(), shared_.deadlines.grace);
  }
  if (!cancelled_ && (stops > 1 || clock::now() >= grace_ends_)) {
    cancelled_ = true;
    grace_ends_ = clock::time_point::max();
    shared_.stopping.grace_is_over(*shared_.observer, stops > 1 ? 0 : busy_sessions());
    for (member& m : members_) m.cancel();
    tell_all(session::cancel);
  }
  const std::lock_guard lock(mutex_);
  over_ = sessions_.empty();
  if (!over_) return;
  follow_.notify_all();
  watch_.notify_all();
}

/// Those that somebody holds hear of it from their holder; the others proceed here, when the list is free again.
void crew::tell_all(std::uint32_t what) noexcept {
  posix::job_list<job> taken;
  {
    const std::lock_guard lock(mutex_);
    for (session& s : sessions_)
      if (s.hold(what)) taken.push(s);
  }
  while (job* const j = taken.pop()) take(static_cast<session&>(*j));
}

/// Those that somebody holds have a request, or are just about to.
std::size_t crew::busy_sessions() noexcept {
  posix::job_list<job> told;
  std::size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    for (session& s : sessions_) {
      const bool is_held = !s.hold();
      if (is_held || s.busy()) ++count;
      if (!is_held && !s.release()) told.push(s);
    }
  }
  while (job* const j = told.pop()) take(static_cast<session&>(*j));
  return count;
}

}  // namespace csgi::threaded
