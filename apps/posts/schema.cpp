#include "schema.hpp"

namespace blog {

namespace {

// Several instances may begin at the same time, and PostgreSQL lets them collide in its catalogue.
constexpr sql::statement one_at_a_time = "SELECT pg_advisory_xact_lock(746873)";

constexpr sql::statement users = "CREATE TABLE IF NOT EXISTS users (name text PRIMARY KEY)";

constexpr sql::statement posts_of_postgres =
    "CREATE TABLE IF NOT EXISTS posts ("
    " id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " author text NOT NULL REFERENCES users (name),"
    " title text NOT NULL,"
    " text text NOT NULL,"
    " UNIQUE (author, title))";
constexpr sql::statement posts_of_sqlite =
    "CREATE TABLE IF NOT EXISTS posts ("
    " id integer PRIMARY KEY AUTOINCREMENT,"
    " author text NOT NULL REFERENCES users (name),"
    " title text NOT NULL,"
    " text text NOT NULL,"
    " UNIQUE (author, title))";

constexpr sql::statement pictures =
    "CREATE TABLE IF NOT EXISTS pictures ("
    " post bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,"
    " place integer NOT NULL,"
    " url text NOT NULL,"
    " PRIMARY KEY (post, place))";

}  // namespace

csgi::task<> make_tables(sql::database& in) {
  const bool postgres = in.dialect() == sql::dialect::postgres;
  auto beginning = in.begin();
  const auto changes = co_await std::move(beginning);
  if (postgres) co_await changes->query(one_at_a_time);
  co_await changes->query(users);
  co_await changes->query(postgres ? posts_of_postgres : posts_of_sqlite);
  co_await changes->query(pictures);
  co_await changes->commit();
}

}  // namespace blog
