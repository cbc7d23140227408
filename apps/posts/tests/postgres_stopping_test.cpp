// postgres_stopping_test.cpp - SIGTERM while requests are at PostgreSQL: `csgi serve` with the plug-in, over real sockets.
#include "blog_checks.hpp"
#include "postgres_server.hpp"
#include "served_posts.hpp"
#include <doctest/doctest.h>
#include <wire_client.hpp>

namespace {

using csgi::tests::wire_client;

const std::string waiting_for_locks =
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
const std::string lock_all = "BEGIN; LOCK TABLE users, posts, pictures IN ACCESS EXCLUSIVE MODE";
const std::string count_posts = "SELECT count(*) FROM posts";

}  // namespace

TEST_SUITE("stopping PostgreSQL") {
TEST_CASE("SIGTERM lets a request that waits for PostgreSQL end, and is answered by an end without fault") {
  if (!postgres_server::installed()) return;
  postgres_server database;
  for (const auto& name : servers_of_posts) {
    CAPTURE(name);
    const auto url = database.new_database();
    served_posts server(name, url, "30s");
    postgres_probe probe(url);
    probe.ask(lock_all);
    wire_client client(server.port);
    client.send(post(draft_json("ada", "In time")));
    REQUIRE(probe.comes_to(waiting_for_locks, "1"));
    server.process.signal(SIGTERM);
    probe.ask("ROLLBACK");
    CHECK(client.read("POST").status == 201);
    CHECK(server.process.exit_code() == 0);
    CHECK(probe.ask(count_posts) == "1");
  }
}

TEST_CASE("when the grace time is over the request is stopped, and nothing of it is left") {
  if (!postgres_server::installed()) return;
  postgres_server database;
  for (const auto& name : servers_of_posts) {
    CAPTURE(name);
    const auto url = database.new_database();
    served_posts server(name, url, "1ms");
    postgres_probe probe(url);
    probe.ask(lock_all);
    wire_client client(server.port);
    client.send(post(draft_json("ada", "Too late")));
    REQUIRE(probe.comes_to(waiting_for_locks, "1"));
    server.process.signal(SIGTERM);
    CHECK(server.process.exit_code() == 0);
    CHECK(probe.comes_to(waiting_for_locks, "0"));
    probe.ask("ROLLBACK");
    CHECK(probe.ask(count_posts) == "0");
  }
}
}
