// What Prometheus is given.
#include <csgi/status/metrics.hpp>
#include <csgi/status/traffic.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;
using status::counts;
using status::traffic;

namespace {

class listener final : public server_observer {
 public:
  explicit listener(bool hears_accesses) : hears_accesses_(hears_accesses) {}
  void ready(const endpoint&) noexcept override { ++told; }
  void log(log_level, std::string_view) noexcept override { ++told; }
  bool wants_access() const noexcept override { return hears_accesses_; }
  void access(const access_record&) noexcept override { ++accesses; }

  int told = 0, accesses = 0;

 private:
  bool hears_accesses_;
};

void answer(traffic& to, std::string_view method, int how, clock::duration time, std::error_code aborted = {}) {
  to.access({{}, method, "/", "1.1", {how, 100, aborted}, time});
}

bool has(const std::string& text, std::string_view line) { return ('\n' + text).find('\n' + std::string(line) + '\n') != std::string::npos; }

}  // namespace

TEST_SUITE("metrics") {
TEST_CASE("requests are counted by method and status, and what has another method together") {
  listener behind(false);
  counts counted;
  traffic seen(behind, counted);
  answer(seen, "GET", 200, 1ms);
  answer(seen, "GET", 200, 1ms);
  answer(seen, "POST", 404, 1ms, std::make_error_code(std::errc::connection_reset));
  answer(seen, "BREW", 200, 1ms);
  answer(seen, "", 400, 1ms);
  const auto text = status::metrics_of(counted, {}, "mine");
  CHECK(has(text, "csgi_info{server=\"mine\"} 1"));
  CHECK(has(text, "# TYPE csgi_requests_total counter"));
  CHECK(has(text, "csgi_requests_total{method=\"GET\",status=\"200\"} 2"));
  CHECK(has(text, "csgi_requests_total{method=\"POST\",status=\"404\"} 1"));
  CHECK(has(text, "csgi_requests_total{method=\"other\",status=\"200\"} 1"));
  CHECK(has(text, "csgi_requests_total{method=\"other\",status=\"400\"} 1"));
  CHECK(has(text, "csgi_requests_aborted_total 1"));
  CHECK(has(text, "csgi_response_body_bytes_total 500"));
}

TEST_CASE("a request that ends before there is a status is counted with status 0") {
  listener behind(false);
  counts counted;
  traffic seen(behind, counted);
  answer(seen, "GET", 0, 1ms, std::make_error_code(std::errc::connection_reset));
  CHECK(has(status::metrics_of(counted, {}, "mine"), "csgi_requests_total{method=\"GET\",status=\"0\"} 1"));
}

TEST_CASE("times are told as a histogram that adds up") {
  listener behind(false);
  counts counted;
  traffic seen(behind, counted);
  for (const auto time : {500us, 1000us, 1001us}) answer(seen, "GET", 200, time);
  answer(seen, "GET", 200, 100s);
  const auto text = status::metrics_of(counted, {}, "mine");
  CHECK(has(text, "csgi_request_duration_seconds_bucket{le=\"0.001\"} 2"));
  CHECK(has(text, "csgi_request_duration_seconds_bucket{le=\"0.002\"} 3"));
  CHECK(has(text, "csgi_request_duration_seconds_bucket{le=\"60\"} 3"));
  CHECK(has(text, "csgi_request_duration_seconds_bucket{le=\"+Inf\"} 4"));
  CHECK(has(text, "csgi_request_duration_seconds_count 4"));
  CHECK(has(text, "csgi_request_duration_seconds_sum 100.002501"));
}

TEST_CASE("what the server has to do is told as it is") {
  listener behind(false);
  counts counted;
  traffic seen(behind, counted);
  const auto text = status::metrics_of(counted, {.connections = 7, .queued = 3, .threads = 32, .busy_threads = 5, .lag = 1500us, .draining = true}, "mine");
  CHECK(has(text, "csgi_connections_open 7"));
  CHECK(has(text, "csgi_requests_queued 3"));
  CHECK(has(text, "csgi_threads 32"));
  CHECK(has(text, "csgi_threads_busy 5"));
  CHECK(has(text, "csgi_loop_lag_seconds 0.0015"));
  CHECK(has(text, "csgi_draining 1"));
  CHECK(text.find("process_open_fds ") != std::string::npos);
}

TEST_CASE("an observer hears what it would have heard, and no accesses where it wants none") {
  for (const bool wants : {false, true}) {
    listener behind(wants);
    counts counted;
    traffic seen(behind, counted);
    CHECK(seen.wants_access());
    CHECK_FALSE(seen.is_ready());
    seen.ready({});
    CHECK(seen.is_ready());
    seen.log(log_level::error, "no");
    answer(seen, "GET", 200, 1ms);
    CHECK(behind.told == 2);
    CHECK(behind.accesses == (wants ? 1 : 0));
  }
}
}
