// worker_board.cpp - see csgi/status/worker_board.hpp.
#include <algorithm>
#include <cerrno>
#include <csgi/status/metrics.hpp>
#include <csgi/status/worker_board.hpp>
#include <new>
#include <sys/mman.h>
#include <system_error>
#include <vector>

namespace csgi::status {

namespace {

template <class Value>
using shared = std::atomic<Value>;

constexpr auto relaxed = std::memory_order_relaxed;

}  // namespace

struct worker_board::load_record {
  shared<pid_t> whose{0};     // 0: nobody's
  shared<std::size_t> connections{0}, queued{0}, threads{0}, busy_threads{0};
  shared<clock::rep> lag{0};
  shared<bool> draining{false};

  void write(const server_load& now) noexcept {
    connections.store(now.connections, relaxed);
    queued.store(now.queued, relaxed);
    threads.store(now.threads, relaxed);
    busy_threads.store(now.busy_threads, relaxed);
    lag.store(now.lag.count(), relaxed);
    draining.store(now.draining, relaxed);
  }

  /// Before it is anybody's again: who reads it between its next owner's coming and that one's first words finds nothing of the last.
  void clear() noexcept {
    write({});
    whose.store(0, std::memory_order_release);
  }
};

struct alignas(64) worker_board::slot {
  shared<std::uint64_t> starts{0};
  shared<pid_t> serving{0};
  std::array<load_record, 2> loads{};     // of a third process, which is there only if one did not end, nothing is told
  counts counted{};

  /// The process that serves there; 0: none does, or it drains.
  pid_t who_serves() const noexcept {
    const pid_t one = serving.load(relaxed);
    const auto drains = [one](const auto& each) { return each.whose.load(relaxed) == one && each.draining.load(relaxed); };
    return std::ranges::any_of(loads, drains) ? 0 : one;
  }
};

struct worker_board::table {
  shared<bool> has_served{false}, stopping{false};

  static std::size_t size(unsigned workers) noexcept { return offset + workers * sizeof(slot); }
  static constexpr std::size_t offset = 64;
};

worker_board::worker_board(unsigned workers, std::string_view server_name) : workers_(workers), name_(server_name) {
  static_assert(shared<pid_t>::is_always_lock_free && shared<clock::rep>::is_always_lock_free && shared<bool>::is_always_lock_free);
  static_assert(sizeof(table) <= table::offset);
  void* const memory = ::mmap(nullptr, table::size(workers), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "no memory to share with workers");
  table_ = new (memory) table;
  for (unsigned which = 0; which < workers; ++which) new (&at(which)) slot;
}

worker_board::~worker_board() { ::munmap(table_, table::size(workers_)); }

worker_board::slot& worker_board::at(unsigned which) const noexcept {
  return *reinterpret_cast<slot*>(reinterpret_cast<std::byte*>(table_) + table::offset + which * sizeof(slot));
}

void worker_board::started(unsigned place) noexcept { at(place).starts.fetch_add(1, relaxed); }

void worker_board::serves(unsigned place, pid_t process) noexcept {
  at(place).serving.store(process, relaxed);
  table_->has_served.store(true, relaxed);
}

void worker_board::ended(unsigned place, pid_t process) noexcept {
  auto& here = at(place);
  if (here.serving.load(relaxed) == process) here.serving.store(0, relaxed);
  for (auto& each : here.loads)
    if (each.whose.load(relaxed) == process) each.clear();
}

void worker_board::stopping() noexcept { table_->stopping.store(true, relaxed); }

counts& worker_board::counted(unsigned place) noexcept { return at(place).counted; }

void worker_board::tell(unsigned place, pid_t process, const server_load& now) noexcept {
  auto& records = at(place).loads;
  const auto mine = std::ranges::find_if(records, [process](const auto& each) { return each.whose.load(relaxed) == process; });
  const auto found = mine != records.end() ? mine : std::ranges::find_if(records, [process](auto& each) {
    pid_t nobody = 0;
    return each.whose.compare_exchange_strong(nobody, process, std::memory_order_acq_rel, relaxed);
  });
  if (found != records.end()) found->write(now);
}

server_load worker_board::load() const noexcept {
  server_load all{.draining = table_->stopping.load(relaxed)};
  for (unsigned which = 0; which < workers_; ++which) {
    for (const auto& each : at(which).loads) {
      if (each.whose.load(std::memory_order_acquire) == 0) continue;
      all.connections += each.connections.load(relaxed);
      all.queued += each.queued.load(relaxed);
      all.threads += each.threads.load(relaxed);
      all.busy_threads += each.busy_threads.load(relaxed);
      all.lag = std::max(all.lag, clock::duration(each.lag.load(relaxed)));
    }
  }
  return all;
}

status::health worker_board::health() const {
  if (table_->stopping.load(relaxed)) return {false, "draining\n"};
  unsigned serving = 0;
  for (unsigned which = 0; which < workers_; ++which) serving += at(which).who_serves() != 0;
  if (serving == 0) return {false, table_->has_served.load(relaxed) ? "no worker serves\n" : "starting\n"};
  return {true, "ok, " + std::to_string(serving) + " of " + std::to_string(workers_) + " workers\n"};
}

std::string worker_board::metrics() const {
  const auto sum = std::make_unique<counts>();
  std::vector<worker_facts> workers;
  for (unsigned which = 0; which < workers_; ++which) {
    const auto& here = at(which);
    sum->add(here.counted);
    workers.push_back({which, here.who_serves(), here.starts.load(relaxed)});
  }
  return metrics_of(*sum, load(), name_, workers);
}

}  // namespace csgi::status
