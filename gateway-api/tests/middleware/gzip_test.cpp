#include <csgi/middleware/gzip.hpp>
#include "around.hpp"
#include <zlib.h>

using namespace csgi;

namespace {

/// What a gzip stream holds; `whole` tells whether it has its end.
std::string inflated(const std::string& bytes, bool whole = true) {
  z_stream z{};
  REQUIRE(inflateInit2(&z, MAX_WBITS + 16) == Z_OK);
  std::string out(1'000'000, '\0');
  std::string in = bytes;
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const int ended = inflate(&z, Z_SYNC_FLUSH);
  CHECK(ended == (whole ? Z_STREAM_END : Z_OK));
  CHECK(z.avail_in == 0);
  out.resize(out.size() - z.avail_out);
  inflateEnd(&z);
  return out;
}

std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "line " + std::to_string(i * i) + '\n';
  return text;
}

task<> page(async_exchange ex) {
  const std::string body = lines(20'000);
  ex.start(200, {{"content-type", "Text/HTML; charset=utf-8"}, {"content-length", std::to_string(body.size())}, {"etag", "\"1\""}});
  co_await ex.write(std::string_view(body).substr(0, 10));
  co_await ex.finish(std::string_view(body).substr(10));
}

task<> as_asked(async_exchange ex) {
  std::vector<field> fields;
  std::string_view query = ex.head().query;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    fields.push_back({pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1)});
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  const auto status = ex.head().field("x-status");
  ex.start(status ? std::stoi(std::string(*status)) : 200, fields);
  co_await ex.finish("0123456789");
}

task<> ticking(async_exchange ex) {
  ex.start(200, {{"content-type", "text/event-stream"}});
  co_await ex.flush();
  co_await ex.write("data: 1\n\n");
  co_await ex.flush();
  co_await ex.flush();
  co_await ex.finish("data: 2\n\n");
}

task<> nothing(async_exchange ex) {
  ex.start(200, {{"content-type", "text/plain"}});
  co_await ex.finish();
}

scripted_request taking(const std::string& codings, const std::string& target = "/") {
  return {.target = target, .fields = {{"Accept-Encoding", codings}}};
}

bool accepts(std::string_view codings) {
  const field only{"Accept-Encoding", codings};
  return accepts_gzip({&only, 1});
}

}  // namespace

TEST_SUITE("gzip") {
TEST_CASE("a body is compressed as it streams through") {
  in_both_kinds(gzip(), page, taking("gzip"), [](const recorded_response& r) {
    CHECK(inflated(r.body) == lines(20'000));
    CHECK(r.body.size() < lines(20'000).size() / 2);
    CHECK(r.field("content-encoding") == "gzip");
    CHECK(r.field("vary") == "Accept-Encoding");
    CHECK(r.field("etag") == "W/\"1\"");
    CHECK_FALSE(r.field("content-length"));
  });
  in_both_kinds(gzip(), nothing, taking("gzip"), [](const recorded_response& r) { CHECK(inflated(r.body).empty()); });
}

TEST_CASE("a client that does not want it gets the body as it is, and caches learn why") {
  in_both_kinds(gzip(), page, {}, [](const recorded_response& r) {
    CHECK(r.body == lines(20'000));
    CHECK(r.field("vary") == "Accept-Encoding");
    CHECK(r.field("etag") == "\"1\"");
    CHECK(r.field("content-length"));
  });
}

TEST_CASE("RFC 9110, 12.5.3: what the client wants") {
  for (const char* yes : {"gzip", "GZip", "br, gzip;q=0.5", "*", "deflate, *;q=0.1", "gzip;q=1.000", "gzip ; q=0.001", "x-gzip",
                          "identity;q=0.5, gzip;q=0.5", "identity;q=0, gzip;q=0.1", ",, gzip"})
    CHECK_MESSAGE(accepts(yes), yes);
  for (const char* no : {"", "br", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "identity, gzip;q=0.5", "gzip;q=2", "gzip;q=x",
                         "gzip;q=", "gzip;q=0.0001", "gzipped"})
    CHECK_FALSE_MESSAGE(accepts(no), no);
  CHECK_FALSE(accepts_gzip({}));
}

TEST_CASE("left as they are") {
  for (const char* fields : {"content-type=text/plain&content-encoding=br", "content-type=text/plain&content-length=10",
                             "content-type=image/png", "", "content-type=text/plain&cache-control=public, no-transform"})
    in_both_kinds(gzip(), as_asked, taking("gzip", std::string("/?") + fields), [](const recorded_response& r) {
      CHECK(r.body == "0123456789");
      CHECK(r.field("content-encoding").value_or("br") == "br");
      CHECK_FALSE(r.field("vary"));
    });
  for (const char* status : {"204", "206"}) {
    auto script = taking("gzip", "/?content-type=text/plain");
    script.fields.emplace_back("x-status", status);
    in_both_kinds(gzip(), as_asked, script, [](const recorded_response& r) { CHECK_FALSE(r.field("content-encoding")); });
  }
}

TEST_CASE("HEAD and 304 have the fields that GET has, and no bytes") {
  auto head = taking("gzip");
  head.method = "HEAD";
  in_both_kinds(gzip(), page, head, [](const recorded_response& r) {
    CHECK(r.field("content-encoding") == "gzip");
    CHECK_FALSE(r.field("content-length"));
    CHECK(r.body.empty());
  });
  auto script = taking("gzip", "/?content-type=text/plain&etag=\"1\"");
  script.fields.emplace_back("x-status", "304");
  in_both_kinds(gzip(), as_asked, script, [](const recorded_response& r) {
    CHECK(r.field("etag") == "W/\"1\"");
    CHECK(r.body.empty());
  });
}

TEST_CASE("CSGI-CORE-065: a flush gives all that was written") {
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how, taking("gzip"));
    serve_around(x, how, gzip(), ticking);
    CHECK(inflated(x.response().body) == "data: 1\n\ndata: 2\n\n");
    const auto& trace = x.response().trace;
    REQUIRE(trace.size() == 8);
    CHECK(trace[1] == "flush");
    CHECK(trace[4] == "flush");
    CHECK(trace[5] == "flush");
    const auto first = std::stoul(trace[2].substr(6)) + std::stoul(trace[3].substr(6));
    CHECK(inflated(x.response().body.substr(0, first), false) == "data: 1\n\n");
  }
}

TEST_CASE("every operation failing in turn ends it") {
  with_each_failing(gzip(), page, taking("gzip"));
  with_each_failing(gzip(), ticking, taking("gzip"));
}
}
