// An app that does anything in any order: what goes out is one well-formed response that says what was accepted and nothing
// else, or is visibly broken off; and the request behind it gets its own response or none.
#include "connection_host.hpp"
#include "hostile_app.hpp"
#include <sys/mman.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

constexpr std::string_view requests[] = {
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nSum: 1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: tunnel\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTE: trailers\r\n\r\n",
};
constexpr std::string_view next_request = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

/// A file of bytes of which no two neighbours are the same.
struct sample_file {
  int descriptor = ::memfd_create("sample", 0);
  std::string content;

  sample_file() {
    for (int i = 0; i < 700; ++i) content += static_cast<char>('A' + i % 26);
    require(descriptor >= 0 && ::write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  }
};

task<> answer_next(async_exchange ex) {
  ex.start(200, {{"N", "1"}});
  co_await ex.finish("next");
}

/// The app's fields as they should go out: a Content-Length once, and none in a 204.
std::vector<wire_field> expected_fields(const account& said) {
  std::vector<wire_field> expected;
  bool wants_length = said.status != 204;
  for (const auto& field : said.fields) {
    const bool is_length = wire_response::same(field.name, "content-length");
    if (!is_length || wants_length) expected.push_back(field);
    if (is_length) wants_length = false;
  }
  return expected;
}

/// What a server adds to a head, each at most once.
void check_own_fields(std::span<const wire_field> own, bool server_made) {
  std::vector<std::string_view> known = {"Date", "Server", "Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Upgrade"};
  if (server_made) known.insert(known.end(), {"Content-Type", "Retry-After"});
  for (const auto& field : own) require(std::erase(known, field.name) == 1);
}

void check_app_head(const account& said, const wire_response& got) {
  const auto expected = expected_fields(said);
  require(got.status == said.status && (said.reason.empty() || got.reason == said.reason));
  require(got.fields.size() >= expected.size() && std::equal(expected.begin(), expected.end(), got.fields.begin()));
  check_own_fields(std::span(got.fields).subspan(expected.size()), false);
}

void check_upgrade(const account& said, const wire_response& got, std::string_view stream) {
  require(got.status == 101 && got.fields.size() >= 2 + said.fields.size());
  require(got.fields[0] == wire_field{"Upgrade", "tunnel"} && got.fields[1] == wire_field{"Connection", "Upgrade"});
  require(std::equal(said.fields.begin(), said.fields.end(), got.fields.begin() + 2));
  check_own_fields(std::span(got.fields).subspan(2 + said.fields.size()), false);
  require(said.body.starts_with(stream));
  if (said.finished && !said.broken) require(stream == said.body);
}

void check_body(const account& said, const wire_response& got, bool bodiless, bool reset) {
  const bool empty = bodiless || got.status == 204 || got.status == 304;
  require(empty ? got.body.empty() : std::string_view(said.body).starts_with(got.body));
  if (said.finished && !said.broken) {
    require(got.end != wire_end::cut && !reset && (empty || got.body == said.body));
    if (got.only("transfer-encoding") && !empty) require(got.trailers == said.trailers);
  } else if (got.end == wire_end::with_connection) {
    require(reset);
  } else if (got.end == wire_end::whole) {
    require(empty || (got.only("content-length") && got.body.size() == said.body.size()));   // all of the declared bytes were sent
  }
}

void check_hook(const hostile_app& app, const wire_response& got, bool bodiless) {
  const account said = app.said();
  require(said.ended == (app.hookless() ? 0u : 1u));
  if (app.hookless() || said.how.aborted || got.status == 101) return;
  require(got.status == said.how.status && got.end != wire_end::cut && (bodiless || got.body.size() == said.how.body_bytes));
}

/// Reads what went out for both requests.
void judge(const hostile_app& app, std::string_view wire, bool head_request, bool expects, bool reset, int apps_run) {
  const account said = app.said();
  response_reader reader(wire);
  wire_response got;
  std::size_t informed = 0;
  for (got = reader.read_head(); got.informational(); got = reader.read_head()) {
    if (got.status == 100) {
      require(expects && got.fields.empty());
      expects = false;
      continue;
    }
    require(informed < said.informs.size() && got.status == said.informs[informed].status && got.fields == said.informs[informed].fields);
    ++informed;
  }
  if (got.status != 0) require(informed == said.informs.size());
  if (got.status == 101) {
    require(said.upgraded);
    return check_upgrade(said, got, reader.rest());
  }
  if (got.status == 0) {      // there was none, or it was broken off within its head
    require((said.broken || (said.committed && !said.finished)) && reader.rest().empty() && apps_run == 1);
    return check_hook(app, got, head_request);
  }
  if (said.committed) check_app_head(said, got);
  else check_own_fields(got.fields, true);
  reader.read_body(got, head_request);
  if (said.committed) check_body(said, got, head_request, reset);
  else require(got.end == wire_end::whole);
  check_hook(app, got, head_request);

  const bool last = got.only("connection").value_or("").starts_with("close") || got.end != wire_end::whole;
  if (said.closes && said.committed) require(last);
  if (last || apps_run == 1) {
    require(reader.rest().empty() && apps_run == 1 && (last || said.broken || !said.finished));
    return;
  }
  auto next = reader.read_head();
  reader.read_body(next, false);
  require(next.status == 200 && next.only("n") == "1" && next.body == "next" && reader.rest().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const sample_file file;
  if (size < 2 || size > 1000) return 0;
  const unsigned which = data[0] & 7;
  hostile_app app(bytes_of(data + 1, size - 1), file.descriptor, file.content);
  connection_host host((data[0] & 8) != 0 ? driven::blocking : driven::pending);
  host.shared.log_access = (data[0] & 16) != 0;
  host.app = [&](async_exchange ex) { return ex.head().path == "/next" ? answer_next(ex) : hostile_app::run(ex, app); };
  host.peer.sends(std::string(requests[which]).append(next_request));
  if ((data[0] & 32) != 0) {
    host.peer.room = 10;
    for (int i = 0; i < 20; ++i) host.peer.takes(500);
    host.peer.takes(100'000'000);
  }
  host.run();
  if (app.said().upgraded && !host.closed) host.peer.closes();      // a stream has no deadlines
  for (int i = 0; i < 10 && !host.closed; ++i) host.pass(std::chrono::hours(24));
  require(host.closed && host.idle());
  for (const auto& line : host.observer.lines) require(line.find_first_of(std::string_view("\r\n\0", 3)) == line.npos);
  judge(app, host.peer.got, which == 1, which == 5, host.peer.was_reset, host.apps_run);
  return 0;
}
