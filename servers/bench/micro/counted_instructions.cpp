#include "counted.hpp"
#include "kept_connection.hpp"
#include "../src/requests.hpp"
#include <csgi/chain.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/evented/server.hpp>
#include <csgi/http1/request_parser.hpp>
#include <csgi/identity.hpp>
#include <csgi/run.hpp>
#include <csgi/serving/response_framer.hpp>
#include <hello/hello_async.hpp>
#include <string>
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define RUNNING_ON_VALGRIND false
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) static_cast<void>(name)
#define CSGI_CANNOT_COUNT
#endif

namespace csgi::bench {
namespace {

constexpr std::string_view mark_request = "GET /mark HTTP/1.1\r\nHost: a\r\n\r\n";

/// What a dump is called that is made at the next mark; empty: counting begins there.
std::string mark_name;

void mark() {
  if (mark_name.empty()) CALLGRIND_ZERO_STATS;
  else CALLGRIND_DUMP_STATS_AT(mark_name.c_str());
}

/// Has that app answer, and counts where it is told to.
class marking final : public async_app {
 public:
  explicit marking(async_app& app) noexcept : app_(app) {}
  task<> http(async_exchange ex) override {
    if (ex.head().path == "/mark") [[unlikely]] mark();
    return app_.http(ex);
  }

 private:
  async_app& app_;
};

std::string named(int times, const std::string& name) { return std::to_string(times) + ' ' + name; }

void count_requests(client& asking, const std::string& name, std::string_view request) {
  constexpr int times = 2000;
  asking.ask(request, warm_up);
  mark_name.clear();
  asking.ask(mark_request);
  asking.ask(request, times);
  mark_name = named(times + 1, name);     // the two halves of those that mark are one
  asking.ask(mark_request);
}

void count_requests_of(application app, const std::string& behind) {
  running<evented::server> server(app);
  client asking(server.port());
  count_requests(asking, "evented, async app" + behind + ": small request", small_request);
  count_requests(asking, "evented, async app" + behind + ": browser's request", browser_request);
}

template <class What>
void count_here(const std::string& name, What what) {
  constexpr int times = 1000;
  for (int i = 0; i < warm_up; ++i) what();
  CALLGRIND_ZERO_STATS;
  for (int i = 0; i < times; ++i) what();
  const std::string dump = named(times, name);
  CALLGRIND_DUMP_STATS_AT(dump.c_str());
}

void count_parser(const std::string& name, std::string_view request) {
  const server_limits limits;
  http1::request_parser parser(limits);
  count_here("parser: " + name, [&] {
    parser.reset();
    if (parser.parse(request) != http1::request_parser::state::complete) throw std::runtime_error("not parsed");
  });
}

void count_framer() {
  response_framer framer;
  std::string wire;
  const field fields[] = {{"content-type", "text/plain"}};
  count_here("response head", [&] {
    response_framer::frame around;
    wire.clear();
    framer.reset({}, "csgi");
    framer.start({.status = 200, .fields = fields});
    framer.write(6, ending::finish, "Thu, 01 Jan 1970 00:00:00 GMT", wire, around);
  });
}

[[gnu::noinline]] task<int> leaf(int n) { co_return n; }

task<> awaits_leaves() {
  for (int i = 0; i < 100; ++i) {
    if (const int n = co_await leaf(i); n != i) throw std::logic_error("another value");
  }
}

task<> waits_for_five() {
  auto all = when_all(leaf(1), leaf(2), leaf(3), leaf(4), leaf(5));
  co_await std::move(all);
}

void count_coroutines() {
  count_here("run() of a coroutine that awaits 100 leaf tasks", [] { run(awaits_leaves()); });
  count_here("run() of when_all of five", [] { run(waits_for_five()); });
  count_here("run() of a trivial coroutine", [] { run(leaf(7)); });
}

}  // namespace

void count_instructions() {
  if (!RUNNING_ON_VALGRIND) throw std::runtime_error("to be run by callgrind, which counts");
  count_parser("small request", bench::small_request);
  count_parser("browser's request", bench::browser_request);
  count_framer();
  count_coroutines();
  hello_async hello;
  marking app(hello);
  count_requests_of(app, "");
  chain behind{identity(), identity(), identity(), app};
  count_requests_of(behind, " behind 3 middlewares");
}

bool can_count_instructions() noexcept {
#ifdef CSGI_CANNOT_COUNT
  return false;
#else
  return true;
#endif
}

}  // namespace csgi::bench
