#include "connection_apps.hpp"
#include <doctest/doctest.h>
#include <fcntl.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

/// A file without a name.
class temporary_file {
 public:
  explicit temporary_file(std::string_view content) : file_(std::tmpfile()) {
    std::fwrite(content.data(), 1, content.size(), file_);
    std::fflush(file_);
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::fclose(file_); }

  int descriptor() const noexcept { return ::fileno(file_); }

 private:
  std::FILE* file_;
};

std::string text(std::size_t size) {
  std::string made(size, ' ');
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>('a' + (i * 7 + i / 26 * 3) % 26);
  return made;
}

/// Sends a file through a descriptor of its own, which is closed as soon as the operation is over.
task<> send_and_close(async_exchange ex, int file, std::uint64_t offset, std::uint64_t count, ending then) {
  const int own = ::dup(file);
  try {
    co_await ex.send_file(own, offset, count, then);
  } catch (...) {
    ::close(own);
    throw;
  }
  ::close(own);
}

task<> mixed(async_exchange ex, int file) {
  ex.start(200);
  co_await ex.write("before");
  co_await send_and_close(ex, file, 10, 5'000, ending::more);
  co_await ex.write("between");
  co_await send_and_close(ex, file, 20, 30'000, ending::flush);
  co_await ex.write("after");
  co_await ex.finish();
}

task<> whole_file(async_exchange ex, int file, std::uint64_t count) {
  ex.start(200, {{"Content-Length", std::to_string(count)}});
  co_await send_and_close(ex, file, 0, count, ending::finish);
}

task<> whole_file_chunked(async_exchange ex, int file, std::uint64_t count) {
  ex.start(200);
  co_await send_and_close(ex, file, 0, count, ending::more);
  co_await ex.finish();
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int i = 0; i < 256; ++i) count += ::fcntl(i, F_GETFD) >= 0;
  return count;
}

}  // namespace

TEST_SUITE("connection: files") {
TEST_CASE("files mixed with writes arrive in order, wherever the peer stops taking bytes") {
  const std::string content = text(40'000);
  const temporary_file file(content);
  const std::string expected = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nbefore\r\n1388\r\n" + content.substr(10, 5'000) +
                               "\r\n7\r\nbetween\r\n7530\r\n" + content.substr(20, 30'000) + "\r\n5\r\nafter\r\n0\r\n\r\n";
  std::size_t whole = 0;
  {
    connection_host host(driven::pending);
    host.app = [&](async_exchange ex) { return mixed(ex, file.descriptor()); };
    host.peer.sends(get);
    const std::string wire = host.response();
    whole = wire.size();
    CHECK(plain(wire) == expected);
  }
  const auto interesting = [&](std::size_t at) { return at < 200 || whole - at < 100 || (at > 5'050 && at < 5'250) || at % 997 == 0; };
  for (const driven how : both_ways) {
    for (std::size_t at = 0; at <= whole; ++at) {
      if (!interesting(at)) continue;
      connection_host host(how);
      host.app = [&](async_exchange ex) { return mixed(ex, file.descriptor()); };
      host.peer.room = at;
      host.peer.sends(get);
      host.peer.takes(1);
      host.peer.takes(3);
      host.peer.takes(1'000'000);
      const bool same = plain(host.response()) == expected;
      CHECK_MESSAGE(same, to_string(how), " stops at ", at);
      if (!same) break;
    }
  }
}

TEST_CASE("a file goes out whole in short sends") {
  const std::string content = text(100'000);
  const temporary_file file(content);
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [&](async_exchange ex) { return whole_file(ex, file.descriptor(), content.size()); };
    host.peer.most_at_once = 777;
    host.peer.sends(get);
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + content);
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("a file handed over as the last thing goes out after its app has closed it") {
  const std::string content = text(100'000);
  const temporary_file file(content);
  const auto before = open_descriptors();
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [&](async_exchange ex) { return whole_file(ex, file.descriptor(), content.size()); };
    host.peer.room = 50'000;
    host.peer.sends(std::string(get) + std::string(get));
    host.run();
    CHECK(host.conn.in_app() == (how == driven::pending));
    host.app = answer_ok;
    host.peer.takes(1'000'000);
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + content + std::string(ok));
    CHECK_FALSE(host.closed);
    CHECK(open_descriptors() == before);
  }
}

TEST_CASE("a file that is shorter than it should be breaks the connection off") {
  const temporary_file file("short");
  for (const driven how : both_ways) {
    for (const bool chunked : {true, false}) {
      connection_host host(how);
      std::vector<int> order;
      remembering_hook hook(order, 1);
      host.app = [&](async_exchange ex) {
        ex.find<finish_hooks>()->add(hook);
        return chunked ? whole_file_chunked(ex, file.descriptor(), 10) : whole_file(ex, file.descriptor(), 10);
      };
      host.peer.sends(get);
      const std::string wire = host.response();
      CHECK(wire.find("short") != std::string::npos);
      CHECK_FALSE(wire.ends_with("0\r\n\r\n"));
      CHECK(host.closed);
      CHECK(hook.times == 1);
      CHECK(hook.how.aborted == std::errc::bad_message);
      CHECK(hook.how.body_bytes == 5);
    }
  }
}

TEST_CASE("a file that turns out short after it was handed over breaks the connection off, with a reset where only its end says so") {
  const temporary_file file(text(60'000));
  connection_host host(driven::blocking);
  std::vector<int> order;
  remembering_hook hook(order, 1);
  host.app = [&](async_exchange ex) {
    ex.find<finish_hooks>()->add(hook);
    return [](async_exchange x, int f) -> task<> {
      x.start(200);
      co_await x.flush();
      co_await send_and_close(x, f, 0, 70'000, ending::finish);
    }(ex, file.descriptor());
  };
  host.peer.room = 50'000;
  host.peer.sends("GET / HTTP/1.0\r\n\r\n");
  host.run();
  CHECK_FALSE(host.conn.in_app());
  CHECK(hook.times == 0);
  host.peer.takes(1'000'000);
  host.run();
  CHECK(host.closed);
  CHECK(host.peer.was_reset);
  CHECK(hook.how.aborted == std::errc::bad_message);
}

TEST_CASE("a file that cannot be read fails with io_error, which is not the peer's fault") {
  for (const driven how : both_ways) {
    connection_host host(how);
    std::error_code why;
    host.app = [&](async_exchange ex) { return [](async_exchange x, std::error_code& w) -> task<> {
      x.start(200);
      try {
        co_await x.send_file(0, 0, 10);
      } catch (const error& e) {
        w = e.code();
      }
      CHECK(x.phase() == phase::aborted);
      CHECK(x.connected());
    }(ex, why); };
    host.peer.file_is_unreadable = true;
    host.peer.sends(get);
    host.run();
    CHECK(why == std::errc::io_error);
    CHECK(host.closed);
  }
}

TEST_CASE("a file that answers HEAD is not sent, and no byte of one is no chunk") {
  const temporary_file file("content");
  for (const driven how : both_ways) {
    connection_host host(how);
    host.app = [&](async_exchange ex) { return whole_file(ex, file.descriptor(), 7); };
    host.peer.sends("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
    host.app = [&](async_exchange ex) { return whole_file_chunked(ex, file.descriptor(), 0); };
    host.peer.sends(get);
    CHECK(plain(host.response()) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK_FALSE(host.closed);
  }
}

TEST_CASE("a cancelled file aborts the exchange, and its descriptor is not used any more") {
  const temporary_file file(text(60'000));
  parked_host host;
  host.peer.room = 1'000;
  REQUIRE_FALSE(host.conn.start({}));
  watched<file_op> op;
  op.descriptor = ::dup(file.descriptor());
  op.count = 60'000;
  REQUIRE(host.conn.begin_send_file(op) == begun::pending);
  cancel(op);
  host.run();
  CHECK(op.times == 1);
  CHECK(op.failed_as(std::errc::operation_canceled));
  ::close(op.descriptor);
  host.peer.takes(1'000'000);
  host.run();
  CHECK(host.peer.got.size() == 1'000);
  host.let_go();
  CHECK(host.closed);
}
}
