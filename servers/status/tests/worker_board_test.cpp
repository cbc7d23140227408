// Several processes as one service.
#include <csgi/status/worker_board.hpp>
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace csgi;
using namespace std::chrono_literals;
using status::worker_board;

namespace {

bool has(const std::string& text, std::string_view line) { return ('\n' + text).find('\n' + std::string(line) + '\n') != std::string::npos; }

/// What a worker process does.
template <class Work>
void in_another_process(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  int how = -1;
  REQUIRE(::waitpid(child, &how, 0) == child);
  REQUIRE(how == 0);
}

void count_one(worker_board& board, unsigned place) {
  auto& counted = board.counted(place);
  counted.requests[0][200 - status::counts::first_status].fetch_add(1);
  counted.times[2].fetch_add(1);
  counted.nanoseconds.fetch_add(4'000'000);
  counted.body_bytes.fetch_add(10);
}

}  // namespace

TEST_SUITE("worker board") {
TEST_CASE("what processes count is told as a sum, which stays when they end and others take their places") {
  worker_board board(2, "mine");
  in_another_process([&] { count_one(board, 0); });
  in_another_process([&] { count_one(board, 1); });
  board.ended(0, 7);
  in_another_process([&] { count_one(board, 0); });
  const auto text = board.metrics();
  CHECK(has(text, "csgi_info{server=\"mine\"} 1"));
  CHECK(has(text, "csgi_requests_total{method=\"GET\",status=\"200\"} 3"));
  CHECK(has(text, "csgi_request_duration_seconds_bucket{le=\"0.005\"} 3"));
  CHECK(has(text, "csgi_request_duration_seconds_sum 0.012"));
  CHECK(has(text, "csgi_response_body_bytes_total 30"));
}

TEST_CASE("what they have to do is told as a sum, also of one that drains beside its successor, until it has ended") {
  worker_board board(2, "mine");
  board.tell(0, 11, {.connections = 5, .queued = 1, .threads = 8, .busy_threads = 2, .lag = 3ms});
  board.tell(1, 12, {.connections = 7, .threads = 8, .lag = 2ms});
  board.tell(0, 13, {.connections = 1, .threads = 8, .lag = 1ms});
  board.tell(0, 14, {.connections = 1000});     // there is no place for a third one
  auto text = board.metrics();
  CHECK(has(text, "csgi_connections_open 13"));
  CHECK(has(text, "csgi_requests_queued 1"));
  CHECK(has(text, "csgi_threads 24"));
  CHECK(has(text, "csgi_threads_busy 2"));
  CHECK(has(text, "csgi_loop_lag_seconds 0.003"));
  board.ended(0, 11);
  board.tell(1, 12, {.connections = 6, .threads = 8, .lag = 2ms});
  text = board.metrics();
  CHECK(has(text, "csgi_connections_open 7"));
  CHECK(has(text, "csgi_loop_lag_seconds 0.002"));
}

TEST_CASE("each worker is told of: whether it serves, how often it was started, what it takes") {
  worker_board board(2, "mine");
  board.started(0);
  board.serves(0, ::getpid());
  board.started(1);
  board.serves(1, 12);
  board.ended(1, 12);
  board.started(1);
  const auto text = board.metrics();
  CHECK(has(text, "csgi_worker_up{worker=\"0\"} 1"));
  CHECK(has(text, "csgi_worker_up{worker=\"1\"} 0"));
  CHECK(has(text, "csgi_worker_starts_total{worker=\"0\"} 1"));
  CHECK(has(text, "csgi_worker_starts_total{worker=\"1\"} 2"));
  CHECK(text.find("csgi_worker_resident_memory_bytes{worker=\"0\"} ") != std::string::npos);
  CHECK(text.find("csgi_worker_open_fds{worker=\"0\"} ") != std::string::npos);
  CHECK(text.find("csgi_worker_open_fds{worker=\"1\"} ") == std::string::npos);
  CHECK(text.find("process_resident_memory_bytes") == std::string::npos);     // it would be that of who tells
}

TEST_CASE("a worker that drains does not serve, before its successor does and beside it") {
  worker_board board(1, "mine");
  board.tell(0, 11, {.draining = true});      // told to end before it was known that it serves
  board.serves(0, 11);
  CHECK_FALSE(board.health().well);
  CHECK(board.health().text == "no worker serves\n");
  CHECK(has(board.metrics(), "csgi_worker_up{worker=\"0\"} 0"));
  CHECK(has(board.metrics(), "csgi_draining 0"));     // the service does not
  board.tell(0, 13, {.connections = 1});
  board.serves(0, 13);
  CHECK(board.health().text == "ok, 1 of 1 workers\n");
  board.ended(0, 11);
  board.tell(0, 13, {.draining = true});
  CHECK_FALSE(board.health().well);
  board.ended(0, 13);
  board.serves(0, 11);      // a number that is used again
  board.tell(0, 11, {});
  CHECK(board.health().well);
}

TEST_CASE("health is that of the service: it is well while any worker serves") {
  worker_board board(2, "mine");
  board.started(0);
  CHECK(board.health().text == "starting\n");
  CHECK_FALSE(board.health().well);
  board.serves(0, 11);
  CHECK(board.health().well);
  CHECK(board.health().text == "ok, 1 of 2 workers\n");
  board.serves(1, 12);
  board.serves(0, 13);      // in place of 11, which ends later
  board.ended(0, 11);
  CHECK(board.health().text == "ok, 2 of 2 workers\n");
  board.ended(0, 13);
  board.ended(1, 12);
  CHECK_FALSE(board.health().well);
  CHECK(board.health().text == "no worker serves\n");
  board.serves(0, 14);
  CHECK(board.health().well);
  board.stopping();
  CHECK_FALSE(board.health().well);
  CHECK(board.health().text == "draining\n");
  CHECK(has(board.metrics(), "csgi_draining 1"));
}
}
