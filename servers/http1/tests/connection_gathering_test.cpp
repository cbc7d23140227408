// connection_gathering_test.cpp - bodies that are received before their app runs.
#include "connection_apps.hpp"
#include <doctest/doctest.h>
#include <sstream>

using namespace csgi;
using namespace csgi::http1;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view chunked_head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::size_t block = block_pool::block_size;

std::string post_of_length(std::size_t length) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string in_one_chunk(const std::string& body) {
  std::ostringstream text;
  text << chunked_head << std::hex << body.size() << "\r\n" << body << "\r\n0\r\n\r\n";
  return text.str();
}

/// Looks before each read, and when all is read.
template <class Look>
task<> read_looking(async_exchange ex, Look look) {
  look();
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) look();
  look();
  co_await answer_ok(ex);
}

task<> upgrade_now(async_exchange ex, bool reads_first, std::error_code& refused) {
  if (reads_first) co_await ex.read();
  try {
    co_await switch_protocols(ex, "raw");
  } catch (const error& e) {
    refused = e.code();
  }
}

class gathering_host final : public any_connection_host {
 public:
  explicit gathering_host(driven how) : any_connection_host(how) {
    gathers = true;
    app = echo;
  }
  /// That the client is told so, without the app, and that its connection ends.
  void must_refuse(std::string_view status) {
    CHECK(status_of(peer.got) == "HTTP/1.1 " + std::string(status));
    CHECK(peer.got.find("Connection: close\r\n") != std::string::npos);
    CHECK(count_of("HTTP/1.1 ", peer.got) == 1);
    CHECK(apps_run == 0);
    peer.closes();
    run();
    CHECK(closed);
  }
};

/// What an app sees of it, and the client of the app, is the same however the bytes come and whoever receives them.
void must_echo(const std::string& requests, std::string_view answers) {
  for (const driven how : both_ways) {
    CAPTURE(to_string(how));
    for (std::size_t cut = 1; cut < requests.size(); ++cut) {
      CAPTURE(cut);
      gathering_host host(how);
      host.peer.sends(requests.substr(0, cut));
      host.peer.sends(requests.substr(cut));
      REQUIRE(plain(host.response()) == answers);
    }
    gathering_host host(how);
    host.peer.sends_one_by_one(requests);
    CHECK(plain(host.response()) == answers);
  }
}

}  // namespace

TEST_SUITE("connection: gathering bodies") {
TEST_CASE("an app whose body is gathered runs when all of it is there") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.peer.sends(post_of_length(6) + "ab");
    host.run();
    host.peer.sends("cde");
    host.run();
    CHECK(host.apps_run == 0);
    CHECK_FALSE(host.conn.in_app());
    host.peer.sends("f");
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef");
    CHECK(host.apps_run == 1);
  }
}

TEST_CASE("a gathered body is the same however it comes, and the next request begins behind it") {
  const std::string answers = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef";
  must_echo(post_of_length(6) + "abcdef" + std::string(chunked_head) + "1\r\na\r\n5;x=y\r\nbcdef\r\n0\r\nT: 1\r\n\r\n" + std::string(get),
            answers + answers + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("no more is gathered than a block holds, and the app reads the rest") {
  constexpr std::size_t sizes[] = {block - 1, block, block + 1, 3 * block};
  for (const driven how : both_ways)
    for (const std::size_t size : sizes)
      for (const bool chunked : {false, true}) {
        CAPTURE(size);
        std::string sent, got;
        for (std::size_t i = 0; i < size; ++i) sent += static_cast<char>('a' + i % 26);
        gathering_host host(how);
        host.app = [&](async_exchange ex) { return read_and_answer(ex, got); };
        host.peer.sends(chunked ? in_one_chunk(sent) : post_of_length(size) + sent);
        CHECK(plain(host.response()) == ok);
        CHECK(got == sent);
      }
}

TEST_CASE("an app runs when a block of its body is there, although there is more to come") {
  gathering_host host(driven::pending);
  host.peer.sends(post_of_length(2 * block) + std::string(block - 1, 'x'));
  host.run();
  CHECK(host.apps_run == 0);
  host.peer.sends("x");
  host.run();
  CHECK(host.apps_run == 1);
  host.peer.sends(std::string(block, 'x'));
  CHECK(plain(host.response()).ends_with("\r\n\r\n" + std::string(2 * block, 'x')));
}

TEST_CASE("a gathered body that nobody reads is forgotten, and the connection goes on") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.app = answer_ok;
    host.peer.sends(post_of_length(4));
    host.peer.sends("abcd" + std::string(get));
    CHECK(plain(host.response()) == std::string(ok) + std::string(ok));
  }
}

TEST_CASE("what a gathered body takes is given back when its request is over") {
  for (const driven how : both_ways)
    for (const bool read : {false, true}) {
      gathering_host host(how), other(how);
      other.gathers = false;
      for (gathering_host* const each : {&host, &other}) {
        if (!read) each->app = answer_ok;
        each->peer.sends(post_of_length(4));
        each->peer.sends("abcd");
        each->run();
      }
      CHECK(host.peer.got.size() == other.peer.got.size());
      CHECK(host.pool.blocks_lent == other.pool.blocks_lent);
    }
}

TEST_CASE("CSGI-HTTP-050: a gathered body's trailers are there when the app has read it to its end, and not before") {
  for (const driven how : both_ways)
    for (const std::string body : {"", "3\r\nabc\r\n"}) {
      gathering_host host(how);
      std::vector<std::size_t> seen;
      host.app = [&](async_exchange ex) {
        return read_looking(ex, [&seen, ex] { seen.push_back(ex.find<request_trailers>()->fields().size()); });
      };
      host.peer.sends(chunked_head);
      host.peer.sends(body + "0\r\nT: 1\r\n\r\n");
      host.run();
      CHECK(seen.back() == 1);
      seen.pop_back();
      CHECK(seen.size() == (body.empty() ? 1 : 2));
      for (const auto count : seen) CHECK(count == 0);
    }
}

TEST_CASE("CSGI-EXT-047: a gathered body is to be read before its connection becomes something else") {
  for (const driven how : both_ways)
    for (const bool reads : {false, true}) {
      gathering_host host(how);
      std::error_code refused;
      host.app = [&](async_exchange ex) { return upgrade_now(ex, reads, refused); };
      host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: raw\r\nContent-Length: 2\r\n\r\n");
      host.peer.sends("ab");
      host.run();
      CHECK(refused == (reads ? std::error_code() : std::make_error_code(std::errc::operation_not_permitted)));
    }
}

TEST_CASE("a malformed body is refused before its app runs") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.peer.sends(chunked_head);
    host.peer.sends("1\r\na\r\n");
    host.peer.sends("nonsense\r\n");
    host.run();
    host.must_refuse("400 Bad Request");
  }
}

TEST_CASE("a chunked body that grows beyond the limit is refused before its app runs") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.shared.limits.request_body = 4;
    host.peer.sends(chunked_head);
    host.peer.sends("4\r\nabcd\r\n");
    host.peer.sends("1\r\ne\r\n0\r\n\r\n");
    host.run();
    host.must_refuse("413 Content Too Large");
  }
}

TEST_CASE("a body that is cut short is refused before its app runs") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.peer.sends(post_of_length(6) + "abc");
    host.peer.closes();
    host.run();
    host.must_refuse("400 Bad Request");
  }
}

TEST_CASE("CSGI-HTTP-121: a gathered body may come slowly; when it stops, its client is told") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.peer.sends(post_of_length(100));
    for (int i = 0; i < 5; ++i) {
      host.peer.sends("x");
      host.run();
      host.pass(29s);
      CHECK(host.peer.got.empty());
    }
    host.pass(2s);
    host.must_refuse("408 Request Timeout");
  }
}

TEST_CASE("CSGI-HTTP-121: what is around a body's data keeps nobody waiting while it is gathered") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.peer.sends(std::string(chunked_head) + "1;");
    for (int i = 0; i < 2; ++i) {
      host.run();
      host.pass(20s);
      host.peer.sends("x");
    }
    host.run();
    host.must_refuse("408 Request Timeout");
  }
}

TEST_CASE("a body whose framing is much is not gathered for ever: its app runs, and reads the rest") {
  for (const driven how : both_ways) {
    std::string got;
    bool has_run = false;
    gathering_host host(how);
    host.app = [&](async_exchange ex) {
      has_run = true;
      return read_and_answer(ex, got);
    };
    host.peer.sends(chunked_head);
    for (int i = 0; i < 100; ++i) host.peer.sends("1;" + std::string(4'000, 'x') + "\r\nb\r\n");
    if (how == driven::pending) {
      host.run();
      CHECK(has_run);
    }
    host.peer.sends("0\r\n\r\n");
    CHECK(plain(host.response()) == ok);
    CHECK(got == std::string(100, 'b'));
  }
}

TEST_CASE("CSGI-HTTP-124: the app's time runs while its body is gathered") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.shared.deadlines.app = 20s;
    host.peer.sends(post_of_length(100));
    host.run();
    host.pass(19s);
    CHECK(host.peer.got.empty());
    host.pass(2s);
    host.must_refuse("503 Service Unavailable");
  }
}

TEST_CASE("a body is gathered while the server drains, until its grace time is over") {
  for (const driven how : both_ways) {
    gathering_host whole(how);
    whole.peer.sends(post_of_length(2));
    whole.run();
    whole.drain();
    whole.peer.sends("ok");
    CHECK(plain(whole.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");

    gathering_host late(how);
    late.peer.sends(post_of_length(2));
    late.run();
    late.drain();
    late.cancel_all();
    CHECK(status_of(late.peer.got) == "HTTP/1.1 503 Service Unavailable");
    CHECK(late.apps_run == 0);
    CHECK(late.closed);
  }
}

TEST_CASE("a client that breaks while its body is gathered is forgotten") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.peer.sends(post_of_length(6) + "abc");
    host.run();
    host.peer.dies();
    host.run();
    CHECK(host.closed);
    CHECK(host.apps_run == 0);
  }
}

TEST_CASE("responses to earlier requests do not wait for a body that is gathered") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.app = answer_ok;
    host.peer.sends(std::string(get) + post_of_length(2));
    CHECK(plain(host.response()) == ok);
    CHECK(host.apps_run == 1);
  }
}

TEST_CASE("a body that its client waits to be asked for is not gathered") {
  for (const driven how : both_ways) {
    gathering_host host(how);
    host.peer.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    host.peer.sends("ok");
    const std::string got = host.response();
    CHECK(got.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    CHECK(got.ends_with("\r\n\r\nok"));
  }
}
}
