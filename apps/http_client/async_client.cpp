#include "async_client.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/connect.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <csgi/asio.hpp>
#include "conversation.hpp"
#include "failures.hpp"

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace upstream {

namespace {

/// Sends the request and reads the response, as one operation of Asio: only its end crosses to the coroutine's thread.
struct converse {
  connection& on;
  conversation& about;
  enum class step : unsigned char { begin, sent, received } next = step::begin;

  template <class Self>
  void operator()(Self& self, error_code failed = {}, std::size_t = 0) {
    if (failed) return self.complete(failed);
    switch (next) {
      case step::begin:
        next = step::sent;
        return http::async_write(on.socket, about.sent(), std::move(self));
      case step::received:
        if (!about.is_interim()) return self.complete({});
        [[fallthrough]];
      case step::sent:
        next = step::received;
        return http::async_read(on.socket, on.buffer, about.expect(), std::move(self));
    }
  }
};

auto async_converse(connection& on, conversation& about) {
  auto token = asio::as_tuple(csgi::use_task);
  return asio::async_compose<decltype(token), void(error_code)>(converse{on, about}, token, on.socket);
}

void pass_stop(const error_code& failed) {
  if (failed == asio::error::operation_aborted) csgi::raise(std::make_error_code(std::errc::operation_canceled), "fetch");
}

response answer_of(conversation& about, connection&& on, idle_connections& idle) {
  if (about.keeps_connection()) idle.put(std::move(on));
  return about.take();
}

}  // namespace

async_client::async_client(origin to, client_limits limits) : to_(std::move(to)), limits_(limits), idle_(limits.idle) {}

csgi::task<response> async_client::perform(const request& what) {
  conversation about(what, to_, limits_);
  if (about.may_be_repeated()) {
    if (auto kept = idle_.take()) {
      auto exchange = async_converse(*kept, about);
      const auto [failed] = co_await exchange;
      if (!failed) co_return answer_of(about, std::move(*kept), idle_);
      pass_stop(failed);
      if (!about.is_unanswered()) raise_broken(to_, failed);
    }
  }
  connection fresh(csgi::io_context());
  auto connect = asio::async_connect(fresh.socket, to_.endpoints, asio::as_tuple(csgi::use_task));
  const auto [unreachable, endpoint] = co_await connect;
  pass_stop(unreachable);
  if (unreachable) raise_unreachable(to_, unreachable);
  fresh.socket.set_option(tcp::no_delay(true));
  auto exchange = async_converse(fresh, about);
  const auto [failed] = co_await exchange;
  pass_stop(failed);
  if (failed) raise_broken(to_, failed);
  co_return answer_of(about, std::move(fresh), idle_);
}

}  // namespace upstream
