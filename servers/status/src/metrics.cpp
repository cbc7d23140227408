// metrics.cpp - see csgi/status/metrics.hpp.
#include <charconv>
#include <csgi/status/metrics.hpp>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace csgi::status {

namespace {

std::string to_text(double value) {
  char text[32];
  return {text, std::to_chars(std::begin(text), std::end(text), value).ptr};
}

double seconds(clock::duration time) { return std::chrono::duration<double>(time).count(); }

class page {
 public:
  void introduce(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  void add(std::string_view labels, const std::string& value) { add_part("", labels, value); }
  void add_part(std::string_view suffix, std::string_view labels, const std::string& value) {
    text_.append(name_).append(suffix).append(labels).append(" ").append(value).append("\n");
  }
  void gauge(std::string_view name, std::string_view help, const std::string& value) {
    introduce(name, "gauge", help);
    add("", value);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    introduce(name, "counter", help);
    add("", std::to_string(value));
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string_view name_;
  std::string text_;
};

void add_requests(page& to, const traffic& seen) {
  to.introduce("csgi_requests_total", "counter", "Requests that were answered, by the app or by the server.");
  for (std::size_t method = 0; method < traffic::methods.size(); ++method)
    for (int status = traffic::first_status; status <= traffic::last_status; ++status)
      if (const auto count = seen.requests(method, status))
        to.add("{method=\"" + std::string(traffic::methods[method]) + "\",status=\"" + std::to_string(status) + "\"}", std::to_string(count));
}

void add_times(page& to, const traffic& seen) {
  to.introduce("csgi_request_duration_seconds", "histogram", "From a request's head to the end of its response.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < traffic::bounds.size(); ++i) {
    sum += seen.took(i);
    to.add_part("_bucket", "{le=\"" + to_text(static_cast<double>(traffic::bounds[i]) / 1000) + "\"}", std::to_string(sum));
  }
  sum += seen.took(traffic::bounds.size());
  to.add_part("_bucket", "{le=\"+Inf\"}", std::to_string(sum));
  to.add_part("_sum", "", to_text(seconds(seen.time())));
  to.add_part("_count", "", std::to_string(sum));
}

/// Where the system tells: pages that are in memory, and descriptors.
void add_process(page& to) {
  std::ifstream memory("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  if (memory >> size >> resident)
    to.gauge("process_resident_memory_bytes", "Memory that the process has in use.",
             std::to_string(resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))));
  std::error_code failed;
  const std::filesystem::directory_iterator all("/proc/self/fd", failed);
  if (!failed) to.gauge("process_open_fds", "Descriptors that the process has open.", std::to_string(std::distance(begin(all), end(all))));
}

}  // namespace

std::string metrics_of(const traffic& seen, const server_load& now, std::string_view server) {
  page made;
  made.introduce("csgi_info", "gauge", "Which server it is.");
  made.add("{server=\"" + std::string(server) + "\"}", "1");
  add_requests(made, seen);
  made.counter("csgi_requests_aborted_total", "Responses that did not get to their end.", seen.aborted());
  made.counter("csgi_response_body_bytes_total", "Bytes of response bodies that were sent.", seen.body_bytes());
  add_times(made, seen);
  made.gauge("csgi_connections_open", "Connections, idle ones and WebSockets among them.", std::to_string(now.connections));
  made.gauge("csgi_requests_queued", "Requests of blocking apps that wait for a thread.", std::to_string(now.queued));
  made.gauge("csgi_threads", "Threads that run blocking apps.", std::to_string(now.threads));
  made.gauge("csgi_threads_busy", "Those of them that have something to do.", std::to_string(now.busy_threads));
  made.gauge("csgi_loop_lag_seconds", "How late a timer of the server ran at worst within the last ten seconds or more.", to_text(seconds(now.lag)));
  made.gauge("csgi_draining", "1 while the server ends.", now.draining ? "1" : "0");
  add_process(made);
  return std::move(made).text();
}

}  // namespace csgi::status
