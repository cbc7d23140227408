#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

constexpr std::string_view get_1_0 = "GET / HTTP/1.0\r\nHost: a\r\n\r\n";
constexpr std::string_view head_request = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view trailing = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 6\r\nx-sum:\t7 \r\n\r\n";

std::string played(driven how, std::string_view request, std::function<task<>(async_exchange)> app) {
  connection_host host(how);
  host.app = std::move(app);
  host.peer.sends(request);
  return plain(host.response());
}

task<> hint_twice(async_exchange ex) {
  const field one[] = {{"Link", "</a.css>"}, {"Link", "</b.js>"}};
  const field two[] = {{"X-Progress", "2"}};
  co_await inform(ex, 103, one);
  co_await inform(ex, 102, two);
  co_await answer_ok(ex);
}

begun inform(exchange& x, int status, std::span<const field> fields, watched<inform_op>& op) {
  op.status = status;
  op.fields = fields;
  return static_cast<informational*>(x.find(informational::id))->begin_inform(op);
}

task<> sum_in_trailer(async_exchange ex, std::vector<std::string_view> names, std::vector<field> fields, bool whole) {
  auto& trailers = *ex.find<response_trailers>();
  if (const auto refused = trailers.announce(names)) raise(refused, "announce");
  ex.start(200);
  if (!whole) co_await ex.write("ab");
  if (const auto refused = trailers.set(fields)) raise(refused, "set");
  co_await ex.finish("c");
}

}  // namespace

TEST_SUITE("connection: around a response") {
TEST_CASE("CSGI-EXT-051: informational responses leave before the response, as they were given") {
  for (const driven how : both_ways)
    CHECK(played(how, get, hint_twice) ==
          std::string("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nLink: </b.js>\r\n\r\nHTTP/1.1 102 Processing\r\nX-Progress: 2\r\n\r\n").append(ok));
}

TEST_CASE("CSGI-EXT-050: a client of HTTP/1.0 gets none") {
  for (const driven how : both_ways) CHECK(played(how, get_1_0, hint_twice).starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("CSGI-EXT-052: what may not be sent as informational is refused, and nothing is sent") {
  const field length[] = {{"Content-Length", "1"}}, connection[] = {{"Connection", "close"}}, split[] = {{"A", "b\r\nC: d"}};
  parked_host host;
  for (const int status : {0, 99, 100, 101, 200, 404}) {
    watched<inform_op> op;
    CHECK(inform(host.conn, status, {}, op) == begun::completed);
    CHECK(op.failed_as(std::errc::invalid_argument));
  }
  for (const std::span<const field> bad : {std::span<const field>(length), std::span<const field>(connection), std::span<const field>(split)}) {
    watched<inform_op> op;
    inform(host.conn, 103, bad, op);
    CHECK(op.failed_as(std::errc::invalid_argument));
  }
  REQUIRE_FALSE(host.conn.start({}));
  watched<write_op> write;
  host.write(write, "x");
  host.peer.take_got();
  watched<inform_op> late;
  inform(host.conn, 103, {}, late);
  CHECK(late.failed_as(std::errc::operation_not_permitted));
  CHECK(host.peer.got.empty());
  host.let_go();
}

TEST_CASE("CSGI-HTTP-050: request trailers are there behind the body's end, and not before") {
  for (const driven how : both_ways) {
    std::string body, seen;
    std::size_t before = 1, among_fields = 1;
    played(how, trailing, [&](async_exchange ex) -> task<> {
      return [](async_exchange e, std::string& b, std::string& s, std::size_t& early, std::size_t& mixed) -> task<> {
        const auto& trailers = *e.find<request_trailers>();
        early = trailers.fields().size();
        co_await read_to_end(e, b);
        for (const field& f : trailers.fields()) s.append(f.name).append("=").append(f.value).append(";");
        mixed = e.head().field("x-sum") ? 1 : 0;
        co_await answer_ok(e);
      }(ex, body, seen, before, among_fields);
    });
    CHECK(before == 0);
    CHECK(body == "abc");
    CHECK(seen == "X-Sum=6;x-sum=7;");
    CHECK(among_fields == 0);
  }
}

TEST_CASE("CSGI-HTTP-082: announced trailers follow the last chunk, also of a body that is known whole") {
  for (const driven how : both_ways) {
    const auto whole = played(how, get, [](async_exchange ex) { return sum_in_trailer(ex, {"X-Sum", "X-More"}, {{"x-sum", "6"}}, true); });
    CHECK(whole == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-More\r\n\r\n1\r\nc\r\n0\r\nx-sum: 6\r\n\r\n");
    const auto parts = played(how, get, [](async_exchange ex) { return sum_in_trailer(ex, {"X-Sum"}, {{"X-Sum", "6"}}, false); });
    CHECK(parts == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-Sum: 6\r\n\r\n");
    const auto none = played(how, get, [](async_exchange ex) { return sum_in_trailer(ex, {"X-Sum"}, {}, true); });
    CHECK(none == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n1\r\nc\r\n0\r\n\r\n");
  }
}

TEST_CASE("CSGI-EXT-054, CSGI-EXT-055: trailers that may not be sent, or were not announced, are refused") {
  parked_host host;
  auto& trailers = *static_cast<response_trailers*>(host.conn.find(response_trailers::id));
  for (const std::string_view bad : {"", "a b", "Content-Length", "transfer-encoding", "Host", "Set-Cookie", "Trailer"})
    CHECK(trailers.announce({&bad, 1}) == std::errc::invalid_argument);
  const std::string_view good[] = {"X-A"};
  CHECK_FALSE(trailers.announce(good));
  const field length[] = {{"Content-Length", "3"}}, other[] = {{"X-B", "1"}}, split[] = {{"X-A", "1\r\nB: 2"}}, fine[] = {{"x-a", "1"}};
  CHECK(host.conn.start({.status = 200, .fields = length}) == std::errc::invalid_argument);
  CHECK(trailers.set(other) == std::errc::invalid_argument);
  CHECK(trailers.set(split) == std::errc::invalid_argument);
  CHECK_FALSE(trailers.set(fine));
  REQUIRE_FALSE(host.conn.start({}));
  watched<write_op> write;
  host.write(write, "x", ending::finish);
  CHECK(trailers.announce(good) == std::errc::operation_not_permitted);
  CHECK(trailers.set(fine) == std::errc::operation_not_permitted);
  host.let_go();
  CHECK(plain(host.peer.got) == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n1\r\nx\r\n0\r\nx-a: 1\r\n\r\n");
}

TEST_CASE("a response's trailers are not those of the next one") {
  connection_host host(driven::pending);
  int requests = 0;
  host.app = [&](async_exchange ex) { return ++requests == 1 ? sum_in_trailer(ex, {"X-A"}, {{"X-A", "1"}}, true) : answer_ok(ex); };
  host.peer.sends(std::string(get).append(get));
  const auto wire = plain(host.response());
  CHECK(requests == 2);
  CHECK(wire.ends_with(std::string("0\r\nX-A: 1\r\n\r\n").append(ok)));
}

TEST_CASE("CSGI-EXT-053: there is no place for trailers in HTTP/1.0 and in answer to HEAD") {
  for (const std::string_view request : {get_1_0, head_request}) {
    parked_host host(request);
    CHECK(host.conn.find(response_trailers::id) == nullptr);
    host.let_go();
  }
}

TEST_CASE("CSGI-EXT-056 to CSGI-EXT-058: what waits to be sent is told, bounded by a mark, and can be waited for") {
  parked_host host;
  host.peer.room = 0;
  auto& buffer = *static_cast<response_buffer*>(host.conn.find(response_buffer::id));
  CHECK(buffer.buffered() == 0);
  buffer.set_high_water(2'000);
  CHECK(buffer.high_water() == 2'000);
  REQUIRE_FALSE(host.conn.start({}));
  const std::string part(900, 'x');
  watched<write_op> op;
  int ahead = 0;
  while (host.write(op, part) == begun::completed) ++ahead;
  CHECK(ahead == 2);
  const auto waiting = buffer.buffered();
  CHECK(waiting > 2'000);

  watched<drain_op> drained, second;
  drained.most = 100;
  CHECK(buffer.begin_drained(drained) == begun::pending);
  CHECK(buffer.begin_drained(second) == begun::completed);
  CHECK(second.failed_as(std::errc::operation_in_progress));
  host.peer.takes(waiting - 101);
  host.run();
  CHECK(drained.times == 0);
  host.peer.takes(1);
  host.run();
  CHECK(drained.times == 1);
  CHECK_FALSE(drained.error);
  CHECK(buffer.buffered() == 100);
  host.let_go();
}

TEST_CASE("who waits for the buffer learns that its peer is gone") {
  parked_host host;
  host.peer.room = 0;
  auto& buffer = *static_cast<response_buffer*>(host.conn.find(response_buffer::id));
  REQUIRE_FALSE(host.conn.start({}));
  watched<write_op> op;
  REQUIRE(host.write(op, "x", ending::flush) == begun::completed);
  watched<drain_op> drained;
  REQUIRE(buffer.begin_drained(drained) == begun::pending);
  host.peer.dies();
  host.run();
  CHECK(drained.times == 1);
  CHECK(drained.failed_as(std::errc::connection_reset));
  host.let_go();
}

TEST_CASE("CSGI-EXT-057: a mark is its exchange's own") {
  connection_host host(driven::pending);
  std::vector<std::size_t> marks;
  host.app = [&](async_exchange ex) {
    auto& buffer = *ex.find<response_buffer>();
    marks.push_back(buffer.high_water());
    buffer.set_high_water(1);
    return answer_ok(ex);
  };
  host.peer.sends(std::string(get).append(get));
  host.run();
  REQUIRE(marks.size() == 2);
  CHECK(marks[0] == marks[1]);
}

TEST_CASE("CSGI-EXT-059: requests have numbers that grow along a connection") {
  connection_host host(driven::pending);
  std::vector<std::uint64_t> numbers;
  host.app = [&](async_exchange ex) {
    numbers.push_back(ex.find<request_info>()->number());
    return answer_ok(ex);
  };
  host.peer.sends(std::string(get).append(get));
  host.run();
  REQUIRE(numbers.size() == 2);
  CHECK(numbers[0] < numbers[1]);
}
}
