#include "ticker.hpp"
#include "resources.hpp"
#include <csgi/async_event_stream.hpp>
#include <csgi/background.hpp>

namespace {

constexpr std::size_t ticks_for_newcomers = 60;

std::uint64_t now_in_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

/// Counts one who listens, and tells the operator of the coming and the going.
class listening {
 public:
  listening(csgi::async_exchange ex, std::atomic<int>& all) : ex_(ex), all_(all) { tell("a listener has come: ", ++all_); }
  listening(const listening&) = delete;
  listening& operator=(const listening&) = delete;
  ~listening() { tell("a listener has gone: ", --all_); }

 private:
  void tell(std::string_view what, int count) const noexcept {
    try {
      ex_.log(csgi::log_level::info, std::string(what) + std::to_string(count) + " now");
    } catch (const std::bad_alloc&) {     // then nobody is told
    }
  }

  const csgi::async_exchange ex_;
  std::atomic<int>& all_;
};

}  // namespace

ticker::ticker(const ticking::settings& s)
    : settings_(s), run_(now_in_seconds()), ticks_(std::to_string(run_), s.history), price_(run_) {}

csgi::task<> ticker::startup(csgi::server_context& server) {
  csgi::in_background(server, [this] { return tick(*this); });
  co_return;
}

void ticker::draining() noexcept {
  draining_ = true;
  drains_.notify();
}

/// In the background until the server drains, which waits for it.
csgi::task<> ticker::tick(ticker& self) {
  const auto seen = self.drains_.count();
  for (auto next = csgi::clock::now() + self.settings_.every; !self.draining_; next += self.settings_.every) {
    auto either = csgi::when_any(csgi::sleep_until(next), self.drains_.after(seen));
    const auto first = co_await std::move(either);
    if (first.index() == 1) co_return;
    self.price_.move();
    self.ticks_.add(R"({"price":")" + self.price_.text() + R"(","listeners":)" + std::to_string(self.listeners_) + '}');
  }
}

csgi::event_text ticker::events_of(const ticking::reading& news) const {
  csgi::event_text events;
  if (news.missed > 0) events.add({.data = std::to_string(news.missed), .name = "missed"});
  for (const auto& each : news.entries) events.add({.data = each.text, .name = "tick", .id = ticks_.id_of(each.number)});
  return events;
}

csgi::task<> ticker::tell(csgi::async_exchange ex, ticker& self) {
  csgi::async_event_stream events(ex, {.heartbeat = self.settings_.heartbeat});
  co_await events.open();
  if (ex.head().method == "HEAD") co_return co_await events.finish();
  const listening counted(ex, self.listeners_);
  const csgi::stream_event greeting{.retry = self.settings_.retry};
  co_await events.send(greeting);

  const auto known = csgi::last_event_id(ex.head());
  const auto number = known ? self.ticks_.number_of(*known) : std::nullopt;
  auto news = number ? self.ticks_.after(*number) : self.ticks_.last(ticks_for_newcomers);
  std::uint64_t last = number.value_or(0);
  const auto wait = [&] { return self.ticks_.wait_after(ex, last); };
  for (std::optional<ticking::reading> more = std::move(news); more; more = co_await events.next(wait)) {
    if (more->entries.empty()) continue;
    co_await events.send(self.events_of(*more));
    last = more->entries.back().number;
  }
  const csgi::stream_event farewell{.data = "The server is going away.", .name = "farewell"};
  co_await events.send(farewell);
  co_await events.finish();
}

csgi::task<> ticker::http(csgi::async_exchange ex) {
  const auto& head = ex.head();
  if (head.tail().empty()) return page::lead_to_slash(ex);
  const auto name = head.tail().substr(1);
  const auto found = ticking::find_resource(name);
  if (!found && name != "events") return page::refuse(ex, 404, "There are / and /events.\n");
  if (head.method != "GET" && head.method != "HEAD") return page::refuse(ex, 405, "GET or HEAD\n");
  if (found) return page::send(ex, *found);
  return tell(ex, *this);
}
