// csgi/conformance/subject.hpp - the server under test: started as a user would, or linked.
#pragma once
#include <csgi/server.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace csgi::conformance {

/// The probe in one of its forms: a plug-in, and the path prefix it is mounted at inside it.
struct form {
  std::string name;           ///< "blocking", "async", "async, mounted"
  std::string plugin;         ///< the probe plug-in's file name: "probe_async.so"
  std::string root;           ///< "" or "/prefix"
  bool blocking = false;      ///< the probe's kind
  unsigned bridges = 0;       ///< around it, each to the other kind: the server runs what the outermost is
};

/// Every form that a server is judged with.
const std::vector<form>& all_forms();

/// Kinds of app.
enum class kinds : unsigned char { both, blocking_only, async_only };

/// Whether the probe in this form is of one of these kinds.
bool is_among(const form& f, kinds wanted) noexcept;

/// Whether a server that runs apps of these kinds runs it.
bool is_run_by(const form& f, kinds apps) noexcept;

/// Something that a server is told beyond app and port, in the words of `csgi serve`: {"limit-body", "1000"} is the
/// option --limit-body 1000.
struct server_option {
  std::string name;
  std::string value;
  auto operator<=>(const server_option&) const = default;
};

/// The server does not host the probe, or does not start: there is nothing to judge. what() says why, in one line.
class not_a_subject : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A running server with the probe. Its destructor ends it, whatever happened.
class running_subject {
 public:
  virtual ~running_subject() = default;
  virtual std::uint16_t port() const noexcept = 0;

  /// Asks it to stop, as SIGTERM or csgi::server::stop() does.
  virtual void stop() noexcept = 0;

  /// Waits for its end, ten seconds at most. Gives its exit code; none when it does not end.
  virtual std::optional<int> exit_code() = 0;

  /// What it has written to standard error, the last megabyte of it; nothing where that is this process's own.
  virtual std::string said() const { return {}; }

  /// The id of its process, if that is its own; else 0.
  virtual int process() const noexcept { return 0; }

 protected:
  running_subject() = default;
};

/// What is judged.
class subject {
 public:
  virtual ~subject() = default;

  /// Starts it with the probe in this form and waits until it accepts connections. `told` is empty where it cannot be
  /// told anything.
  ///
  /// Errors:    not_a_subject.
  virtual std::unique_ptr<running_subject> start(const form& with, const std::vector<server_option>& told) const = 0;

  /// Whether it can be told options.
  virtual bool takes_options() const noexcept = 0;

 protected:
  subject() = default;
};

/// A command with {port} and {app} in its words, run with the probe plug-ins in `directory`. Where a word is {options},
/// options are put in its place, two words each; without one, it cannot be told any. The server ends with this process.
///
/// Errors:    not_a_subject, when a placeholder is missing.
std::unique_ptr<subject> spawned(std::vector<std::string> command, std::string directory);

/// A server of this process: `make` constructs it from `options`, with any free port and what else the suite sets.
std::unique_ptr<subject> linked(std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)> make,
                                csgi::server_options options, std::string directory);

}  // namespace csgi::conformance
