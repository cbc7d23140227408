// async_client.cpp - see csgi/testing/async_client.hpp.
#include <csgi/testing/async_client.hpp>

namespace csgi::testing {

/// Resumes when something has changed. Elsewhere than on the client's loop it turns that itself.
auto async_client::change(client& c, conversation& live, std::uint64_t since) noexcept {
  const auto begin = [&c, x = live.exchange_.get(), since](operation& op, task_promise_base& promise) noexcept {
    if (promise.executor() == &c.loop_) return x->begin_change(op, since);
    if (x->changes() == since && !c.loop_.turn()) op.error = std::make_error_code(std::errc::resource_deadlock_would_occur);
    return begun::completed;
  };
  return await_operation<"this waits for something that never comes">(operation{}, begin);
}

template <class Ready>
task<> async_client::until(client& c, conversation& live, Ready ready) {
  for (;;) {
    const auto seen = live.exchange_->changes();
    if (ready()) co_return;
    co_await change(c, live, seen);
  }
}

// --- what each waits for; then the call that blocks has nothing left to wait for ------------------------------------

task<response> async_client::request(std::string method, std::string target) const {
  return request(std::move(method), std::move(target), request_options());
}

task<response> async_client::request(std::string method, std::string target, const request_options& with) const {
  client::journey where{std::move(method), std::move(target), with, client_->options_.origin, {}};
  return perform(*client_, std::move(where));
}

task<response> async_client::perform(client& c, client::journey where) {
  for (;;) {
    auto live = c.depart(where);
    auto r = co_await finish_of(c, live);
    if (!c.go_on(where, r)) co_return r;
  }
}

task<response> async_client::finish_of(client& c, conversation& live) {
  const auto collected = [&live] { return live.collect(); };
  co_await until(c, live, collected);
  co_return live.result();
}

task<std::optional<informational_response>> async_client::informational_of(client& c, conversation& live) {
  const auto answered = [&live] { return live.answers(); };
  co_await until(c, live, answered);
  co_return live.take_informational();
}

task<response> async_client::head_of(client& c, conversation& live) {
  const auto answered = [&live] { return live.exchange_->has_head() || live.exchange_->over(); };
  co_await until(c, live, answered);
  co_return live.head();
}

task<std::string> async_client::read_of(client& c, conversation& live) {
  const auto readable = [&live] {
    const bool over = live.exchange_->over();
    live.collect();
    return !live.body_.empty() || over;
  };
  co_await until(c, live, readable);
  co_return live.read();
}

task<> async_client::send_to(client& c, conversation& live, std::string bytes) {
  live.exchange_->give(std::move(bytes));
  const auto taken = [&live] { return live.exchange_->body_taken() || live.exchange_->over(); };
  co_await until(c, live, taken);
}

task<bool> async_client::acceptance_of(client& c, websocket_conversation& live) {
  const auto answered = [&live] { return live.is_answered(); };
  co_await until(c, live.live_, answered);
  co_return live.accepted();
}

task<> async_client::settle(client& c, websocket_conversation& live) {
  const auto settled = [&live] { return live.is_settled(); };
  co_await until(c, live.live_, settled);
  live.require_acceptance();
}

task<received_message> async_client::receive_from(client& c, websocket_conversation& live) {
  co_await settle(c, live);
  const auto received = [&live] { return live.has_message(); };
  co_await until(c, live.live_, received);
  co_return live.receive();
}

task<> async_client::send_to(client& c, websocket_conversation& live, message_kind kind, std::string data) {
  co_await settle(c, live);
  live.give(live.next_part(kind, true), data);
  const auto taken = [&live] { return live.is_taken(); };
  co_await until(c, live.live_, taken);
}

task<websocket_farewell> async_client::end_of(client& c, websocket_conversation& live) {
  co_await settle(c, live);
  const auto ended = [&live] {
    live.take_frames();
    return live.ended();
  };
  co_await until(c, live.live_, ended);
  co_return live.end();
}

}  // namespace csgi::testing
