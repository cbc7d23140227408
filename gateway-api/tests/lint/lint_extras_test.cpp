// What a lint says of what is around a response: hints, trailers, its buffer, and what is known of a request.
#include "faulty_server.hpp"
#include <csgi/informational.hpp>
#include <csgi/request_info.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/testing/client.hpp>
#include <csgi/trailers.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::request_body;
using testing::time_flow;

namespace {

/// A view that gives `Own` in the place of the extension, made from what the server gives.
template <class Extension, class Own>
struct giving final : fault_view {
  using fault_view::fault_view;
  void* find(const extension_id& asked) noexcept override {
    void* const found = next().find(asked);
    if (asked != Extension::id) return found;
    if (!own) own.emplace(static_cast<Extension*>(found));
    return static_cast<Extension*>(&*own);
  }
  std::optional<Own> own;
};

template <class Extension>
struct around : Extension {
  explicit around(Extension* of) noexcept : next(of) {}
  Extension* next;

 protected:
  ~around() = default;
};

std::string app_line(const char* clause, const char* what, const char* call) {
  return std::string("lint: ") + clause + " (app): " + what + ", in " + call + "\n";
}

std::error_code informed(async_exchange ex, int status, std::span<const field> fields = {}) {
  inform_op op;
  op.done = [](operation&) noexcept {};
  op.status = status;
  op.fields = fields;
  return ex.find<informational>()->begin_inform(op) == begun::completed ? op.error : std::error_code();
}

std::error_code announced(async_exchange ex, std::string_view name) { return ex.find<response_trailers>()->announce({&name, 1}); }

std::error_code set(async_exchange ex, field f) { return ex.find<response_trailers>()->set({&f, 1}); }

const testing::request_options with_trailers{.body = request_body::chunks({"ab"}), .trailers = {{"x-sum", "2"}}};

/// Everything there is, as it should be done.
task<> careful(async_exchange ex) {
  const field link[] = {{"link", "</a.css>"}};
  const std::string_view name[] = {"X-Sum"};
  const field sum[] = {{"x-sum", "2"}};
  auto& buffer = *ex.find<response_buffer>();
  auto& trailers = *ex.find<response_trailers>();
  auto& info = *ex.find<request_info>();
  CHECK(info.received() <= csgi::clock::now());
  CHECK(info.number() == info.number());
  buffer.set_high_water(16);
  co_await inform(ex, 103, link);
  CHECK(ex.find<request_trailers>()->fields().empty());
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
  }
  CHECK(ex.find<request_trailers>()->fields().size() == ex.find<request_trailers>()->fields().size());
  static_cast<void>(trailers.announce(name));     // refused where the request was stopped meanwhile, as is what is set
  ex.start(200);
  if (trailers.wanted()) co_await ex.write("they are wanted");
  for (int i = 0; i < 10; ++i) {
    co_await ex.write("0123456789");
    CHECK(buffer.buffered() <= buffer.high_water());
  }
  buffer.set_high_water(2);
  co_await drained(ex, 3);
  co_await ex.write("the rest");
  static_cast<void>(trailers.set(sum));
  co_await ex.finish();
}

}  // namespace

TEST_SUITE("lint: around a response") {
TEST_CASE("nothing is said of who does it right, whatever the client does") {
  for (const auto kind : both_kinds)
    for (const std::size_t window : {std::size_t{4}, std::size_t{64 * 1024}}) {
      CAPTURE(to_string(kind));
      CAPTURE(window);
      reports told;
      sample_app app(kind, careful);
      lint checked(app, told.settings());
      client c(checked, {.failure = testing::failures::answered, .time = time_flow::skipped, .behaviour = {.window = window, .high_water = 8}});
      const auto r = c.post("/", with_trailers);
      CHECK(r.body.size() == 108);
      CHECK(r.trailer("x-sum") == "2");
      CHECK(r.informational.size() == 1);
      CHECK(c.get("/", {.fields = {{"te", "trailers"}}}).body.starts_with("they are wanted"));
      auto lost = c.begin("GET", "/");
      lost.informational();
      lost.disconnect();
      lost.outcome();
      auto stopped = c.begin("GET", "/");
      stopped.informational();
      stopped.stop();
      stopped.outcome();
      CHECK(told.text() == "");
    }
}

TEST_CASE("every operation may fail, and an app that ends then is not mentioned") {
  for (const auto kind : both_kinds)
    for (const auto code : {std::errc::connection_reset, std::errc::operation_canceled, std::errc::timed_out})
      for (std::size_t k = 1; k <= 18; ++k) {
        CAPTURE(to_string(kind));
        CAPTURE(k);
        linted one(with_trailers, {.fails_at = k, .fails_with = code});
        one.serve(kind, careful);
        CHECK(one.text() == "");
      }
}

TEST_CASE("CSGI-CORE-083: hints and trailers that come too late, and a second wait for the buffer") {
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    linted one;
    one.serve(kind, [](async_exchange ex) -> task<> {
      ex.start(200);
      co_await ex.write("x");
      CHECK(informed(ex, 103) == std::errc::operation_not_permitted);
      CHECK(announced(ex, "x-a") == std::errc::operation_not_permitted);
      co_await ex.finish();
      CHECK(set(ex, {"x-a", "1"}) == std::errc::operation_not_permitted);
      drain_op late;
      CHECK(ex.find<response_buffer>()->begin_drained(late) == begun::completed);
      CHECK(late.error == std::errc::operation_not_permitted);
    });
    CHECK(one.text() ==
          app_line("CSGI-CORE-083", "an informational response where the response was committed", "informational::begin_inform()") +
              app_line("CSGI-CORE-083", "trailers announced where the response was committed, or set where it was over", "response_trailers::announce()") +
              app_line("CSGI-CORE-083", "an operation after the response was finished or aborted", "response_buffer::begin_drained()"));
  }
  linted one({}, {.window = 1});
  drain_op first, second;
  write_op write;
  one.serve(app_kind::async, [&](async_exchange ex) -> task<> {
    auto& buffer = *ex.find<response_buffer>();
    ex.start(200);
    write.data = "four";
    first.done = second.done = write.done = [](operation&) noexcept {};
    CHECK(ex.raw().begin_write(write) == begun::pending);
    CHECK(buffer.begin_drained(first) == begun::pending);
    CHECK(buffer.begin_drained(second) == begun::completed);
    CHECK(second.error == std::errc::operation_in_progress);
    CHECK(informed(ex, 103) == std::errc::operation_in_progress);
    co_return;
  });
  CHECK(one.text() == app_line("CSGI-CORE-083", "a second wait for the buffer while one is pending", "response_buffer::begin_drained()") +
                          app_line("CSGI-CORE-083", "a second write or file while one is pending", "informational::begin_inform()") +
                          app_line("CSGI-CORE-006", "done while an operation is pending", "http()"));
}

TEST_CASE("CSGI-EXT-061, CSGI-EXT-062: hints and trailers that may not be sent") {
  const field length[] = {{"content-length", "1"}};
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    linted one;
    one.serve(kind, [&](async_exchange ex) -> task<> {
      CHECK(informed(ex, 103, length) == std::errc::invalid_argument);
      CHECK(informed(ex, 101) == std::errc::invalid_argument);
      co_await answer(ex);
    });
    CHECK(one.text() == app_line("CSGI-EXT-061", "an informational response that may not be sent (field content-length)", "informational::begin_inform()"));

    const std::pair<std::function<void(async_exchange)>, std::string> bad[] = {
        {[](async_exchange ex) { CHECK(announced(ex, "Content-Length") == std::errc::invalid_argument); }, "field Content-Length"},
        {[](async_exchange ex) { CHECK(set(ex, {"x-b", "1"}) == std::errc::invalid_argument); }, "field x-b"},
        {[](async_exchange ex) {
          CHECK_FALSE(announced(ex, "x-a"));
          CHECK_FALSE(set(ex, {"X-A", "1"}));
          CHECK(set(ex, {"x-a", "\n"}) == std::errc::invalid_argument);
        }, "field x-a"},
        {[&length](async_exchange ex) {
          CHECK_FALSE(ex.raw().start({.status = 200, .fields = length}));
          CHECK(announced(ex, "x-a") == std::errc::invalid_argument);
        }, "the head has a Content-Length"}};
    for (const auto& [act, value] : bad) {
      linted other;
      other.serve(kind, [&act = act](async_exchange ex) -> task<> {
        act(ex);
        ex.start(200);
        co_await ex.finish("x");
      });
      CHECK(other.text().starts_with("lint: CSGI-EXT-062 (app): trailers that may not be sent, or were not announced (" + value + "), in response_trailers::"));
      CHECK(other.size() == 1);
    }
    linted counted;
    counted.serve(kind, [&](async_exchange ex) -> task<> {
      announced(ex, "x-a");
      CHECK(ex.raw().start({.status = 200, .fields = length}) == std::errc::invalid_argument);
      ex.start(200);
      co_await ex.finish("x");
    });
    CHECK(counted.text() == app_line("CSGI-HTTP-135", "a response head that may not be sent (a Content-Length, and trailers are announced)", "start()"));
  }
}

TEST_CASE("CSGI-CORE-005, CSGI-CORE-019: extensions used when the app is done, and on another thread") {
  response_trailers* kept = nullptr;
  linted one;
  one.serve(app_kind::async, [&kept](async_exchange ex) -> task<> {
    kept = ex.find<response_trailers>();
    co_await answer(ex);
  });
  const std::string_view name = "x-a";
  CHECK(kept->announce({&name, 1}) == std::errc::operation_not_permitted);
  CHECK(one.text() == app_line("CSGI-CORE-005", "a call after the app was done", "response_trailers::announce()"));

  linted other;
  other.serve(app_kind::async, [](async_exchange ex) -> task<> {
    auto* const buffer = ex.find<response_buffer>();
    auto* const info = ex.find<request_info>();
    std::thread([=] {
      info->number();
      buffer->buffered();
    }).join();
    co_await answer(ex);
  });
  CHECK(other.text() == app_line("CSGI-CORE-019", "a call on a thread that is neither the handler's nor the executor's", "response_buffer::buffered()"));
}

TEST_CASE("CSGI-EXT-051, CSGI-EXT-052: a server that takes hints which it has to refuse, or commits by them") {
  struct taking final : around<informational> {
    using around::around;
    begun begin_inform(inform_op& op) noexcept override { return op.error = {}, begun::completed; }
  };
  const auto late = [](async_exchange ex) -> task<> {
    co_await answer(ex);
    informed(ex, 103);
  };
  const auto bad_hint = line("CSGI-EXT-052", "an informational response was taken that may not be sent, or not then", "informational::begin_inform()");
  for (const auto kind : both_kinds) {
    CHECK(said<giving<informational, taking>>(kind, late).ends_with(bad_hint));
    CHECK(said<giving<informational, taking>>(kind, [](async_exchange ex) -> task<> {
      informed(ex, 100);
      co_await answer(ex);
    }).ends_with(bad_hint));
  }

  struct committing final : fault_view, informational {
    using fault_view::fault_view;
    void* find(const extension_id& asked) noexcept override {
      return asked == informational::id ? static_cast<informational*>(this) : next().find(asked);
    }
    begun begin_inform(inform_op& op) noexcept override {
      next().start({});
      return op.error = {}, begun::completed;
    }
  };
  CHECK(said<committing>(app_kind::blocking, [](async_exchange ex) -> task<> {
    informed(ex, 103);
    co_await answer(ex);
  }) == line("CSGI-EXT-051", "an informational response changed the phase", "informational::begin_inform()"));
}

TEST_CASE("CSGI-EXT-050, CSGI-EXT-053: hints and trailers where there is no place for them") {
  struct generous final : fault_view, informational, response_trailers {
    using fault_view::fault_view;
    void* find(const extension_id& asked) noexcept override {
      if (asked == response_trailers::id) return static_cast<response_trailers*>(this);
      return asked == informational::id ? static_cast<informational*>(this) : next().find(asked);
    }
    begun begin_inform(inform_op& op) noexcept override { return op.error = {}, begun::completed; }
    bool wanted() const noexcept override { return true; }
    std::error_code announce(std::span<const std::string_view>) noexcept override { return {}; }
    std::error_code set(std::span<const field>) noexcept override { return {}; }
  };
  reports told;
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    ex.find<informational>();
    if (auto* const trailers = ex.find<response_trailers>()) trailers->wanted();
    co_await answer(ex);
  });
  lint checked(app, told.settings());
  chain faulty(behind<generous>(), checked);
  client c(faulty, {.origin = {.version = http_version::http_1_0}});
  c.get("/");
  CHECK(told.text() == line("CSGI-EXT-050", "informational responses are offered to a client of HTTP/1.0", "find()") +
                           line("CSGI-EXT-053", "response trailers are offered where there is no place for them", "find()") +
                           line("CSGI-EXT-055", "whether trailers are wanted is not what the request says", "response_trailers::wanted()"));
}

TEST_CASE("CSGI-EXT-054, CSGI-EXT-055: a server that takes trailers which it has to refuse, or refuses those that it must take") {
  struct taking final : around<response_trailers> {
    using around::around;
    bool wanted() const noexcept override { return false; }
    std::error_code announce(std::span<const std::string_view>) noexcept override { return {}; }
    std::error_code set(std::span<const field>) noexcept override { return {}; }
  };
  CHECK(said<giving<response_trailers, taking>>(app_kind::async, [](async_exchange ex) -> task<> {
    const field length[] = {{"content-length", "2"}};
    announced(ex, "x-a");
    set(ex, {"x-b", "1"});
    ex.raw().start({.status = 200, .fields = length});
    co_await ex.finish("ok");
  }) == app_line("CSGI-EXT-062", "trailers that may not be sent, or were not announced (field x-b)", "response_trailers::set()") +
            line("CSGI-EXT-055", "trailers were set that may not be", "response_trailers::set()") +
            app_line("CSGI-HTTP-135", "a response head that may not be sent (a Content-Length, and trailers are announced)", "start()") +
            line("CSGI-EXT-054", "trailers were announced that may not be, or a Content-Length was taken beside them", "start()"));

  struct refusing final : around<response_trailers> {
    using around::around;
    bool wanted() const noexcept override { return false; }
    std::error_code announce(std::span<const std::string_view>) noexcept override { return std::make_error_code(std::errc::invalid_argument); }
    std::error_code set(std::span<const field>) noexcept override { return std::make_error_code(std::errc::address_in_use); }
  };
  CHECK(said<giving<response_trailers, refusing>>(app_kind::async, [](async_exchange ex) -> task<> {
    announced(ex, "x-a");
    static_cast<void>(ex.find<response_trailers>()->set({}));
    co_await answer(ex);
  }) == line("CSGI-CORE-029", "refused as out of turn, or as a second one, and is neither", "response_trailers::announce()") +
            line("CSGI-CORE-037", "an error that is not among those of the operation", "response_trailers::set()"));
}

TEST_CASE("a request that is lost while a call is on its way is nobody's fault, whatever the call is answered") {
  struct losing_trailers final : around<response_trailers> {
    losing_trailers(response_trailers* of, exchange& x) noexcept : around(of), request(x) {}
    bool wanted() const noexcept override { return next->wanted(); }
    std::error_code announce(std::span<const std::string_view> names) noexcept override {
      request.abort(std::errc::operation_canceled);
      return next->announce(names);
    }
    std::error_code set(std::span<const field> fields) noexcept override { return next->set(fields); }
    exchange& request;
  };
  struct losing_at_announce final : fault_view {
    explicit losing_at_announce(exchange& x) : fault_view(x), own(static_cast<response_trailers*>(x.find(response_trailers::id)), x) {}
    void* find(const extension_id& asked) noexcept override {
      return asked == response_trailers::id ? static_cast<response_trailers*>(&own) : next().find(asked);
    }
    losing_trailers own;
  };
  struct losing_at_start final : fault_view {
    using fault_view::fault_view;
    std::error_code start(const response_head& head) noexcept override {
      next().abort(std::errc::operation_canceled);
      return next().start(head);
    }
  };
  struct losing_at_write final : fault_view {
    using fault_view::fault_view;
    begun begin_write(write_op& op) noexcept override {
      next().abort(std::errc::operation_canceled);
      return next().begin_write(op);
    }
  };
  for (const auto kind : both_kinds) {
    CAPTURE(to_string(kind));
    CHECK(said<losing_at_announce>(kind, [](async_exchange ex) -> task<> {
      CHECK(announced(ex, "x-a") == std::errc::operation_not_permitted);
      co_return;
    }) == "");
    CHECK(said<losing_at_start>(kind, answer) == "");
    CHECK(said<losing_at_write>(kind, answer) == "");
  }
}

TEST_CASE("CSGI-HTTP-050: request trailers that come too early, and change") {
  struct early final : around<request_trailers> {
    using around::around;
    std::span<const field> fields() const noexcept override { return {some, static_cast<std::size_t>(1 + (++calls > 2))}; }
    field some[2] = {{"x-a", "1"}, {"x-b", "2"}};
    mutable int calls = 0;
  };
  const auto text = said<giving<request_trailers, early>>(app_kind::async, [](async_exchange ex) -> task<> {
    const auto& trailers = *ex.find<request_trailers>();
    trailers.fields();
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
    }
    trailers.fields();
    trailers.fields();
    co_await answer(ex);
  }, with_trailers);
  CHECK(text == line("CSGI-HTTP-050", "request trailers before the body was read to its end", "request_trailers::fields()") +
                    line("CSGI-HTTP-050", "other request trailers than before", "request_trailers::fields()"));
}

/// A buffer that tells what it likes.
struct boaster final : around<response_buffer> {
  using around::around;
  std::size_t buffered() const noexcept override { return bytes; }
  std::size_t high_water() const noexcept override { return mark; }
  void set_high_water(std::size_t to) noexcept override { mark = bytes = to + 1; }
  begun begin_drained(drain_op& op) noexcept override { return op.error = {}, begun::completed; }
  std::size_t bytes = 100'000;
  std::size_t mark = 1'000;
};

TEST_CASE("CSGI-EXT-056 to CSGI-EXT-058: a buffer that is fuller than it may be, and waits that end too early") {
  const auto text = said<giving<response_buffer, boaster>>(app_kind::async, [](async_exchange ex) -> task<> {
    auto& buffer = *ex.find<response_buffer>();
    buffer.buffered();
    co_await drained(ex, 10);
    ex.start(200);
    co_await ex.write("x");
    buffer.set_high_water(5);
    co_await ex.finish();
  });
  CHECK(text == line("CSGI-EXT-056", "more is buffered than the mark and one write", "response_buffer::buffered()") +
                    line("CSGI-EXT-058", "a wait for the buffer ended while more was buffered than it said", "response_buffer::begin_drained()") +
                    line("CSGI-EXT-057", "a write ended while more than the mark was buffered", "begin_write()") +
                    line("CSGI-EXT-057", "another mark than was set", "response_buffer::set_high_water()"));

  struct lenient final : around<response_buffer> {
    using around::around;
    std::size_t buffered() const noexcept override { return 5; }
    std::size_t high_water() const noexcept override { return 5; }
    void set_high_water(std::size_t) noexcept override {}
    begun begin_drained(drain_op& op) noexcept override {
      op.error = {};
      op.stop = nullptr;
      return begun::pending;
    }
  };
  drain_op first, second;
  const auto more = said<giving<response_buffer, lenient>>(app_kind::async, [&](async_exchange ex) -> task<> {
    ex.find<response_buffer>()->begin_drained(first);
    ex.find<response_buffer>()->begin_drained(second);
    co_await answer(ex);
  });
  CHECK(more.find(line("CSGI-CORE-030", "a second operation of a kind was taken", "response_buffer::begin_drained()")) != more.npos);
}

TEST_CASE("what a middleware writes in the app's place is not held against the buffer") {
  struct hiding final : fault_view {
    using fault_view::fault_view;
    void* find(const extension_id& id) noexcept override {
      if (id.what == touches::response) return nullptr;
      if (id != response_buffer::id) return next().find(id);
      if (!own) own.emplace(nullptr);
      return static_cast<response_buffer*>(&*own);
    }
    std::optional<boaster> own;
  };
  CHECK(said<hiding>(app_kind::async, [](async_exchange ex) -> task<> {
    ex.find<response_buffer>()->buffered();
    co_await answer(ex);
  }) == "");
}

TEST_CASE("CSGI-EXT-059: a time that has not come, and numbers that are not the request's own") {
  struct confused final : around<request_info> {
    using around::around;
    clock::time_point received() const noexcept override { return next->received() + std::chrono::minutes(1); }
    std::uint64_t number() const noexcept override { return ++calls == 2 ? 8 : 7; }
    mutable int calls = 0;
  };
  reports told;
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    const auto& info = *ex.find<request_info>();
    info.number();
    if (ex.head().path == "/first") info.received();
    if (ex.head().path == "/first") info.number();
    co_await answer(ex);
  });
  lint checked(app, told.settings());
  chain faulty(behind<giving<request_info, confused>>(), checked);
  client c(faulty, {.time = time_flow::skipped});
  c.get("/first");
  CHECK(told.text() == line("CSGI-EXT-059", "a request was received after the app was called", "request_info::received()") +
                           line("CSGI-EXT-059", "another number than before", "request_info::number()"));
  c.get("/second");
  CHECK(told.text().ends_with(line("CSGI-EXT-059", "the number of another request", "request_info::number()")));

  struct shrinking final : around<request_info> {
    using around::around;
    clock::time_point received() const noexcept override { return next->received(); }
    std::uint64_t number() const noexcept override { return 1'000'000 - next->number(); }
  };
  for (const bool same_connection : {true, false}) {
    reports others;
    lint again(app, others.settings());
    chain backwards(behind<giving<request_info, shrinking>>(), again);
    client first(backwards, {.time = time_flow::skipped});
    client second(backwards, {.origin = {.peer_port = 50'001}, .time = time_flow::skipped});
    first.get("/");
    (same_connection ? first : second).get("/");
    const auto smaller = line("CSGI-EXT-059", "a number that is smaller than that of the connection's request before", "request_info::number()");
    CHECK(others.text() == (same_connection ? smaller : ""));
  }
}
}
