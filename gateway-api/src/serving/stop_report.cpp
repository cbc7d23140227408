// stop_report.cpp - see csgi/serving/stop_report.hpp.
#include <csgi/serving/stop_report.hpp>
#include <new>
#include <string>

namespace csgi { inline namespace v1 {

namespace {

std::string counted(std::size_t running) {
  return std::to_string(running) + (running == 1 ? " request or WebSocket" : " requests or WebSockets");
}

std::string to_text(std::chrono::milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + 's' : std::to_string(count) + "ms";
}

}  // namespace

void stop_report::expect(unsigned loops) noexcept {
  begun_.expect(loops);
  cut_off_.expect(loops);
}

void stop_report::begins(server_observer& observer, std::size_t running, std::chrono::milliseconds grace) noexcept {
  const std::size_t all = begun_.add(running);
  if (all == 0 || grace == grace.zero()) return;
  try {
    observer.log(log_level::info, "stopping: " + counted(all) + (all == 1 ? " still runs" : " still run") + ", at most " +
                                      to_text(grace) + "; a second stop ends " + (all == 1 ? "it" : "them") + " now");
  } catch (const std::bad_alloc&) {  // it goes without saying
  }
}

void stop_report::grace_is_over(server_observer& observer, std::size_t running) noexcept {
  const std::size_t all = cut_off_.add(running);
  if (all == 0) return;
  try {
    observer.log(log_level::warning, "the grace time is over: " + counted(all) + (all == 1 ? " is" : " are") + " ended");
  } catch (const std::bad_alloc&) {  // it goes without saying
  }
}

}}  // namespace csgi::v1
