// Conversations over loopback, in coroutines.
#include <csgi/asio.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/run.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace csgi;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

tcp::endpoint loopback() { return {asio::ip::address_v4::loopback(), 0}; }

/// Sends back what comes, until nothing does.
task<> echo(tcp::acceptor& door) {
  auto socket = co_await door.async_accept(use_task);
  std::array<char, 5> bytes;
  for (;;) {
    boost::system::error_code end;
    const auto n = co_await socket.async_read_some(asio::buffer(bytes), asio::redirect_error(use_task, end));
    if (end == asio::error::eof) break;
    REQUIRE(!end);
    co_await asio::async_write(socket, asio::buffer(bytes, n), use_task);
  }
}

task<std::string> converse(tcp::endpoint with) {
  tcp::socket socket(io_context());
  co_await socket.async_connect(with, use_task);
  co_await asio::async_write(socket, asio::buffer(std::string_view("first line\nand the rest")), use_task);
  std::string got;
  const auto line = co_await asio::async_read_until(socket, asio::dynamic_buffer(got), '\n', use_task);
  CHECK(got.substr(0, line) == "first line\n");
  socket.shutdown(tcp::socket::shutdown_send);
  const auto [end, n] = co_await asio::async_read(socket, asio::dynamic_buffer(got), asio::as_tuple(use_task));
  CHECK(end == asio::error::eof);
  co_return got;
}

/// A port of the loopback on which nobody listens.
tcp::endpoint nobody() {
  tcp::acceptor there(io_context(), loopback());
  return there.local_endpoint();
}

}  // namespace

TEST_SUITE("asio streams") {
TEST_CASE("a conversation, of which both sides are coroutines") {
  tcp::acceptor door(io_context(), loopback());
  const auto body = [](tcp::acceptor& listening) -> task<std::string> {
    auto both = co_await when_all(echo(listening), converse(listening.local_endpoint()));
    co_return std::get<1>(both);
  };
  CHECK(run(body(door)) == "first line\nand the rest");
}

TEST_CASE("where nobody listens, the connection is refused") {
  const auto body = [](tcp::endpoint to) -> task<> {
    tcp::socket socket(io_context());
    co_await socket.async_connect(to, use_task);
  };
  try {
    run(body(nobody()));
    FAIL("connected to nobody");
  } catch (const error& e) {
    CHECK(e.code() == std::errc::connection_refused);
  }
}

TEST_CASE("of several endpoints the first that answers is given") {
  tcp::acceptor door(io_context(), loopback());
  const auto body = [](tcp::acceptor& listening) -> task<bool> {
    tcp::socket socket(io_context());
    const std::vector<tcp::endpoint> candidates = {nobody(), listening.local_endpoint()};
    const auto chosen = co_await asio::async_connect(socket, candidates, use_task);
    co_return chosen == listening.local_endpoint();
  };
  CHECK(run(body(door)));
}

TEST_CASE("one coroutine reads a socket while another writes to it") {
  constexpr std::size_t much = 1 << 20;
  tcp::acceptor door(io_context(), loopback());
  const auto reads = [](tcp::socket& from) -> task<std::size_t> {
    std::string all(much, '\0');
    co_return co_await asio::async_read(from, asio::buffer(all), use_task);
  };
  const auto writes = [](tcp::socket& to) -> task<std::size_t> {
    const std::string all(much, 'x');
    co_return co_await asio::async_write(to, asio::buffer(all), use_task);
  };
  const auto body = [&](tcp::acceptor& listening) -> task<std::size_t> {
    tcp::socket near(io_context());
    auto meeting = when_all(near.async_connect(listening.local_endpoint(), use_task), listening.async_accept(use_task));
    auto met = co_await std::move(meeting);
    tcp::socket far = std::get<1>(std::move(met));
    auto all = co_await when_all(reads(near), writes(near), reads(far), writes(far));
    co_return std::get<0>(all) + std::get<1>(all) + std::get<2>(all) + std::get<3>(all);
  };
  CHECK(run(body(door)) == 4 * much);
}

TEST_CASE("a read that timed out has taken nothing, and another may begin") {
  tcp::acceptor door(io_context(), loopback());
  const auto body = [](tcp::acceptor& listening) -> task<std::string> {
    tcp::socket near(io_context());
    auto meeting = when_all(near.async_connect(listening.local_endpoint(), use_task), listening.async_accept(use_task));
    auto met = co_await std::move(meeting);
    tcp::socket far = std::get<1>(std::move(met));
    std::string got(4, '\0');
    try {
      co_await with_timeout(1ms, near.async_read_some(asio::buffer(got), use_task));
    } catch (const timed_out&) {
      got[0] = '?';
    }
    CHECK(got[0] == '?');
    co_await asio::async_write(far, asio::buffer(std::string_view("late")), use_task);
    co_await asio::async_read(near, asio::buffer(got), use_task);
    co_return got;
  };
  CHECK(run(body(door)) == "late");
}

TEST_CASE("every way to accept takes it") {
  tcp::acceptor door(io_context(), loopback());
  const auto comes = [](tcp::endpoint to) -> task<> {
    tcp::socket socket(io_context());
    co_await socket.async_connect(to, use_task);
  };
  const auto body = [&](tcp::acceptor& listening) -> task<> {
    const auto to = listening.local_endpoint();
    tcp::socket one(io_context()), other(io_context());
    tcp::endpoint from;
    co_await when_all(comes(to), listening.async_accept(one, use_task));
    co_await when_all(comes(to), listening.async_accept(other, from, use_task));
    CHECK(from == other.remote_endpoint());
    co_await when_all(comes(to), listening.async_accept(io_context(), use_task));
    co_await when_all(comes(to), listening.async_accept(io_context().get_executor(), from, use_task));
  };
  run(body(door));
}

TEST_CASE("a composed operation is cancelled wherever it is") {
  tcp::acceptor door(io_context(), loopback());
  const auto body = [](tcp::acceptor& listening) -> task<> {
    tcp::socket near(io_context());
    auto meeting = when_all(near.async_connect(listening.local_endpoint(), use_task), listening.async_accept(use_task));
    auto met = co_await std::move(meeting);
    tcp::socket far = std::get<1>(std::move(met));
    co_await asio::async_write(far, asio::buffer(std::string_view("half a ")), use_task);
    std::string got;
    co_await with_timeout(5ms, asio::async_read_until(near, asio::dynamic_buffer(got), '\n', use_task));
  };
  CHECK_THROWS_AS(run(body(door)), timed_out);
}
}
