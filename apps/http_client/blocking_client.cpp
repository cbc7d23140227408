#include "blocking_client.hpp"
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include "conversation.hpp"
#include "deadline_stream.hpp"
#include "failures.hpp"

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace upstream {

namespace {

error_code converse(connection& on, conversation& about, deadline_stream::clock::time_point until) {
  deadline_stream stream(on.socket, until);
  error_code failed;
  http::write(stream, about.sent(), failed);
  if (failed) return failed;
  do {
    http::read(stream, on.buffer, about.expect(), failed);
  } while (!failed && about.is_interim());
  return failed;
}

void connect(connection& fresh, const origin& to, deadline_stream::clock::time_point until) {
  error_code failed;
  for (const auto& endpoint : to.endpoints) {
    deadline_stream(fresh.socket, until).connect(endpoint, failed);
    if (!failed) return static_cast<void>(fresh.socket.set_option(tcp::no_delay(true), failed));
  }
  raise_unreachable(to, failed);
}

response answer_of(conversation& about, connection&& on, idle_connections& idle) {
  if (about.keeps_connection()) idle.put(std::move(on));
  return about.take();
}

}  // namespace

blocking_client::blocking_client(origin to, client_limits limits) : to_(std::move(to)), limits_(limits), idle_(limits.idle) {}

response blocking_client::fetch(const request& what) {
  const auto until = deadline_stream::clock::now() + what.timeout;
  conversation about(what, to_, limits_);
  if (about.may_be_repeated()) {
    if (auto kept = idle_.take()) {
      const auto failed = converse(*kept, about, until);
      if (!failed) return answer_of(about, std::move(*kept), idle_);
      if (!about.is_unanswered() || failed == boost::asio::error::timed_out) raise_broken(to_, failed);
    }
  }
  connection fresh(sockets_);
  connect(fresh, to_, until);
  if (const auto failed = converse(fresh, about, until)) raise_broken(to_, failed);
  return answer_of(about, std::move(fresh), idle_);
}

}  // namespace upstream
