// postgres_test.cpp - the app on a PostgreSQL server, which dies, hangs and comes back.
#include "blog_checks.hpp"
#include "postgres_server.hpp"
#include "watched_database.hpp"
#include <atomic>
#include <csgi/asio_context.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/testing/async_client.hpp>
#include <doctest/doctest.h>
#include <life.hpp>
#include <posts/database_argument.hpp>
#include <posts/posts.hpp>
#include <posts/sql/postgres_database.hpp>

using namespace std::chrono_literals;
using csgi::testing::client;

namespace {

/// One for all tests, which use a database each: it takes a second or two to make.
postgres_server* shared_server() {
  static const auto server = postgres_server::installed() ? std::make_unique<postgres_server>() : nullptr;
  return server.get();
}

sql::opener opener(const std::string& url) {
  const std::string_view arguments[] = {"--database", url};
  return blog::opener_of(arguments);
}

sql::opener impatient_opener(const std::string& url) {
  return [url](csgi::loop_context* loop) {
    return loop ? nullptr : sql::make_postgres_database({.url = url, .patience = 1s}, csgi::io_context());
  };
}

const std::string waiting_for_locks =
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
const std::string connected_here =
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'posts' AND datname = current_database()";
const std::string disconnect_all =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'posts' AND datname = current_database()";
const std::string connected = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'posts'";
const std::string lock_all = "BEGIN; LOCK TABLE users, posts, pictures IN ACCESS EXCLUSIVE MODE";

/// The same for who must not block meanwhile.
csgi::task<bool> comes_to(postgres_probe& probe, const std::string& statement, const std::string& answer) {
  for (int i = 0; i < 4000; ++i) {
    if (probe.ask(statement) == answer) co_return true;
    co_await csgi::sleep_for(5ms);
  }
  co_return false;
}

/// Clients that ask for a profile again and again.
class load {
 public:
  explicit load(std::uint16_t port) {
    for (int i = 0; i < 6; ++i) clients_.emplace_back([this, port] { ask(port); });
  }
  ~load() { end(); }

  void end() {
    over_ = true;
    for (auto& one : clients_)
      if (one.joinable()) one.join();
  }

  /// Waits until so many more were answered with that status.
  bool goes_on_with(int status, int count) {
    auto& answered = status == 200 ? served_ : refused_;
    const int enough = answered + count;
    const auto until = csgi::clock::now() + 60s;
    while (answered < enough && csgi::clock::now() < until) std::this_thread::yield();
    return answered >= enough;
  }

  std::atomic<int> others{0};

 private:
  void ask(std::uint16_t port) {
    try {
      csgi::tests::wire_client client(port);
      while (!over_) {
        const int status = client.exchange(csgi::tests::get("/profiles/ada")).status;
        ++(status == 200 ? served_ : status == 503 ? refused_ : others);
      }
    } catch (const std::exception& e) {
      ++others;
    }
  }

  std::atomic<bool> over_{false};
  std::atomic<int> served_{0};
  std::atomic<int> refused_{0};
  std::vector<std::thread> clients_;
};

}  // namespace

TEST_SUITE("PostgreSQL") {
TEST_CASE("the app does the same as with SQLite") {
  auto* const server = shared_server();
  if (!server) return;
  for (const auto check : {check_posts, check_profiles, check_conflicts, check_hostile_texts}) {
    posts app(opener(server->new_database()));
    client c(app);
    check(c);
  }
}

TEST_CASE("whichever statement fails, nothing of the request is left, and the next one is served") {
  auto* const server = shared_server();
  if (!server) return;
  std::size_t fault = 0;
  const auto fail = [&]() -> csgi::task<> {
    if (fault > 0 && --fault == 0) throw sql::failure("a fault on purpose");
    co_return;
  };
  const watcher watch = [&](std::string_view) { return fail(); };
  posts app(watched(opener(server->new_database()), watch));
  client c(app, {.failure = csgi::testing::failures::answered});
  const csgi::testing::request_options draft{.body = draft_json("ada", "First", "…", {"/a.png", "/b.png"})};
  for (std::size_t k = 1; k <= 6; ++k) {
    CAPTURE(k);
    fault = k;
    CHECK(c.post("/posts", draft).status == 500);
    CHECK(fault == 0);
    CHECK(c.get("/profiles/ada").status == 404);
  }
  CHECK(c.post("/posts", draft).status == 201);
}

TEST_CASE("the three queries of a profile run at the same time") {
  auto* const server = shared_server();
  if (!server) return;
  const auto url = server->new_database();
  posts app(opener(url));
  client c(app);
  CHECK(c.post("/posts", {.body = draft_json("ada", "First")}).status == 201);
  postgres_probe probe(url);
  probe.ask(lock_all);
  c.run([&]() -> csgi::task<> {
    const auto look = [&]() -> csgi::task<> {
      const bool together = co_await comes_to(probe, waiting_for_locks, "3");
      CHECK(together);
      probe.ask("ROLLBACK");
    };
    auto both = csgi::when_all(c.async().get("/profiles/ada"), look());
    const auto results = co_await std::move(both);
    CHECK(std::get<0>(results).status == 200);
  });
}

TEST_CASE("a request that is stopped in a statement closes its connection, and the server ends the statement") {
  auto* const server = shared_server();
  if (!server) return;
  const auto url = server->new_database();
  posts app(opener(url));
  client c(app);
  postgres_probe probe(url);
  probe.ask(lock_all);
  {
    auto live = c.begin("POST", "/posts", {.body = draft_json("ada", "First")});
    c.run([&]() -> csgi::task<> {
      const bool waits = co_await comes_to(probe, waiting_for_locks, "1");
      CHECK(waits);
    });
    live.stop();
    CHECK(live.outcome().status != 201);
  }
  CHECK(probe.comes_to(waiting_for_locks, "0"));
  probe.ask("ROLLBACK");
  CHECK(c.get("/profiles/ada").status == 404);
  CHECK(c.post("/posts", {.body = draft_json("ada", "First")}).status == 201);
}

TEST_CASE("a server that hangs is 503, and served again when it goes on") {
  auto* const server = shared_server();
  if (!server) return;
  const auto url = server->new_database();
  posts app(impatient_opener(url));
  client c(app);
  // A connection that is already there is served on by a process of its own, one query after the other if it is quick.
  postgres_probe probe(url);
  probe.ask(disconnect_all);
  CHECK(probe.comes_to(connected_here, "0"));
  server->hang();
  CHECK(c.get("/profiles/ada").status == 503);
  server->go_on();
  CHECK(c.get("/profiles/ada").status == 404);
}

TEST_CASE("an app whose database is away does not start, and says why") {
  const temporary_directory nobody_there;
  posts app(opener("postgres://posts@/postgres?host=" + nobody_there.path().string()));
  CHECK_THROWS_WITH_AS(client{app}, doctest::Contains("connection to server"), sql::unavailable);
}

TEST_CASE("a server that dies under load is 503 meanwhile, and right again afterwards, on both servers") {
  if (!shared_server()) return;
  postgres_server mine;
  for (const bool evented : {false, true}) {
    CAPTURE(evented);
    const auto url = mine.new_database();
    posts app(opener(url));
    {
      csgi::tests::life server(evented, app);
      REQUIRE(server.said.lines.saw("ready"));
      const auto draft = draft_json("ada", "First");
      CHECK(csgi::tests::wire_client(server.port()).exchange(csgi::tests::request("POST", "/posts", "", draft), "POST").status == 201);
      load clients(server.port());
      CHECK(clients.goes_on_with(200, 100));
      for (int i = 0; i < 2; ++i) {
        mine.crash();
        CHECK(clients.goes_on_with(503, 100));
        mine.start();
        CHECK(clients.goes_on_with(200, 100));
      }
      clients.end();
      CHECK(clients.others == 0);
      CHECK(std::stoi(postgres_probe(url).ask(connected)) <= 8 + 1);
    }
    CHECK(postgres_probe(url).comes_to(connected, "0"));
  }
}
}
