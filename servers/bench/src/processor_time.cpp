#include "processor_time.hpp"
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace csgi::bench {

namespace {

double microseconds(double clock_ticks) { return clock_ticks * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK)); }

std::ifstream file_of(pid_t process, const char* name) { return std::ifstream("/proc/" + std::to_string(process) + '/' + name); }

void add_descendants(pid_t of, std::vector<pid_t>& to) {
  const auto task = std::to_string(of);
  std::ifstream children("/proc/" + task + "/task/" + task + "/children");
  for (pid_t child = 0; children >> child;) {
    to.push_back(child);
    add_descendants(child, to);
  }
}

}  // namespace

core_time parse_core_time(std::istream& stat, int core) {
  const std::string wanted = "cpu" + std::to_string(core);
  for (std::string line; std::getline(stat, line);) {
    std::istringstream columns(line);
    std::string name;
    double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0;
    columns >> name >> user >> nice >> system >> idle >> iowait >> irq >> softirq;
    const double processes = user + nice + system;
    if (name == wanted && columns) return {microseconds(processes), microseconds(processes + softirq)};
  }
  throw std::runtime_error("/proc/stat does not know " + wanted);
}

core_time time_of_core(int core) {
  std::ifstream stat("/proc/stat");
  return parse_core_time(stat, core);
}

std::vector<pid_t> family_of(pid_t process) {
  std::vector<pid_t> all{process};
  add_descendants(process, all);
  return all;
}

double parse_process_time(std::istream& stat) {
  std::string text;
  std::getline(stat, text);
  std::istringstream columns(text.substr(text.rfind(')') + 1));       // a program's name may hold anything
  std::string skipped;
  for (int column = 3; column < 14; ++column) columns >> skipped;
  double user = 0, system = 0;
  columns >> user >> system;
  return microseconds(user + system);
}

double time_of_family(pid_t process) {
  double sum = 0;
  for (const pid_t each : family_of(process)) {
    auto stat = file_of(each, "stat");
    sum += parse_process_time(stat);
  }
  return sum;
}

double resident_bytes(pid_t process) {
  double sum = 0;
  for (const pid_t each : family_of(process)) {
    auto statm = file_of(each, "statm");
    double all = 0, resident = 0;
    statm >> all >> resident;
    sum += resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
  }
  return sum;
}

}  // namespace csgi::bench
