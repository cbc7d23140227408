// roundtrip_test.cpp - over real servers: an upstream that dies and comes back, and ends in the middle of work.
#include <roundtrip/roundtrip.hpp>
#include <roundtrip/weather/weather.hpp>
#include "child_process.hpp"
#include "gate.hpp"
#include "hosted.hpp"
#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <future>
#include <set>

using namespace std::chrono_literals;

namespace {

constexpr const char* paths[] = {"/row-blocking", "/row", "/together"};

/// What the app at that URL answers.
upstream::response answer_of(const std::string& url, std::string target) {
  upstream::blocking_client user{upstream::origin(url)};
  return user.fetch(upstream::request(std::move(target), 30s));
}

std::string cities_in(const upstream::response& answer) { return serialize(boost::json::parse(answer.body).at("cities")); }

void on_both(const std::function<void(design)>& test) {
  for (const auto which : {design::evented, design::threaded}) {
    INFO(std::string(which == design::evented ? "evented" : "threaded"));
    test(which);
  }
}

/// Somebody who asks without end, in all three ways, and what was answered last.
class crowd {
 public:
  explicit crowd(const std::string& url) {
    for (const auto* path : paths) threads_.emplace_back([this, url, path] { ask(url, path); });
  }
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd() {
    over_ = true;
    for (auto& each : threads_) each.join();
  }

  /// Waits until each way was answered with that text since this call.
  bool all_see(const std::string& text) {
    std::unique_lock lock(mutex_);
    wanted_ = text;
    seen_.clear();
    return changed_.wait_for(lock, 30s, [&] { return seen_.size() == std::size(paths); });
  }

  unsigned refused() const { return refused_; }

 private:
  void ask(const std::string& url, const std::string& path) {
    upstream::blocking_client user{upstream::origin(url)};
    while (!over_) {
      upstream::response answer;
      try {
        answer = user.fetch(upstream::request(path, 30s));
      } catch (const upstream::failure&) {  // counted as no answer
      }
      if (answer.status != 200) ++refused_;
      const std::lock_guard lock(mutex_);
      if (!wanted_.empty() && answer.body.find(wanted_) != std::string::npos) seen_.insert(path);
      changed_.notify_all();
    }
  }

  std::atomic<bool> over_{false};
  std::atomic<unsigned> refused_{0};
  std::mutex mutex_;                      // of what follows
  std::condition_variable changed_;
  std::string wanted_;
  std::set<std::string> seen_;
  std::vector<std::thread> threads_;
};

}  // namespace

TEST_SUITE("roundtrip on servers") {
TEST_CASE("all three ways answer the same, on both servers, whatever single cities do") {
  weather service({.delay = 0ms, .failing = {"Oslo"}});
  const hosted upstream(design::evented, service);
  on_both([&](design which) {
    roundtrip app(roundtrip_options{.upstream = upstream.url(), .timeout = 30s});
    const hosted server(which, app);
    for (const auto* path : paths)
      CHECK(cities_in(answer_of(server.url(), std::string(path) + "?city=Oslo&city=Atlantis&city=Tokyo")) ==
            R"([{"city":"Oslo","error":"status 500"},{"city":"Atlantis","error":"status 404"},)"
            R"({"city":"Tokyo","celsius":12,"sky":"rain"}])");
  });
}

TEST_CASE("a city that is slow is left out in all three ways") {
  weather service({.slow = {"Lima"}});
  const hosted upstream(design::evented, service);
  on_both([&](design which) {
    roundtrip app(roundtrip_options{.upstream = upstream.url(), .timeout = 50ms});
    const hosted server(which, app);
    for (const auto* path : paths)
      CHECK(cities_in(answer_of(server.url(), std::string(path) + "?city=Lima")) == R"([{"city":"Lima","error":"timed out"}])");
  });
}

TEST_CASE("an upstream that dies under load is told of, and found again") {
  on_both([](design which) {
    weather service({.delay = 0ms});
    std::optional<hosted> upstream(std::in_place, design::evented, service);
    const auto port = upstream->port();
    roundtrip app(roundtrip_options{.upstream = upstream->url(), .timeout = 10s});
    const hosted server(which, app);
    crowd users(server.url());
    for (int time = 0; time < 3; ++time) {
      CHECK(users.all_see(R"("sky":"snow")"));
      upstream.reset();
      CHECK(users.all_see(R"("error":"unreachable")"));
      upstream.emplace(design::evented, service, port);
    }
    CHECK(users.all_see(R"("sky":"snow")"));
    CHECK(users.refused() == 0);
  });
}

TEST_CASE("a graceful stop lets questions end that have been asked") {
  on_both([](design which) {
    for (const auto* path : paths) {
      gate service;
      const hosted upstream(design::evented, service);
      roundtrip app(roundtrip_options{.upstream = upstream.url(), .timeout = 30s});
      hosted server(which, app);
      auto answer = std::async(std::launch::async, [&] { return answer_of(server.url(), std::string(path) + "?city=Oslo"); });
      service.await(1);
      server.stop();
      service.open();
      CHECK(cities_in(answer.get()) == R"([{"sky":"clear"}])");
    }
  });
}

TEST_CASE("a stop that does not wait ends the questions of coroutines") {
  on_both([](design which) {
    for (const auto* path : {"/row", "/together"}) {
      gate service;
      const hosted upstream(design::evented, service);
      roundtrip app(roundtrip_options{.upstream = upstream.url(), .timeout = 1h});
      hosted server(which, app);
      auto answer = std::async(std::launch::async, [&] { return answer_of(server.url(), std::string(path) + "?city=Oslo&city=Lima"); });
      service.await(1);
      server.end_now();
      CHECK(answer.get().status == 503);
      service.open();
    }
  });
}

TEST_CASE("SIGTERM in the middle of work: what was asked is answered, and the process ends well") {
  for (const auto* name : {"evented", "threaded"}) {
    CAPTURE(name);
    gate service;
    const hosted upstream(design::evented, service);
    child_process server({CSGI_COMMAND, "serve", CSGI_ROUNDTRIP, "--server", name, "--port", "0", "--no-access-log", "--log-level", "warning", "--lint",
                          "--", "--upstream", upstream.url(), "--timeout", "30000"});
    const auto line = server.output_line();
    const auto at = line.find("http://");
    REQUIRE(at != std::string::npos);
    const auto url = line.substr(at, line.find(' ', at) - at);
    std::vector<std::future<upstream::response>> answers;
    for (const auto* path : paths)
      answers.push_back(std::async(std::launch::async, [&url, path] { return answer_of(url, std::string(path) + "?city=Oslo"); }));
    service.await(3);
    server.signal(SIGTERM);
    service.open();
    for (auto& answer : answers) CHECK(cities_in(answer.get()) == R"([{"sky":"clear"}])");
    CHECK(server.rest_of_errors().empty());
    CHECK(server.exit_code() == 0);
  }
}

TEST_CASE("arguments that it does not know are refused") {
  const std::string_view good[] = {"--upstream=http://127.0.0.1:9", "--timeout", "50"};
  const roundtrip_options parsed = roundtrip_options::parse(good);
  CHECK(parsed.upstream == "http://127.0.0.1:9");
  CHECK(parsed.timeout == 50ms);
  for (const std::vector<std::string_view>& bad : std::vector<std::vector<std::string_view>>{
           {"x"}, {"--timeout"}, {"--timeout", "soon"}, {"--timeout=-1"}, {"--other", "1"}, {"--upstream", "ftp://x"}}) {
    CAPTURE(bad.front());
    CHECK_THROWS_AS(roundtrip{csgi::arguments(bad)}, std::invalid_argument);
  }
}
}
