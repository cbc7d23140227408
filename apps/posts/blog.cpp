#include "blog.hpp"
#include <csgi/when_all.hpp>

namespace blog {

namespace {

constexpr sql::statement select_latest =
    "SELECT id, author, title FROM posts WHERE id < $1 ORDER BY id DESC LIMIT $2";
constexpr sql::statement select_latest_of =
    "SELECT id, author, title FROM posts WHERE author = $1 ORDER BY id DESC LIMIT 10";
constexpr sql::statement select_post = "SELECT author, title, text FROM posts WHERE id = $1";
constexpr sql::statement select_pictures = "SELECT url FROM pictures WHERE post = $1 ORDER BY place";
constexpr sql::statement select_pictures_of =
    "SELECT pictures.url FROM pictures JOIN posts ON posts.id = pictures.post"
    " WHERE posts.author = $1 ORDER BY posts.id DESC, pictures.place LIMIT 50";
constexpr sql::statement select_user =
    "SELECT name, (SELECT count(*) FROM posts WHERE author = name) FROM users WHERE name = $1";
constexpr sql::statement insert_user = "INSERT INTO users (name) VALUES ($1) ON CONFLICT DO NOTHING";
constexpr sql::statement insert_post = "INSERT INTO posts (author, title, text) VALUES ($1, $2, $3) RETURNING id";
constexpr sql::statement insert_picture = "INSERT INTO pictures (post, place, url) VALUES ($1, $2, $3)";
constexpr sql::statement update_post = "UPDATE posts SET title = $2, text = $3 WHERE id = $1 RETURNING id";
constexpr sql::statement delete_pictures = "DELETE FROM pictures WHERE post = $1";
constexpr sql::statement delete_post = "DELETE FROM posts WHERE id = $1 RETURNING id";

csgi::task<std::vector<headline>> headlines(csgi::task<sql::rows> query) {
  const auto found = co_await std::move(query);
  std::vector<headline> list;
  for (const auto& row : found) list.push_back({row.number(0), row.text(1), row.text(2)});
  co_return list;
}

csgi::task<std::vector<std::string>> pictures(csgi::task<sql::rows> query) {
  const auto found = co_await std::move(query);
  std::vector<std::string> urls;
  for (const auto& row : found) urls.push_back(row.text(0));
  co_return urls;
}

csgi::task<std::optional<user>> find_user(sql::session& in, std::string name) {
  auto both = csgi::when_all(in.query(select_user, name), pictures(in.query(select_pictures_of, name)));
  auto results = co_await std::move(both);
  auto& [found, urls] = results;
  if (found.empty()) co_return std::nullopt;
  co_return user{found[0].text(0), found[0].number(1), std::move(urls)};
}

csgi::task<> add_pictures(sql::transaction& to, std::int64_t post, const std::vector<std::string>& urls) {
  std::int64_t place = 0;
  for (const auto& url : urls) co_await to.query(insert_picture, post, ++place, url);
}

}  // namespace

csgi::task<std::vector<headline>> latest_posts(sql::session& in, std::int64_t before, std::int64_t count) {
  return headlines(in.query(select_latest, before, count));
}

csgi::task<std::optional<post>> find_post(sql::session& in, std::int64_t id) {
  auto both = csgi::when_all(in.query(select_post, id), pictures(in.query(select_pictures, id)));
  auto results = co_await std::move(both);
  auto& [found, urls] = results;
  if (found.empty()) co_return std::nullopt;
  draft content{found[0].text(0), found[0].text(1), found[0].text(2), std::move(urls)};
  co_return post{id, std::move(content)};
}

csgi::task<std::optional<profile>> find_profile(sql::session& in, std::string name) {
  auto both = csgi::when_all(find_user(in, name), headlines(in.query(select_latest_of, name)));
  auto results = co_await std::move(both);
  auto& [who, latest] = results;
  if (!who) co_return std::nullopt;
  co_return profile{std::move(*who), std::move(latest)};
}

csgi::task<std::optional<profile>> find_profile_in_a_row(sql::session& in, std::string name) {
  const auto found = co_await in.query(select_user, name);
  if (found.empty()) co_return std::nullopt;
  auto asked = pictures(in.query(select_pictures_of, name));
  auto urls = co_await std::move(asked);
  auto listed = headlines(in.query(select_latest_of, name));
  auto latest = co_await std::move(listed);
  user who{found[0].text(0), found[0].number(1), std::move(urls)};
  co_return profile{std::move(who), std::move(latest)};
}

csgi::task<std::int64_t> add_post(sql::database& to, draft content) {
  const auto changes = co_await to.begin();
  co_await changes->query(insert_user, content.author);
  const auto added = co_await changes->query(insert_post, content.author, content.title, content.text);
  const auto id = added.at(0).number(0);
  co_await add_pictures(*changes, id, content.pictures);
  co_await changes->commit();
  co_return id;
}

csgi::task<bool> change_post(sql::database& in, std::int64_t id, draft content) {
  const auto changes = co_await in.begin();
  const auto changed = co_await changes->query(update_post, id, content.title, content.text);
  if (changed.empty()) co_return false;
  co_await changes->query(delete_pictures, id);
  co_await add_pictures(*changes, id, content.pictures);
  co_await changes->commit();
  co_return true;
}

csgi::task<bool> remove_post(sql::database& from, std::int64_t id) {
  const auto changes = co_await from.begin();
  const auto removed = co_await changes->query(delete_post, id);
  co_await changes->commit();
  co_return !removed.empty();
}

}  // namespace blog
