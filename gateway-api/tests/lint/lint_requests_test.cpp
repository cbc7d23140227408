// What a lint says of a server's faults: what it shows of requests.
#include "faulty_server.hpp"
#include <doctest/doctest.h>

using namespace csgi;

namespace {

constexpr extension_id wanted{"example.wanted", touches::nothing};

}  // namespace

TEST_SUITE("lint: requests") {
TEST_CASE("a request head is held to what HTTP and the other views of it say") {
  struct odd final : other_request {
    explicit odd(exchange& x) : other_request(x) {
      head_.method = "BAD METHOD";
      head_.raw_path = "/b";
      head_.path = "/%62";
      head_.query = "q";
      head_.root_path = "/shop/";
      head_.scheme = "gopher";
      head_.peer = {endpoint::kind::ip, 1, ""};
      head_.fields = fields;
    }
    const field fields[2] = {{"a b", "x"}, {"c", " d"}};
  };
  CHECK(said<odd>(app_kind::async, answer) ==
        line("CSGI-HTTP-001", "a method that is no token", "http()") +
        line("CSGI-HTTP-004", "a raw path that is not the target's", "http()") +
        line("CSGI-HTTP-005", "a path that is not the raw path decoded once", "http()") +
        line("CSGI-HTTP-007", "a query that is not the target's", "http()") +
        line("CSGI-HTTP-008", "a root path that the path does not begin with, or that ends in a slash", "http()") +
        line("CSGI-HTTP-027", "a field name that is no token", "http()") +
        line("CSGI-HTTP-026", "a field value with control characters, or white space around it", "http()") +
        line("CSGI-HTTP-012", "a scheme that is neither http nor https", "http()") +
        line("CSGI-HTTP-014", "an endpoint that is known and has no address, or the other way round", "http()"));
}

TEST_CASE("targets in every form fit their paths") {
  struct target final : other_request {
    explicit target(exchange& x) : other_request(x) {
      head_.target = "http://a.example/b%2Fc?d";
      head_.raw_path = "/b%2Fc";
      head_.path = "/b/c";
      head_.query = "d";
      head_.has_query = true;
    }
  };
  struct star final : other_request {
    explicit star(exchange& x) : other_request(x) { head_.target = head_.raw_path = head_.path = "*"; }
  };
  struct bare final : other_request {
    explicit bare(exchange& x) : other_request(x) { head_.target = "http://a.example"; }
  };
  CHECK(said<target>(app_kind::blocking, answer) == "");
  CHECK(said<star>(app_kind::blocking, answer) == "");
  CHECK(said<bare>(app_kind::blocking, answer) == "");
}

TEST_CASE("CSGI-CORE-003, CSGI-CORE-004: the request stays what it was") {
  struct moved final : other_request {
    using other_request::other_request;
    const request& head() const noexcept override { return moves ? other : head_; }
    bool connected() noexcept override { return moves = true; }
    bool moves = false;
    request other;
  };
  const auto text = said<moved>(app_kind::blocking, [](async_exchange ex) -> task<> {
    ex.connected();
    ex.head();
    co_await answer(ex);
  });
  CHECK(text.find(line("CSGI-CORE-004", "another request than before", "head()")) == 0);

  struct overwritten final : other_request {
    explicit overwritten(exchange& x) : other_request(x) { head_.authority = name; }
    std::error_code start(const response_head& h) noexcept override {
      name[0] = 'b';
      return next().start(h);
    }
    char name[2] = "a";
  };
  CHECK(said<overwritten>(app_kind::async, answer) ==
        "lint: CSGI-CORE-003 (server, or app): the request head changed before the app was done, in http()\n");
}

TEST_CASE("CSGI-HTTP-036, CSGI-HTTP-037, CSGI-HTTP-039: the request's body") {
  struct endless final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      op.error = {};
      op.chunk = ++reads == 2 ? "more" : "";
      return begun::completed;
    }
    int reads = 0;
  };
  CHECK(said<endless>(app_kind::async, [](async_exchange ex) -> task<> {
    co_await ex.read();
    co_await ex.read();
    co_await answer(ex);
  }) == line("CSGI-HTTP-037", "body bytes behind the end of the body", "begin_read()") +
        line("CSGI-HTTP-036", "a body of another length than the request says", "begin_read()"));

  struct overwritten final : fault_view {
    using fault_view::fault_view;
    begun begin_read(read_op& op) noexcept override {
      op.error = {};
      op.chunk = ++reads == 1 ? std::string_view(bytes, 3) : std::string_view();
      return begun::completed;
    }
    bool connected() noexcept override {
      bytes[0] = 'x';
      return true;
    }
    char bytes[4] = "abc";
    int reads = 0;
  };
  CHECK(said<overwritten>(app_kind::blocking, [](async_exchange ex) -> task<> {
    co_await ex.read();
    ex.connected();
    co_await reading(ex);
  }, {.body = "abc"}) == "lint: CSGI-HTTP-039 (server, or app): a chunk changed before the next read began, in begin_read()\n");
}

TEST_CASE("CSGI-CORE-010, CSGI-HTTP-101, CSGI-EXT-003: what is asked again is answered again") {
  struct fickle final : fault_view {
    explicit fickle(exchange& x) : fault_view(x), other(*this) {}
    struct second_executor final : csgi::executor {
      explicit second_executor(fickle& of) : whole(of) {}
      void post(work& w) noexcept override { whole.next().executor().post(w); }
      begun begin_wait(timer_op& t) noexcept override { return whole.next().executor().begin_wait(t); }
      bool here() const noexcept override { return true; }
      fickle& whole;
    };
    csgi::executor& executor() noexcept override {
      if (++asked > 1) return other;
      return next().executor();
    }
    bool connected() noexcept override { return ++looked != 1; }
    void* find(const extension_id& id) noexcept override {
      return id == wanted ? &places[found++ % 2] : next().find(id);
    }
    second_executor other;
    int asked = 0, looked = 0, found = 0;
    char places[2]{};
  };
  CHECK(said<fickle>(app_kind::blocking, [](async_exchange ex) -> task<> {
    ex.raw().executor();
    ex.connected();
    ex.connected();
    ex.raw().find(wanted);
    ex.raw().find(wanted);
    co_await answer(ex);
  }) == line("CSGI-CORE-010", "another executor than before", "executor()") +
        line("CSGI-HTTP-101", "a peer that had gone is connected again", "connected()") +
        line("CSGI-EXT-003", "another pointer for an extension than before", "find()"));
}

TEST_CASE("CSGI-HTTP-015: a request with a length has a body") {
  struct bodiless final : other_request {
    explicit bodiless(exchange& x) : other_request(x) {
      head_.fields = {&length, 1};
      head_.body = body_kind::none;
    }
    const field length{"Content-Length", "3"};
  };
  CHECK(said<bodiless>(app_kind::async, answer) ==
        line("CSGI-HTTP-015", "a body kind or length that the Content-Length contradicts", "http()"));
}
}
