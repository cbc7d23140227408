#include <csgi/testing/client.hpp>      // first, as Boost is not for everybody
#include <csgi/forms.hpp>
#include <csgi/json.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::request_body;

namespace {

const char* const multipart_type = "multipart/form-data; boundary=B";

std::string uploaded() {
  return "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; "
         "filename=\"a.bin\"\r\n\r\n" + std::string(1000, 'x') + "\r\n--B--\r\n";
}

struct async_forms final : async_app {
  task<> http(async_exchange ex) override {
    if (ex.head().path == "/json") {
      const auto value = co_await read_json(ex, 100);
      const boost::json::value answer = {{"got", value}};
      co_await respond_json(ex, 201, answer);
    } else if (ex.head().path == "/form") {
      const auto form = co_await read_form(ex, 100);
      co_await ex.respond(200, "text/plain", form.find("a").value_or("none"));
    } else {
      std::string seen;
      multipart_form form(ex);
      for (bool more = co_await form.next(); more; more = co_await form.next()) {
        seen += form.part().name + "=";
        std::size_t size = 0;
        for (auto bytes = co_await form.read(); !bytes.empty(); bytes = co_await form.read()) size += bytes.size();
        seen += std::to_string(size) + ";";
      }
      co_await ex.respond(200, "text/plain", seen);
    }
  }
};

struct blocking_forms final : blocking_app {
  void http(blocking_exchange ex) override {
    if (ex.head().path == "/json") return respond_json(ex, 201, {{"got", read_json(ex, 100)}});
    if (ex.head().path == "/form") {
      const auto form = read_form(ex, 100);
      return ex.respond(200, "text/plain", form.find("a").value_or("none"));
    }
    std::string seen;
    blocking_multipart_form form(ex);
    while (form.next()) {
      seen += form.part().name + "=";
      seen += std::to_string(form.read_all(2000).size()) + ";";
    }
    ex.respond(200, "text/plain", seen);
  }
};

template <class Test>
void in_both_kinds(Test test) {
  async_forms async;
  blocking_forms blocking;
  for (const application app : {application(async), application(blocking)}) {
    CAPTURE(to_string(app.kind()));
    client c(app);
    test(c);
  }
}

}  // namespace

TEST_SUITE("bodies") {
TEST_CASE("JSON goes in and out") {
  in_both_kinds([](client& c) {
    const auto r = c.post("/json", {.body = "[1, \"two\"]"});
    CHECK(r.status == 201);
    CHECK(r.field("content-type") == "application/json");
    CHECK(r.body == "{\"got\":[1,\"two\"]}");
    for (const auto* bad : {"", "[1", "[1] x", "{'a':1}"}) CHECK_THROWS_AS(c.post("/json", {.body = bad}), http_error);
    CHECK_THROWS_AS(c.post("/json", {.body = std::string(50, '[')}), http_error);
    CHECK_THROWS_AS(c.post("/json", {.body = std::string(101, ' ')}), too_large);
  });
}

TEST_CASE("an urlencoded form is read as a whole") {
  in_both_kinds([](client& c) {
    const testing::field_list form = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
    CHECK(c.post("/form", {.fields = form, .body = "a=b+c&d"}).body == "b c");
    CHECK_THROWS_AS(c.post("/form", {.fields = form, .body = std::string(101, 'a')}), too_large);
    CHECK_THROWS_AS(c.post("/form", {.body = "a=b"}), http_error);
  });
}

TEST_CASE("a multipart form is read as it arrives, in pieces of any size") {
  const auto bytes = uploaded();
  in_both_kinds([&](client& c) {
    const testing::field_list form = {{"content-type", multipart_type}};
    CHECK(c.post("/", {.fields = form, .body = bytes}).body == "note=5;file=1000;");
    std::vector<std::string> pieces;
    for (std::size_t i = 0; i < bytes.size(); i += 7) pieces.push_back(bytes.substr(i, 7));
    CHECK(c.post("/", {.fields = form, .body = request_body::chunks(pieces)}).body == "note=5;file=1000;");
    CHECK_THROWS_AS(c.post("/", {.fields = form, .body = bytes.substr(0, 900)}), http_error);
    CHECK_THROWS_AS(c.post("/", {.body = bytes}), http_error);
  });
}
}
