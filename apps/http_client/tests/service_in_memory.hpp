// service_in_memory.hpp - an app as the upstream of another, in the same test: no sockets, and no time that need be waited for.
#pragma once
#include <csgi/testing/client.hpp>
#include <csgi/testing/memory_exchange.hpp>
#include <http_client/service.hpp>

/// Each request is answered by an app whose coroutines run on the test's loop, beside those of the app under test.
///
/// Lifetime:  client and app are borrowed, and longer there than the requests.
class service_in_memory final : public upstream::async_service {
 public:
  service_in_memory(csgi::testing::client& on, csgi::async_app& app) noexcept : client_(on), app_(app) {}

 private:
  csgi::task<upstream::response> perform(const upstream::request& what) override {
    csgi::testing::request_options with;
    for (const auto& [name, value] : what.fields) with.fields.push_back({name, value});
    if (!what.body.empty()) with.body = what.body;
    csgi::testing::memory_exchange exchange(client_.loop(), what.method, what.target, with, {}, {}, client_.around());
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
};
