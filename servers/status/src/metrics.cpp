// metrics.cpp - see csgi/status/metrics.hpp.
#include <charconv>
#include <csgi/status/metrics.hpp>
#include <csgi/operation.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
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

void add_requests(page& to, const counts& seen) {
  to.introduce("csgi_requests_total", "counter", "Requests that were answered, by the app or by the server.");
  for (std::size_t method = 0; method < counts::methods.size(); ++method)
    for (int status = counts::first_status; status <= counts::last_status; ++status)
      if (const auto count = seen.requests[method][static_cast<std::size_t>(status - counts::first_status)].load(std::memory_order_relaxed))
        to.add("{method=\"" + std::string(counts::methods[method]) + "\",status=\"" + std::to_string(status) + "\"}", std::to_string(count));
}

void add_times(page& to, const counts& seen) {
  to.introduce("csgi_request_duration_seconds", "histogram", "From a request's head to the end of its response.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counts::bounds.size(); ++i) {
    sum += seen.times[i].load(std::memory_order_relaxed);
    to.add_part("_bucket", "{le=\"" + to_text(static_cast<double>(counts::bounds[i]) / 1000) + "\"}", std::to_string(sum));
  }
  sum += seen.times.back().load(std::memory_order_relaxed);
  to.add_part("_bucket", "{le=\"+Inf\"}", std::to_string(sum));
  to.add_part("_sum", "", to_text(static_cast<double>(seen.nanoseconds.load(std::memory_order_relaxed)) / 1e9));
  to.add_part("_count", "", std::to_string(sum));
}

void add_service(page& to, const counts& seen, const server_load& now, std::string_view server) {
  to.introduce("csgi_info", "gauge", "Which server it is.");
  to.add("{server=\"" + std::string(server) + "\"}", "1");
  add_requests(to, seen);
  to.counter("csgi_requests_aborted_total", "Responses that did not get to their end.", seen.aborted.load(std::memory_order_relaxed));
  to.counter("csgi_response_body_bytes_total", "Bytes of response bodies that were sent.", seen.body_bytes.load(std::memory_order_relaxed));
  add_times(to, seen);
  to.gauge("csgi_connections_open", "Connections, idle ones and WebSockets among them.", std::to_string(now.connections));
  to.gauge("csgi_requests_queued", "Requests of blocking apps that wait for a thread.", std::to_string(now.queued));
  to.gauge("csgi_threads", "Threads that run blocking apps.", std::to_string(now.threads));
  to.gauge("csgi_threads_busy", "Those of them that have something to do.", std::to_string(now.busy_threads));
  to.gauge("csgi_loop_lag_seconds", "How late a timer of the server ran at worst within the last ten seconds or more.", to_text(seconds(now.lag)));
  to.gauge("csgi_draining", "1 while the server ends.", now.draining ? "1" : "0");
}

/// In bytes. Nothing where the system does not tell.
std::optional<std::uint64_t> memory_of(const std::string& process) {
  std::ifstream memory("/proc/" + process + "/statm");
  std::uint64_t size = 0, resident = 0;
  if (!(memory >> size >> resident)) return std::nullopt;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<std::uint64_t> descriptors_of(const std::string& process) {
  std::error_code failed;
  const std::filesystem::directory_iterator all("/proc/" + process + "/fd", failed);
  if (failed) return std::nullopt;
  return static_cast<std::uint64_t>(std::distance(begin(all), end(all)));
}

constexpr std::string_view about_memory = "Memory that the process has in use.";
constexpr std::string_view about_descriptors = "Descriptors that the process has open.";

void add_process(page& to) {
  if (const auto bytes = memory_of("self")) to.gauge("process_resident_memory_bytes", about_memory, std::to_string(*bytes));
  if (const auto count = descriptors_of("self")) to.gauge("process_open_fds", about_descriptors, std::to_string(*count));
}

std::string label_of(const worker_facts& worker) { return "{worker=\"" + std::to_string(worker.place) + "\"}"; }

template <class Facts>
void add_of_each(page& to, std::span<const worker_facts> workers, Facts facts_of) {
  for (const auto& each : workers)
    if (const auto value = each.process != 0 ? facts_of(std::to_string(each.process)) : std::nullopt) to.add(label_of(each), std::to_string(*value));
}

void add_workers(page& to, std::span<const worker_facts> workers) {
  to.introduce("csgi_worker_up", "gauge", "1 while there is a worker process at this place that serves.");
  for (const auto& each : workers) to.add(label_of(each), each.process != 0 ? "1" : "0");
  to.introduce("csgi_worker_starts_total", "counter", "Worker processes that were started there.");
  for (const auto& each : workers) to.add(label_of(each), std::to_string(each.starts));
  to.introduce("csgi_worker_resident_memory_bytes", "gauge", about_memory);
  add_of_each(to, workers, memory_of);
  to.introduce("csgi_worker_open_fds", "gauge", about_descriptors);
  add_of_each(to, workers, descriptors_of);
}

}  // namespace

std::string metrics_of(const counts& seen, const server_load& now, std::string_view server) {
  page made;
  add_service(made, seen, now, server);
  add_process(made);
  return std::move(made).text();
}

std::string metrics_of(const counts& seen, const server_load& now, std::string_view server, std::span<const worker_facts> workers) {
  page made;
  add_service(made, seen, now, server);
  add_workers(made, workers);
  return std::move(made).text();
}

}  // namespace csgi::status
