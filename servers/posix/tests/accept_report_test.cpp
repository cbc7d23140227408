#include <csgi/posix/accept_report.hpp>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace csgi;
using namespace std::chrono_literals;
using posix::accept_report;

namespace {

class recorder final : public server_observer {
 public:
  void log(log_level level, std::string_view message) noexcept override {
    lines.push_back((level == log_level::warning ? "warning: " : level == log_level::info ? "info: " : "?") + std::string(message));
  }
  std::vector<std::string> lines;
};

const std::string begins = "warning: connections cannot be accepted for now: out of descriptors or memory, or the system refuses";
const std::string lasts = "warning: connections still cannot be accepted";
const std::string over = "info: connections are accepted again";

}  // namespace

TEST_SUITE("accept_report") {
TEST_CASE("what lasts is told when it begins, every few seconds, and when it is over") {
  accept_report report;
  recorder said;
  auto now = clock::now();
  for (int tries = 0; tries <= 110; ++tries, now += 100ms) {    // eleven seconds of sweeps
    report.failed(said, now);
    report.look(said, now);
  }
  CHECK(said.lines == std::vector{begins, lasts, lasts});
  report.look(said, now + accept_report::quiet);
  CHECK(said.lines.size() == 3);      // nobody has come since
  report.accepted();
  report.look(said, now);
  CHECK(said.lines.size() == 3);
  report.look(said, now + accept_report::quiet);
  report.look(said, now + accept_report::quiet);
  CHECK(said.lines == std::vector{begins, lasts, lasts, over});
  report.failed(said, now + accept_report::quiet);
  CHECK(said.lines.back() == begins);
}

TEST_CASE("as long as some are accepted and others are not, it is not over") {
  accept_report report;
  recorder said;
  auto now = clock::now();
  for (int tries = 0; tries < 30; ++tries, now += 100ms) {
    report.failed(said, now);
    report.accepted();
    report.look(said, now);
  }
  CHECK(said.lines == std::vector{begins});
  report.look(said, now + accept_report::quiet);
  CHECK(said.lines == std::vector{begins, over});
}

TEST_CASE("where nothing fails, nothing is said") {
  accept_report report;
  recorder said;
  report.accepted();
  report.look(said, clock::now() + 1h);
  CHECK(said.lines.empty());
}
}
