// processor_time.hpp - what a core and a server have done so far, of /proc.
#pragma once
#include <istream>
#include <sys/types.h>
#include <vector>

namespace csgi::bench {

/// In microseconds since the system's start.
struct core_time {
  double processes;     ///< user and system time
  double busy;          ///< and that of soft interrupts, where the kernel works for sockets
};

/// Of one core, from what /proc/stat says.
///
/// Errors:    std::runtime_error where it does not know that core.
core_time parse_core_time(std::istream& stat, int core);
core_time time_of_core(int core);

/// A process and all that descend from it, as a server may be a supervisor.
std::vector<pid_t> family_of(pid_t process);

/// User and system time, in microseconds, from what /proc/PID/stat says.
double parse_process_time(std::istream& stat);
/// Of all threads of a whole family.
double time_of_family(pid_t process);

/// Resident memory of a whole family, in bytes.
double resident_bytes(pid_t process);

}  // namespace csgi::bench
