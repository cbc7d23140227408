#include "blog_checks.hpp"
#include <boost/json.hpp>
#include <doctest/doctest.h>

namespace json = boost::json;
using csgi::testing::client;

namespace {

json::value sent(const csgi::testing::response& r) {
  CHECK(r.field("content-type") == "application/json");
  return json::parse(r.body);
}

std::vector<std::string> titles(const json::value& list) {
  std::vector<std::string> all;
  for (const auto& one : list.as_array()) all.emplace_back(one.at("title").as_string());
  return all;
}

using texts = std::vector<std::string>;

}  // namespace

std::string draft_json(std::string_view author, std::string_view title, std::string_view text, std::vector<std::string> pictures) {
  const json::object all{{"author", json::string(author.data(), author.size())},
                         {"title", json::string(title.data(), title.size())},
                         {"text", json::string(text.data(), text.size())},
                         {"pictures", json::array(pictures.begin(), pictures.end())}};
  return json::serialize(all);
}

void check_posts(client& c) {
  const auto created = c.post("/posts", {.body = draft_json("ada", "First", "Hello", {"/a.png", "/b.png"})});
  CHECK(created.status == 201);
  const std::string where(created.field("location").value_or("/nowhere"));
  const auto shown = c.get(where);
  CHECK(shown.status == 200);
  CHECK(shown.body == created.body);
  const auto post = sent(shown);
  CHECK(where == "/posts/" + std::to_string(post.at("id").as_int64()));
  CHECK(post.at("author") == "ada");
  CHECK(post.at("text") == "Hello");
  CHECK(post.at("pictures") == json::array{"/a.png", "/b.png"});
  CHECK(c.head(where).status == 200);

  for (const auto* title : {"Second", "Third"}) CHECK(c.post("/posts", {.body = draft_json("bob", title)}).status == 201);
  CHECK(titles(sent(c.get("/posts")).at("posts")) == texts{"Third", "Second", "First"});
  const auto two = sent(c.get("/posts?limit=2")).at("posts");
  CHECK(titles(two) == texts{"Third", "Second"});
  const auto oldest = std::to_string(two.at(1).at("id").as_int64());
  CHECK(titles(sent(c.get("/posts?limit=2&before=" + oldest)).at("posts")) == texts{"First"});

  CHECK(c.put(where, {.body = R"({"title": "Changed", "text": "Goodbye", "pictures": ["/c.png"]})"}).status == 204);
  const auto changed = sent(c.get(where));
  CHECK(changed.at("author") == "ada");
  CHECK(changed.at("title") == "Changed");
  CHECK(changed.at("pictures") == json::array{"/c.png"});

  CHECK(c.request("DELETE", where).status == 204);
  CHECK(c.get(where).status == 404);
  CHECK(c.request("DELETE", where).status == 404);
  CHECK(c.put(where, {.body = R"({"title": "Changed", "text": "Goodbye"})"}).status == 404);
}

void check_profiles(client& c) {
  CHECK(c.get("/profiles/eve").status == 404);
  CHECK(c.post("/posts", {.body = draft_json("eve", "One", "…", {"/1.png"})}).status == 201);
  CHECK(c.post("/posts", {.body = draft_json("eve", "Two", "…", {"/2.png", "/3.png"})}).status == 201);
  const auto profile = sent(c.get("/profiles/eve"));
  CHECK(profile.at("name") == "eve");
  CHECK(profile.at("posts") == 2);
  CHECK(profile.at("pictures") == json::array{"/2.png", "/3.png", "/1.png"});
  CHECK(titles(profile.at("latest")) == texts{"Two", "One"});
  for (const auto* how : {"together", "in-a-row"})
    CHECK(sent(c.get(std::string("/profiles/eve?queries=") + how)) == profile);
  CHECK(c.get("/profiles/adam?queries=in-a-row").status == 404);
  CHECK(c.get("/profiles/eve?queries=").status == 400);
}

void check_conflicts(client& c) {
  CHECK(c.post("/posts", {.body = draft_json("kim", "Same")}).status == 201);
  const auto other = c.post("/posts", {.body = draft_json("kim", "Other")});
  CHECK(c.post("/posts", {.body = draft_json("lee", "Same")}).status == 201);
  const auto before = c.get("/posts").body;

  const auto again = c.post("/posts", {.body = draft_json("kim", "Same", "again", {"/x.png"})});
  CHECK(again.status == 409);
  CHECK(sent(again).at("error").is_string());
  CHECK(c.put(std::string(*other.field("location")), {.body = R"({"title": "Same", "text": "…"})"}).status == 409);
  CHECK(c.get("/posts").body == before);
  CHECK(sent(c.get("/profiles/kim")).at("pictures") == json::array{});
}

void check_hostile_texts(client& c) {
  for (const std::string text : {"'); DROP TABLE posts; --", "\" OR \"\" = \"", "x' OR '1'='1", "$1", "?1", ":name", "%s%n",
                                 "\\'; DELETE FROM users; --", "$$; DROP TABLE users; $$", "/* ' */", "ünïcödé ☃ \xf0\x9f\x90\x98"}) {
    CAPTURE(text);
    const auto created = c.post("/posts", {.body = draft_json("mallory", text, text, {text})});
    REQUIRE(created.status == 201);
    const auto shown = sent(c.get(std::string(*created.field("location"))));
    CHECK(shown.at("title") == json::string(text));
    CHECK(shown.at("text") == json::string(text));
    CHECK(shown.at("pictures") == json::array{text});
    CHECK(c.post("/posts", {.body = draft_json(text, "By whom?")}).status == 400);
  }
  const auto before = c.get("/posts?limit=100").body;
  for (const auto* target : {"/posts/1%20OR%201=1", "/posts/1;DROP%20TABLE%20posts", "/posts/-1", "/posts/0x1", "/posts/",
                             "/posts/99999999999999999999", "/profiles/'%20OR%20''='", "/profiles/mallory';--",
                             "/profiles/mallory%00", "/profiles/", "/profiles/Mallory"})
    CHECK_MESSAGE(c.get(target).status == 404, target);
  for (const auto* query : {"limit=1;DROP%20TABLE%20posts", "before=1%20OR%201=1", "limit=0", "limit=101", "limit=", "before=-5"})
    CHECK_MESSAGE(c.get(std::string("/posts?") + query).status == 400, query);
  CHECK(c.get("/posts?limit=100").body == before);
}
