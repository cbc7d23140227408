#include <posts/database_argument.hpp>
#include <doctest/doctest.h>

namespace {

using words = std::vector<std::string_view>;

std::string refusal_of(const words& given) {
  try {
    blog::opener_of(given);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

sql::dialect dialect_of(const words& given) { return blog::opener_of(given)(nullptr)->dialect(); }

}  // namespace

TEST_SUITE("database_argument") {
TEST_CASE("a URL is PostgreSQL's, anything else SQLite's") {
  CHECK(dialect_of({}) == sql::dialect::sqlite);
  CHECK(dialect_of({"--database", ":memory:"}) == sql::dialect::sqlite);
  CHECK(dialect_of({"--database=posts.db", "--connections", "8"}) == sql::dialect::sqlite);
  CHECK(dialect_of({"--data=/tmp"}) == sql::dialect::sqlite);
  CHECK(dialect_of({"--database", "postgres://localhost/blog"}) == sql::dialect::postgres);
  CHECK(dialect_of({"--database=postgresql:///blog?host=/run/postgresql"}) == sql::dialect::postgres);
}

TEST_CASE("nonsense is refused, and told what is wrong") {
  CHECK(refusal_of({"--database"}) == "--database wants something behind it");
  CHECK(refusal_of({"--data="}) == "--data wants something behind it");
  CHECK(refusal_of({"--data", "/nonexistent"}) == "/nonexistent is not a directory");
  CHECK(refusal_of({"--data", "/tmp", "--database", "x.db"}) == "--database and --data exclude each other");
  CHECK(refusal_of({"--connections=0"}).starts_with("--connections wants a number from 1 to 1000"));
  CHECK(refusal_of({"--connections", "many"}).starts_with("--connections wants a number from 1 to 1000"));
  CHECK(refusal_of({"file.db"}).starts_with("expected -- --database FILE"));
  CHECK(refusal_of({"--file", "x.db"}).starts_with("expected -- --database FILE"));
}
}
