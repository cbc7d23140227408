// command_line.hpp - what the user asked for.
#pragma once
#include <chrono>
#include <csgi/conformance/clause.hpp>
#include <csgi/conformance/subject.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace csgi::conformance {

enum class verb : unsigned char { server, list, app, app_list, swap, clauses, report, show };

/// Files to write; "" for none.
struct report_files {
  std::string json;
  std::string junit;
  std::string html;
};

struct command_line {
  verb what = verb::show;
  std::string text;                             ///< show: what to print, and be done
  std::vector<std::string> command;             ///< what followed `--`: server: its command; app, swap: the app's arguments
  std::vector<std::string> only;                ///< server, list: patterns of clauses or names; none: all
  std::vector<std::string> except;              ///< the same; these are left out
  strength least = strength::should;            ///< server, list: must leaves out what breaks no MUST
  kinds apps = kinds::both;                     ///< server, list: that the server runs
  std::vector<std::string> forms;               ///< server: of the probe; none: all
  unsigned parallel = 8;
  std::chrono::milliseconds patience{5'000};
  std::string probe_directory;                  ///< "": where they lie beside this program
  std::string label;                            ///< "": the command
  std::string plugin;                           ///< app, swap
  std::vector<std::string> requests;            ///< app, swap: files of them
  std::vector<std::string> servers;             ///< swap: their commands
  std::vector<std::string> masks;               ///< swap
  std::vector<std::string> forbidden;           ///< swap: patterns of what servers may not say
  std::chrono::milliseconds enough{1'000};      ///< swap: of a response that goes on
  std::chrono::milliseconds time{15'000};       ///< app: for all of it
  std::size_t most_faults = 64;                 ///< app
  bool real_time = false;                       ///< app
  report_files files;
  std::vector<std::string> reports;             ///< report: JSON files
  bool as_json = false;                         ///< clauses
};

/// The command line makes no sense; what() says why in one line.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Errors:    usage_error.
command_line parse_command_line(int argc, const char* const* argv);

}  // namespace csgi::conformance
