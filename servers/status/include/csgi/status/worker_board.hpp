// csgi/status/worker_board.hpp - what worker processes and their supervisor tell each other of how they fare.
#pragma once
#include <csgi/server_load.hpp>
#include <csgi/status/status_app.hpp>
#include <sys/types.h>

namespace csgi::status {

/// Memory that is shared with the processes forked after it was made. Each place has its own counters, which stay when its process
/// ends and its successor's go on from: they never go back, and no two places write to the same.
///
/// Threads:   any, of any of the processes.
class worker_board final : public watched {
 public:
  /// Errors:    std::system_error where there is no memory. Lifetime: the name is static.
  worker_board(unsigned workers, std::string_view server_name);
  worker_board(const worker_board&) = delete;
  worker_board& operator=(const worker_board&) = delete;
  ~worker_board() override;

  // --- the supervisor's -----------------------------------------------------------------------------------------------
  void started(unsigned place) noexcept;
  void serves(unsigned place, pid_t process) noexcept;
  void ended(unsigned place, pid_t process) noexcept;
  void stopping() noexcept;

  // --- a worker's -----------------------------------------------------------------------------------------------------
  counts& counted(unsigned place) noexcept;

  /// What it has to do at the moment; one that drains does not serve. Two processes may do so at one place, an old one that drains
  /// and its successor.
  void tell(unsigned place, pid_t process, const server_load& now) noexcept;

  // --- for all --------------------------------------------------------------------------------------------------------
  status::health health() const override;
  std::string metrics() const override;

 private:
  struct load_record;
  struct slot;
  struct table;

  slot& at(unsigned which) const noexcept;
  server_load load() const noexcept;

  const unsigned workers_;
  const std::string_view name_;
  table* table_;
};

}  // namespace csgi::status
