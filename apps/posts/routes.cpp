#include "routes.hpp"
#include "json_text.hpp"
#include <charconv>
#include <csgi/header_list.hpp>
#include <csgi/json.hpp>
#include <csgi/query.hpp>

namespace blog {

namespace {

constexpr std::string_view posts_prefix = "/posts/";
constexpr std::string_view profiles_prefix = "/profiles/";

struct answer {
  explicit answer(int s, std::string text = {}) : status(s), body(std::move(text)) {}

  int status;
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields = {};
};

answer refusal(int status, std::string_view why) { return answer(status, error_json(why)); }

csgi::http_error nothing_there() { return csgi::http_error(404, "There is nothing of that name."); }

csgi::http_error not_allowed(const char* methods) {
  return csgi::http_error(405, std::string("This can be asked for with ") + methods + '.').with("allow", methods);
}

bool reads(const csgi::request& head) noexcept { return head.method == "GET" || head.method == "HEAD"; }

/// A positive number, and nothing else.
std::optional<std::int64_t> number_in(std::string_view text) noexcept {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

std::int64_t number_of(const csgi::parameters& query, std::string_view name, std::int64_t otherwise, std::int64_t most) {
  const auto text = query.find(name);
  const auto number = text ? number_in(*text) : otherwise;
  if (!number || *number > most)
    throw csgi::http_error(400, '"' + std::string(name) + "\" has to be a number from 1 to " + std::to_string(most) + '.');
  return *number;
}

csgi::task<draft> sent_draft(csgi::async_exchange ex, authorship whose) {
  const auto given = co_await csgi::read_json(ex, draft_limits::body);
  co_return read_draft(given, whose);
}

csgi::task<answer> list_posts(csgi::async_exchange ex, sql::database& db) {
  const csgi::parameters query(ex.head());
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  const auto before = number_of(query, "before", last, last);
  const auto count = number_of(query, "limit", 20, 100);
  co_return answer(200, to_json(co_await latest_posts(db, before, count)));
}

csgi::task<answer> create_post(csgi::async_exchange ex, sql::database& db) {
  post created;
  created.content = co_await sent_draft(ex, authorship::wanted);
  created.id = co_await add_post(db, created.content);
  answer done(201, to_json(created));
  done.fields.emplace_back("location", std::string(ex.head().root_path) + "/posts/" + std::to_string(created.id));
  co_return done;
}

csgi::task<answer> show_post(csgi::async_exchange, sql::database& db, std::int64_t id) {
  const auto found = co_await find_post(db, id);
  if (!found) throw nothing_there();
  co_return answer(200, to_json(*found));
}

csgi::task<answer> replace_post(csgi::async_exchange ex, sql::database& db, std::int64_t id) {
  auto content = co_await sent_draft(ex, authorship::kept);
  const bool changed = co_await change_post(db, id, std::move(content));
  if (!changed) throw nothing_there();
  co_return answer(204);
}

csgi::task<answer> delete_post(csgi::async_exchange, sql::database& db, std::int64_t id) {
  const bool removed = co_await remove_post(db, id);
  if (!removed) throw nothing_there();
  co_return answer(204);
}

csgi::task<std::optional<profile>> find_as_told(const csgi::request& head, sql::database& db, std::string name) {
  const csgi::parameters query(head);
  const auto how = query.find("queries").value_or("together");
  if (how == "together") return find_profile(db, std::move(name));
  if (how == "in-a-row") return find_profile_in_a_row(db, std::move(name));
  throw csgi::http_error(400, "\"queries\" has to be \"together\" or \"in-a-row\".");
}

csgi::task<answer> show_profile(csgi::async_exchange ex, sql::database& db, std::string name) {
  auto finding = find_as_told(ex.head(), db, std::move(name));
  const auto found = co_await std::move(finding);
  if (!found) throw nothing_there();
  co_return answer(200, to_json(*found));
}

csgi::task<answer> at_posts(csgi::async_exchange ex, sql::database& db) {
  if (reads(ex.head())) return list_posts(ex, db);
  if (ex.head().method == "POST") return create_post(ex, db);
  throw not_allowed("GET, HEAD, POST");
}

csgi::task<answer> at_post(csgi::async_exchange ex, sql::database& db, std::string_view named) {
  const auto id = number_in(named);
  if (!id) throw nothing_there();
  if (reads(ex.head())) return show_post(ex, db, *id);
  if (ex.head().method == "PUT") return replace_post(ex, db, *id);
  if (ex.head().method == "DELETE") return delete_post(ex, db, *id);
  throw not_allowed("GET, HEAD, PUT, DELETE");
}

csgi::task<answer> at_profile(csgi::async_exchange ex, sql::database& db, std::string_view name) {
  if (!is_name(name)) throw nothing_there();
  if (!reads(ex.head())) throw not_allowed("GET, HEAD");
  return show_profile(ex, db, std::string(name));
}

csgi::task<answer> answer_to(csgi::async_exchange ex, sql::database& db) {
  const auto path = ex.head().tail();
  if (path == "/posts") return at_posts(ex, db);
  if (path.starts_with(posts_prefix)) return at_post(ex, db, path.substr(posts_prefix.size()));
  if (path.starts_with(profiles_prefix)) return at_profile(ex, db, path.substr(profiles_prefix.size()));
  throw nothing_there();
}

answer refusal(const csgi::http_error& why) {
  auto refused = refusal(why.status(), why.what());
  refused.fields = why.fields();
  return refused;
}

answer come_again(csgi::async_exchange ex, const sql::unavailable& why) {
  ex.log(csgi::log_level::warning, std::string("the database: ") + why.what());
  auto refused = refusal(503, "The database is away or busy. Please try again.");
  refused.fields.emplace_back("retry-after", "1");
  return refused;
}

csgi::task<answer> answer_or_refusal(csgi::async_exchange ex, sql::database& db) {
  try {
    auto served = answer_to(ex, db);
    co_return co_await std::move(served);
  } catch (const csgi::http_error& why) {
    co_return refusal(why);
  } catch (const csgi::too_large&) {
    co_return refusal(413, "The body has more than " + std::to_string(draft_limits::body) + " bytes.");
  } catch (const sql::conflict&) {
    co_return refusal(409, "The author has a post of that title already, or somebody else has just changed this one.");
  } catch (const sql::unavailable& why) {
    co_return come_again(ex, why);
  }
}

}  // namespace

csgi::task<> serve(csgi::async_exchange ex, sql::database& db) {
  const auto given = co_await answer_or_refusal(ex, db);
  csgi::header_list fields;
  if (given.status != 204) fields.add("content-type", "application/json");
  for (const auto& [name, value] : given.fields) fields.add(name, value);
  ex.start(given.status, fields.fields());
  co_await ex.finish(given.body);
}

}  // namespace blog
