// socket_faults_test.cpp - whatever the system calls do, at whichever byte: a whole answer, or none that looks whole.
#include "fault_injection.hpp"
#include "served_function.hpp"
#include <cerrno>
#include <doctest/doctest.h>
#include <future>
#include <system_error>

using namespace csgi::tests;
using namespace std::chrono_literals;
using where = faults::where;

namespace {

/// What a client sends, all at once, and how it reads what comes.
struct exchange {
  std::string name;
  std::string sent;
  std::size_t answers = 1;      ///< 0: a conversation, which the client closes when it has heard `heard`
  std::string heard = {};
};

/// A WebSocket's frame, with a mask of zeros.
std::string masked(unsigned char opcode, std::string_view payload) {
  return std::string{static_cast<char>(0x80u | opcode), static_cast<char>(0x80u | payload.size()), 0, 0, 0, 0} + std::string(payload);
}

const std::vector<exchange>& exchanges() {
  const std::string last = "Connection: close\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string handshake = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  static const std::vector<exchange> all = {
      {"a small GET", get("/hello", last)},
      {"a POST with a length", request("POST", "/collect", last, "abcdefghijklmnopqrst")},
      {"a chunked POST", request("POST", "/collect", last + chunked) + "5\r\nabcde\r\nc;x=y\r\nfghijklmnopq\r\n0\r\nT: v\r\n\r\n"},
      {"a pipelined pair", request("POST", "/collect", "", "abc") + get("/hello", last), 2},
      {"a chunked answer", get("/stream?90", last)},
      {"an answer that ends with the connection", "GET /stream?90 HTTP/1.0\r\n\r\n"},
      {"a file", get("/file?90", last)},
      {"an answer in several buffers", get("/whole?5000", last)},
      {"a conversation", get("/talk", handshake) + masked(9, "?") + masked(1, "hello"), 0, "hello"},
  };
  return all;
}

/// What came of it: answers of which all but the last are whole, and what came behind them or is no answer.
struct result {
  std::vector<reply> answers;
  std::string bytes;
};

std::string without_date(std::string bytes) {
  const std::string_view name = "Date: ";
  if (const auto at = bytes.find(name); at != std::string::npos)
    for (auto i = at + name.size(); i < bytes.size() && bytes[i] != '\r'; ++i) bytes[i] = '-';
  return bytes;
}

result play(const exchange& e, std::uint16_t port) {
  result got;
  wire_client client(port);
  try {
    client.send(e.sent);
  } catch (const std::system_error&) {    // torn while it was sent
  }
  try {
    if (e.answers == 0) {
      got.bytes = client.read_through(e.heard);
      client.send(masked(8, "\x03\xe8"));
    }
    while (got.answers.size() < e.answers) {
      got.answers.push_back(client.read());
      if (!got.answers.back().whole) return got;
    }
  } catch (const std::runtime_error& none) {    // no more comes
    if (std::string_view(none.what()).find("in time") != std::string_view::npos) throw;    // it hangs
    if (e.answers > 0) return got;
  }
  got.bytes = without_date(got.bytes + client.read_to_end());
  return got;
}

std::string told(const reply& r) {
  std::string all = std::to_string(r.status);
  for (const auto& [name, value] : r.fields)
    if (name != "Date") all += '\n' + name + ": " + value;
  return all + "\n\n" + r.body;
}

void check_whole(const result& got, const result& right) {
  CHECK(got.bytes == right.bytes);
  REQUIRE(got.answers.size() == right.answers.size());
  for (std::size_t i = 0; i < got.answers.size(); ++i) {
    CHECK(got.answers[i].whole);
    CHECK(told(got.answers[i]) == told(right.answers[i]));
  }
}

/// What looks whole is, and what does not is a beginning. A server may have answered by itself that the request was cut.
void check_no_half(const result& got, const result& right) {
  CHECK(right.bytes.starts_with(got.bytes));
  for (std::size_t i = 0; i < got.answers.size(); ++i) {
    const reply& r = got.answers[i];
    if (r.whole && r.status == 400) continue;
    if (r.whole) CHECK(told(r) == told(right.answers[i]));
    else CHECK(right.answers[i].body.starts_with(r.body));
  }
}

/// Servers with the probe of both kinds.
template <class Test>
void on_every_server(Test test) {
  for (const std::size_t i : {0u, 1u, 4u, 5u}) {
    const form& f = all_forms()[i];
    INFO(f.name);
    {
      running_server server(f);
      test(server);
      const auto patience = std::chrono::steady_clock::now() + 10s;
      while (accepted_sockets() > 0 && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
      CHECK(accepted_sockets() == 0);
    }
    CHECK(accepted_sockets() == 0);
  }
}

void check_it_serves(running_server& server) {
  wire_client client(server.port());
  CHECK(client.exchange(get("/hello", "Connection: close\r\n")).body == "Hello\n");
}

/// Each exchange, with what comes of it where there are no faults.
template <class Test>
void with_every_exchange(running_server& server, Test test) {
  for (const exchange& e : exchanges()) {
    INFO(e.name);
    const result right = play(e, server.port());
    if (right.bytes.starts_with("HTTP/1.1 501")) continue;      // blocking apps have no WebSockets on event loops
    CHECK((e.answers == 0 ? right.bytes.ends_with("\x88\x02\x03\xe8") : right.answers.size() == e.answers));
    test(e, right);
  }
}

/// Every exchange with the call at every byte failing like this, until no call is made that far. Gives how many have failed.
template <class Check>
std::size_t fail_at_every_byte(running_server& server, where at, int error, Check check) {
  std::size_t times = 0;
  with_every_exchange(server, [&](const exchange& e, const result& right) {
    for (std::uint64_t k = 0;; k += k < 500 ? 1 : 97) {
      INFO("at byte " << k);
      REQUIRE(k < 10'000);
      fault_count met;
      {
        const fault_injection injected({.fails = faults::failure{at, k, error}});
        check(play(e, server.port()), right);
        met = injected.met();
      }
      check_it_serves(server);
      if (met.failed == 0) break;
      ++times;
    }
  });
  return times;
}

}  // namespace

TEST_SUITE("socket faults") {

TEST_CASE("calls that move little, are interrupted or have to be made again change no answer") {
  on_every_server([](running_server& server) {
    with_every_exchange(server, [&](const exchange& e, const result& right) {
      for (std::size_t most = 1; most <= 64; most += most < 8 ? 1 : 7) {
        INFO(most << " bytes at most");
        const fault_injection injected({.most = most});
        check_whole(play(e, server.port()), right);
        CHECK(injected.met().shortened > 0);
      }
      fault_count all;
      for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        INFO("seed " << seed);
        const fault_injection injected({.most = 40, .any_size = true, .interrupted = 30, .not_yet = 30, .seed = seed});
        check_whole(play(e, server.port()), right);
        const auto met = injected.met();
        all.interrupted += met.interrupted;
        all.not_yet += met.not_yet;
      }
      CHECK(all.interrupted > 10);
      CHECK(all.not_yet > 10);
    });
  });
}

TEST_CASE("waits that are interrupted change no answer") {
  on_every_server([](running_server& server) {
    interrupt_waits(50);
    const fault_injection injected({.most = 10, .any_size = true, .not_yet = 30});
    with_every_exchange(server, [&](const exchange& e, const result& right) {
      for (int i = 0; i < 10; ++i) check_whole(play(e, server.port()), right);
    });
    CHECK(injected.met().interrupted > 10);
    interrupt_waits(0);
  });
}

TEST_CASE("an interruption, or a socket that is not ready after all, at any byte changes no answer") {
  on_every_server([](running_server& server) {
    for (const int error : {EINTR, EAGAIN})
      for (const where at : {where::receiving, where::sending}) {
        INFO((at == where::receiving ? "receiving: " : "sending: ") << std::generic_category().message(error));
        CHECK(fail_at_every_byte(server, at, error, check_whole) > 500);
      }
  });
}

TEST_CASE("a connection that is lost at any byte leaves no half answer that looks whole") {
  on_every_server([](running_server& server) {
    INFO("receiving");
    CHECK(fail_at_every_byte(server, where::receiving, ECONNRESET, check_no_half) > 500);
  });
  on_every_server([](running_server& server) {
    for (const int error : {ECONNRESET, EPIPE}) {
      INFO("sending: " << std::generic_category().message(error));
      CHECK(fail_at_every_byte(server, where::sending, error, check_no_half) > 500);
    }
  });
}

TEST_CASE("a kernel without memory for a connection's bytes ends it, and no half answer looks whole") {
  on_every_server([](running_server& server) {
    CHECK(fail_at_every_byte(server, where::receiving, ENOMEM, check_no_half) > 500);
    for (const int error : {ENOBUFS, ENOMEM}) CHECK(fail_at_every_byte(server, where::sending, error, check_no_half) > 500);
  });
}

TEST_CASE("a file that cannot be sent from some byte on is no whole answer") {
  on_every_server([](running_server& server) {
    for (const int error : {EINVAL, EIO}) CHECK(fail_at_every_byte(server, where::sending_file, error, check_no_half) == 90);
    for (const int error : {EAGAIN, EINTR}) CHECK(fail_at_every_byte(server, where::sending_file, error, check_whole) == 90);
  });
}

TEST_CASE("connections that cannot be accepted yet are accepted later") {
  on_every_server([](running_server& server) {
    for (const int error : {EMFILE, ENFILE, ENOMEM, ENOBUFS, ECONNABORTED, EINTR, EPROTO, EPERM}) {
      INFO(std::generic_category().message(error));
      fail_accepting(error, 2);
      check_it_serves(server);
      CHECK(accepting_failures_left() == 0);
    }
  });
}

TEST_CASE("while none can be accepted, whatever the reason, others are served, and nobody tries all the time") {
  on_every_server([](running_server& server) {
    for (const int error : {EMFILE, ECONNABORTED, EPERM}) {
      INFO(std::generic_category().message(error));
      wire_client accepted(server.port());
      accepted.exchange(get("/hello"));
      constexpr unsigned many = 1'000'000'000;
      fail_accepting(error, many);
      wire_client waiting(server.port());
      waiting.send(get("/hello"));
      CHECK(accepted.exchange(get("/nap?300")).body == "rested");
      CHECK(accepting_failures_left() < many);
      CHECK(accepting_failures_left() > many - 1000);
      fail_accepting(0, 0);
      CHECK(waiting.read().body == "Hello\n");
    }
  });
}

TEST_CASE("that none can be accepted is told once, and once when they are again") {
  on_every_server([](running_server& server) {
    fail_accepting(EMFILE, 5);      // half a second of attempts
    check_it_serves(server);
    CHECK(accepting_failures_left() == 0);
    CHECK(server.said().lines.saw("connections are accepted again"));
    CHECK(server.said().lines.count("connections cannot be accepted for now: out of descriptors or memory, or the system refuses") == 1);
    CHECK(server.said().lines.count("connections still cannot be accepted") == 0);
  });
}

TEST_CASE("a connection that cannot be watched is closed, and the next one served") {
  on_every_server([](running_server& server) {
    for (const int error : {ENOMEM, ENOSPC}) {
      fail_watching(error, 1);
      CHECK(wire_client(server.port()).closed());
      CHECK(watching_failures_left() == 0);
      check_it_serves(server);
    }
  });
}


TEST_CASE("a connection that cannot be watched ends once, though the server is told to end at the same time") {
  on_both([](bool evented) {
    fault_injection injected({});
    served* self = nullptr;
    std::promise<void> busy, go_on;
    served server(evented, [&](csgi::async_exchange ex) -> csgi::task<> {
      if (ex.head().path == "/busy") {
        busy.set_value();
        go_on.get_future().wait();
      }
      if (ex.head().path == "/stop") {
        self->stop();
        self->stop();
      }
      co_await say(ex, "answered");
    }, {.threads = 1, .loops = 1});
    self = &server;
    wire_client first(server.port()), last(server.port());
    first.exchange(get("/"));
    last.exchange(get("/"));
    first.send(get("/busy"));
    busy.get_future().wait();
    fail_watching(ENOSPC, 1);
    wire_client unwatched(server.port());       // accepted in the turn that reads the next request
    last.send(get("/stop"));
    go_on.set_value();
  });
}
}
