// asio_test.cpp - I/O of an app's own, by Boost.Asio, on both servers; the extension csgi.asio_context.
#include "served_function.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>
#include <csgi/asio.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/plugin_library.hpp>
#include <csgi/run.hpp>
#include <csgi/to_thread.hpp>
#include <deque>
#include <future>
#include <latch>

using namespace csgi;
using namespace csgi::tests;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Somebody who sends back what he gets, on a thread of his own; one connection.
class upstream {
 public:
  upstream() : thread_([this] {
                 boost::system::error_code over;
                 tcp::socket socket(context_);
                 door_.accept(socket, over);
                 std::array<char, 64> bytes;
                 while (!over) {
                   const auto n = socket.read_some(asio::buffer(bytes), over);
                   if (!over) asio::write(socket, asio::buffer(bytes, n), over);
                 }
               }) {}
  upstream(const upstream&) = delete;
  upstream& operator=(const upstream&) = delete;
  ~upstream() {
    boost::system::error_code refused;
    tcp::socket(context_).connect(endpoint(), refused);     // if nobody has come
    thread_.join();
  }
  tcp::endpoint endpoint() const { return door_.local_endpoint(); }

 private:
  asio::io_context context_;
  tcp::acceptor door_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::thread thread_;
};

task<std::string> greet(async_exchange ex, tcp::endpoint whom) {
  tcp::socket socket(csgi::io_context(ex));
  co_await socket.async_connect(whom, use_task);
  co_await asio::async_write(socket, asio::buffer(std::string_view("hello")), use_task);
  std::array<char, 5> bytes;
  const std::size_t n = co_await asio::async_read(socket, asio::buffer(bytes), use_task);
  co_return std::string(bytes.data(), n);
}

task<> pause(asio::io_context& on) {
  asio::steady_timer timer(on, 1ms);
  co_await timer.async_wait(use_task);
}

struct blocking_pause final : blocking_app {
  void http(blocking_exchange ex) override {
    const bool of_process = &csgi::io_context(ex) == &csgi::io_context();
    run(pause(csgi::io_context(ex)));
    ex.respond(200, "text/plain", of_process ? "of the process" : "of the server");
  }
};

/// What an app of any kind answers.
std::string body_of(bool evented, application app) {
  recorder said{false};
  server_options options;
  options.observer = &said;
  const auto server = make_server(evented, options);
  std::jthread thread([&] { server->run(app); });
  REQUIRE(said.lines.saw("ready"));
  const std::string body = wire_client(server->port()).exchange(get("/")).body;
  server->stop();
  return body;
}

}  // namespace

TEST_SUITE("asio") {

TEST_CASE("an app talks to somebody else, and goes on on the thread of its request") {
  on_both([](bool evented) {
    const upstream somebody;
    CHECK(answer_of(evented, [&](async_exchange ex) -> task<> {
            const auto before = std::this_thread::get_id();
            const std::string said = co_await greet(ex, somebody.endpoint());
            co_await say(ex, said + (std::this_thread::get_id() == before ? " here" : " elsewhere"));
          }) == "200 hello here");
  });
}

TEST_CASE("CSGI-EXT-035: the event-loop server offers the io_context of the request's own thread, and the other none") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            const auto mine = std::this_thread::get_id();
            std::thread::id where;
            auto looking = asio::async_initiate<const use_task_t, void()>([&](auto handler) {
              asio::post(csgi::io_context(ex), [&, h = std::move(handler)]() mutable {
                where = std::this_thread::get_id();
                std::move(h)();
              });
            }, use_task);
            co_await looking;
            const auto* const offered = ex.find<asio_context>();
            co_await say(ex, std::string(offered ? "offered, " : "none, ") + (where == mine ? "here" : "elsewhere"));
          }) == (evented ? "200 offered, here" : "200 none, elsewhere"));
  });
}

TEST_CASE("CSGI-EXT-035: the io_context runs what any thread has for it, also where nobody had asked for it before") {
  CHECK(answer_of(true, [](async_exchange ex) -> task<> {
          auto* const offered = ex.find<asio_context>();
          bool ran = false;
          std::thread somebody;
          auto asked = asio::async_initiate<const use_task_t, void()>([&](auto handler) {
            somebody = std::thread([&, h = std::move(handler)]() mutable {
              asio::steady_timer timer(offered->get(), 5ms);
              std::promise<void> over;
              timer.async_wait([&](boost::system::error_code) {
                ran = true;
                over.set_value();
              });
              over.get_future().get();      // while the loop has nothing to do but wait
              std::move(h)();
            });
          }, use_task);
          co_await asked;
          somebody.join();
          co_await say(ex, ran ? "ran" : "did not run");
        }) == "200 ran");
}

TEST_CASE("CSGI-EXT-037: it is another extension for another version of Boost") {
  CHECK(std::string_view(asio_context::id.name) == "csgi.asio_context/" + std::to_string(BOOST_VERSION));
  CHECK(answer_of(true, [](async_exchange ex) -> task<> {
          constexpr extension_id other{"csgi.asio_context/100000", touches::nothing};
          co_await say(ex, ex.raw().find(other) ? "found" : "not found");
        }) == "200 not found");
}

TEST_CASE("any io_context will do on any server") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            const auto mine = std::this_thread::get_id();
            co_await when_all(pause(csgi::io_context()), pause(csgi::io_context(ex)), pause(csgi::io_context()));
            co_await say(ex, mine == std::this_thread::get_id() ? "here" : "elsewhere");
          }) == "200 here");
  });
}

TEST_CASE("what is awaited inside of blocking code is on the request's executor, too") {
  on_both([](bool evented) {
    const upstream somebody;
    CHECK(answer_of(evented, [&](async_exchange ex) -> task<> {
            auto call = to_thread([&, ex] { return run(ex, [&, ex] { return greet(ex, somebody.endpoint()); }); });
            const std::string said = co_await call;
            co_await say(ex, said);
          }) == "200 hello");
  });
}

TEST_CASE("bridged apps and blocking ones use the io_context of the process") {
  on_both([](bool evented) {
    blocking_pause pauses;
    CHECK(body_of(evented, pauses) == "of the process");
    as_async bridged(pauses);
    CHECK(body_of(evented, bridged) == "of the process");
    const upstream somebody;
    function_app coroutine([&](async_exchange ex) -> task<> {
      const bool of_process = &csgi::io_context(ex) == &csgi::io_context();
      const std::string heard = co_await greet(ex, somebody.endpoint());
      co_await say(ex, heard + (of_process ? " by the process" : " by the server"));
    });
    as_blocking unrolled(coroutine);
    CHECK(body_of(evented, unrolled) == "hello by the process");
  });
}

TEST_CASE("CSGI-EXT-039: a plug-in with an Asio of its own does its own I/O, too") {
  const plugin_library library(CSGI_TEST_PLUGIN);
  const auto app = library.make_app({});
  on_both([&](bool evented) { CHECK(body_of(evented, app.get()) == "hello, timed out, here"); });
}

TEST_CASE("a deadline cancels it") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            asio::steady_timer timer(csgi::io_context(ex), 1h);
            std::string how = "ended";
            try {
              co_await with_timeout(1ms, timer.async_wait(use_task));
            } catch (const timed_out&) {
              how = "timed out";
            }
            co_await say(ex, how);
          }) == "200 timed out");
  });
}

TEST_CASE("CSGI-EXT-036: a second stop cancels it with its request, and the server ends") {
  on_both([](bool evented) {
    std::latch waiting(2);
    witness seen;
    served server(evented, [&](async_exchange ex) -> task<> {
      asio::steady_timer timer(ex.head().path == "/process" ? csgi::io_context() : csgi::io_context(ex), 1h);
      waiting.count_down();
      try {
        co_await timer.async_wait(use_task);
      } catch (const cancelled&) {
        seen.note("cancelled " + std::string(ex.head().path));
        throw;
      }
    });
    wire_client one(server.port()), other(server.port());
    one.send(get("/server"));
    other.send(get("/process"));
    waiting.wait();
    server.stop();
    server.stop();
    CHECK(seen.saw("cancelled /server"));
    CHECK(seen.saw("cancelled /process"));
    CHECK(one.read().status == 503);
    CHECK(other.read().status == 503);
  });
}

TEST_CASE("CSGI-EXT-036: what an app has left behind in the io_context does not keep the server from ending") {
  std::optional<asio::steady_timer> left;
  {
    served server(true, [&](async_exchange ex) -> task<> {
      left.emplace(csgi::io_context(ex), 1h);
      left->async_wait([](boost::system::error_code) {});
      co_await say(ex, "done");
      co_await pause(csgi::io_context(ex));
    });
    wire_client client(server.port());
    CHECK(client.exchange(get("/")).body == "done");
    server.stop();
    CHECK(client.closed());
    left.reset();       // it may be on another thread, but none runs that io_context any more
  }
}

TEST_CASE("many requests at a time, each with I/O of its own") {
  on_both([](bool evented) {
    server_options options;
    options.threads = 64;
    served server(evented, [](async_exchange ex) -> task<> {
      for (int i = 0; i < 10; ++i) {
        asio::steady_timer late(csgi::io_context(ex), 1h), early(csgi::io_context(ex), 200us);
        co_await when_any(late.async_wait(use_task), early.async_wait(use_task));
      }
      co_await say(ex, "done");
    }, options);
    std::deque<wire_client> clients;
    for (int i = 0; i < 40; ++i) clients.emplace_back(server.port()).send(get("/"));
    for (auto& each : clients) CHECK(each.read().body == "done");
  });
}
}
