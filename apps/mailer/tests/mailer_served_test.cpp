// mailer_served_test.cpp - both forms on both servers, over sockets.
#include <mailer/mailer.hpp>
#include <mailer/mailer_blocking.hpp>
#include "life.hpp"
#include "spool_directory.hpp"
#include <csgi/json.hpp>
#include <csgi/to_thread.hpp>

using namespace csgi;
using namespace csgi::tests;

namespace {

/// Delivers when the gate is open.
class gated_carrier final : public carrier {
 public:
  explicit gated_carrier(gate& door) noexcept : door_(door) {}
  task<> deliver(const letter&) override { return pass(door_); }

 private:
  static task<> pass(gate& door) {
    auto passing = to_thread([&] { door.pass(); });
    co_await passing;
  }
  gate& door_;
};

const std::string posted = tests::request("POST", "/", "Content-Type: application/json\r\n",
                                          R"({"to": "a@b", "subject": "s", "body": "text"})");

std::string member(const reply& r, const char* name) { return std::string(parse_json(r.body).at(name).as_string()); }

template <class Mailer>
void on_each_server(const std::function<void(bool evented, Mailer&, gate&, const spool_directory&)>& f) {
  on_both([&](bool evented) {
    const spool_directory spool;
    gate door;
    Mailer app({.spool = spool.path()}, std::make_unique<gated_carrier>(door));
    f(evented, app, door, spool);
  });
}

template <class Mailer>
void answers_first() {
  on_each_server<Mailer>([](bool evented, Mailer& app, gate& door, const spool_directory& spool) {
    chain<errors, Mailer&> whole(app);
    life server(evented, whole);
    REQUIRE(server.said.lines.saw("ready"));
    wire_client client(server.port());
    const auto r = client.exchange(posted);
    CHECK(r.status == 202);
    const auto id = member(r, "id");
    CHECK(member(client.exchange(get('/' + id)), "state") == "waiting");
    CHECK(spool.names("new") == std::vector{id});
    server.stop();
    CHECK(server.ended.count("ended") == 0);
    door.open();
    server.join();
    CHECK(spool.names("sent") == std::vector{id});
    CHECK(server.threw.empty());
  });
}

}  // namespace

TEST_SUITE("mailer served") {
TEST_CASE("it answers before it has sent, and its end waits for that: coroutines") { answers_first<async_mailer>(); }
TEST_CASE("it answers before it has sent, and its end waits for that: plain functions") { answers_first<blocking_mailer>(); }
}
