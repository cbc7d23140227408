// service_in_memory.hpp - an app as the upstream of another, in the same test: no sockets, and no time that need be waited for.
#pragma once
#include <csgi/testing/client.hpp>
#include <csgi/testing/memory_exchange.hpp>
#include <http_client/service.hpp>
#include <memory>

/// Each request is answered by an app whose coroutines run on the test's loop, beside those of the app under test.
///
/// Lifetime:  client and app are borrowed, and longer there: it ends before the client.
class service_in_memory final : public upstream::async_service {
 public:
  service_in_memory(csgi::testing::client& on, csgi::async_app& app) noexcept : client_(on), app_(app) {}
  service_in_memory(const service_in_memory&) = delete;
  service_in_memory& operator=(const service_in_memory&) = delete;

  /// Has the loop do what exchanges have posted to it.
  ~service_in_memory() {
    struct mark final : csgi::work {
      bool reached = false;
    } last;
    last.run = [](csgi::work& w) noexcept { static_cast<mark&>(w).reached = true; };
    client_.loop().post(last);
    client_.loop().turn_until([&] { return last.reached; });
  }

 private:
  csgi::task<upstream::response> perform(const upstream::request& what) override {
    csgi::testing::request_options with;
    for (const auto& [name, value] : what.fields) with.fields.push_back({name, value});
    if (!what.body.empty()) with.body = what.body;
    exchanges_.push_back(std::make_unique<csgi::testing::memory_exchange>(client_.loop(), what.method, what.target, with,
                                                                          csgi::testing::request_origin{},
                                                                          csgi::testing::client_behaviour{}, client_.around()));
    auto& exchange = *exchanges_.back();
    exchange.act_for(csgi::app_kind::async);
    co_await app_.http(csgi::async_exchange(exchange));
    const auto seen = exchange.result();
    upstream::response answer;
    answer.status = seen.status;
    for (const auto& f : seen.fields) answer.fields.emplace_back(f.name, f.value);
    answer.body = exchange.take();
    co_return answer;
  }

  csgi::testing::client& client_;
  csgi::async_app& app_;
  std::vector<std::unique_ptr<csgi::testing::memory_exchange>> exchanges_;   // that may have something on the loop
};
