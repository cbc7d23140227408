// asio_plugin.cpp - a plug-in with I/O of its own, for which it has compiled an Asio of its own.
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <csgi/app.hpp>
#include <csgi/asio.hpp>
#include <csgi/concurrency.hpp>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using csgi::use_task;
using namespace std::chrono_literals;

struct plugged final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const auto mine = std::this_thread::get_id();
    auto& on = csgi::io_context(ex);
    tcp::acceptor door(on, {asio::ip::address_v4::loopback(), 0});
    tcp::socket near(on), far(on);
    co_await csgi::when_all(near.async_connect(door.local_endpoint(), use_task), door.async_accept(far, use_task));
    std::array<char, 5> bytes;
    auto reading = asio::async_read(far, asio::buffer(bytes), use_task);
    auto writing = asio::async_write(near, asio::buffer(std::string_view("hello")), use_task);
    co_await csgi::when_all(std::move(reading), std::move(writing));
    std::string said(bytes.data(), bytes.size());
    asio::steady_timer late(on, 1h);
    try {
      co_await csgi::with_timeout(1ms, late.async_wait(use_task));
    } catch (const csgi::timed_out&) {
      said += ", timed out";
    }
    said += std::this_thread::get_id() == mine ? ", here" : ", elsewhere";
    co_await ex.respond(200, "text/plain", said);
  }
};

}  // namespace

CSGI_EXPORT_APP(plugged)
