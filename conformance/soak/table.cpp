// table.cpp - see table.hpp.
#include "table.hpp"
#include <iomanip>
#include <ostream>
#include <sstream>

namespace csgi::soak {

namespace {

constexpr int name_width = 28;

std::string change(std::size_t before, std::size_t after) { return std::to_string(before) + " > " + std::to_string(after); }

std::string in_milliseconds(std::chrono::microseconds time) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << static_cast<double>(time.count()) / 1'000;
  return text.str();
}

void print_cells(std::ostream& to, const std::string& name, const std::vector<std::string>& cells) {
  constexpr int widths[] = {10, 8, 9, 11, 8, 8, 13, 12};
  to << std::left << std::setw(name_width) << name << std::right;
  for (std::size_t i = 0; i < cells.size(); ++i) to << std::setw(widths[i]) << cells[i];
  to << '\n' << std::flush;
}

}  // namespace

void print_heading(std::ostream& to) {
  print_cells(to, "", {"requests", "faults", "expected", "unexpected", "p50 ms", "p99 ms", "RSS MiB", "descriptors"});
}

void print_row(std::ostream& to, const outcome& of) {
  print_cells(to, of.name,
              {std::to_string(of.requests), std::to_string(of.faults), std::to_string(of.refusals),
               std::to_string(of.surprises.size()), in_milliseconds(of.median), in_milliseconds(of.late),
               change(of.start.resident >> 20, of.end.resident >> 20), change(of.start.descriptors, of.end.descriptors)});
}

void print_surprises(std::ostream& to, const outcome& of) {
  for (const auto& [why, how] : of.surprises) {
    to << "\n  " << of.name << ": " << why << '\n';
    std::istringstream lines(how);
    for (std::string line; std::getline(lines, line);) to << "    " << line << '\n';
  }
  if (!of.surprises.empty()) to << '\n' << std::flush;
}

bool print_total(std::ostream& to, const std::vector<outcome>& all) {
  outcome sum{.name = "all", .start = {}, .end = {}, .surprises = {}};
  std::size_t surprises = 0;
  for (const auto& each : all) {
    sum.requests += each.requests;
    sum.faults += each.faults;
    sum.refusals += each.refusals;
    surprises += each.surprises.size();
  }
  print_cells(to, sum.name,
              {std::to_string(sum.requests), std::to_string(sum.faults), std::to_string(sum.refusals),
               std::to_string(surprises)});
  return surprises == 0;
}

}  // namespace csgi::soak
