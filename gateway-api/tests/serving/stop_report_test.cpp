#include <csgi/serving/stop_report.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

class heard final : public server_observer {
 public:
  void log(log_level level, std::string_view message) noexcept override {
    said += (level == log_level::info ? "info: " : "warning: ") + std::string(message) + '\n';
  }

  std::string said;
};

}  // namespace

TEST_SUITE("stop_report") {
TEST_CASE("a stop tells what it waits for, and for how long") {
  heard one, many;
  stop_report().begins(one, 1, 10s);
  CHECK(one.said == "info: stopping: 1 request or WebSocket still runs, at most 10s; a second stop ends it now\n");
  stop_report().begins(many, 2, 1500ms);
  CHECK(many.said == "info: stopping: 2 requests or WebSockets still run, at most 1500ms; a second stop ends them now\n");
}

TEST_CASE("the end of the grace time tells what it has cut off") {
  heard one, many;
  stop_report().grace_is_over(one, 1);
  CHECK(one.said == "warning: the grace time is over: 1 request or WebSocket is ended\n");
  stop_report().grace_is_over(many, 3);
  CHECK(many.said == "warning: the grace time is over: 3 requests or WebSockets are ended\n");
}

TEST_CASE("the last of several loops tells of all") {
  heard operator_;
  stop_report report;
  report.expect(3);
  report.begins(operator_, 2, 1s);
  report.begins(operator_, 0, 1s);
  CHECK(operator_.said.empty());
  report.begins(operator_, 3, 1s);
  CHECK(operator_.said.find("5 requests") != std::string::npos);
  operator_.said.clear();
  report.grace_is_over(operator_, 4);
  report.grace_is_over(operator_, 0);
  CHECK(operator_.said.empty());
  report.grace_is_over(operator_, 0);
  CHECK(operator_.said.find("4 requests") != std::string::npos);
}

TEST_CASE("nothing is said where nothing runs, nor of a wait that there is not") {
  heard operator_;
  stop_report report;
  report.begins(operator_, 0, 1s);
  report.grace_is_over(operator_, 0);
  stop_report().begins(operator_, 7, 0s);
  CHECK(operator_.said.empty());
}
}
