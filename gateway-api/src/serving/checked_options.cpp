// checked_options.cpp - see csgi/serving/checked_options.hpp.
#include <cstdio>
#include <csgi/serving/checked_options.hpp>
#include <stdexcept>

namespace csgi { inline namespace v1 {
namespace {

void demand(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

class stderr_lines final : public server_observer {
 public:
  void log(log_level level, std::string_view message) noexcept override {
    if (level < log_level::warning) return;
    const char* name = level == log_level::error ? "error" : "warning";
    std::fprintf(stderr, "%s: %.*s\n", name, static_cast<int>(message.size()), message.data());
  }
};

}  // namespace

server_observer& stderr_observer() noexcept {
  static stderr_lines observer;
  return observer;
}

void check(const server_options& options) {
  using std::chrono::milliseconds;
  const std::string& root = options.root_path;
  demand(root.empty() || (root.size() > 1 && root.front() == '/' && root.back() != '/'),
         "root_path is empty, or begins with / and does not end with it");
  demand(options.limits.request_head > 0 && options.limits.request_head <= largest_request_head,
         "limits.request_head is 1 byte to 60 KiB");
  demand(options.limits.request_line > 0, "limits.request_line is at least 1 byte");
  demand(options.limits.request_fields > 0, "limits.request_fields is at least 1");
  // The clock counts nanoseconds, and must not overflow.
  const auto sensible = [](milliseconds d) { return d > milliseconds(0) && d <= std::chrono::years(10); };
  const server_deadlines& d = options.deadlines;
  demand(sensible(d.head), "deadlines.head is 1 ms to 10 years");
  demand(sensible(d.body), "deadlines.body is 1 ms to 10 years");
  demand(sensible(d.write), "deadlines.write is 1 ms to 10 years");
  demand(sensible(d.first_byte), "deadlines.first_byte is 1 ms to 10 years");
  demand(sensible(d.idle), "deadlines.idle is 1 ms to 10 years");
  demand(d.queue == milliseconds(0) || sensible(d.queue), "deadlines.queue is 0 ms to 10 years");
  demand(d.app == milliseconds(0) || sensible(d.app), "deadlines.app is 0 ms to 10 years");
  demand(sensible(d.lane), "deadlines.lane is 1 ms to 10 years");
  demand(d.farewell == milliseconds(0) || sensible(d.farewell), "deadlines.farewell is 0 ms to 10 years");
  demand(d.grace == milliseconds(0) || sensible(d.grace), "deadlines.grace is 0 ms to 10 years");
  demand(options.threads > 0, "threads is at least 1");
}

}}  // namespace csgi::v1
