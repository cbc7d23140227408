// blog.hpp - posts, their authors and pictures, in a database: what the app does, and nothing of HTTP.
#pragma once
#include "sql/database.hpp"
#include <optional>

namespace blog {

/// What somebody writes. Within the limits that read_draft() sees to.
struct draft {
  std::string author = {};
  std::string title = {};
  std::string text = {};
  std::vector<std::string> pictures = {};
};

struct post {
  std::int64_t id = 0;
  draft content = {};
};

struct headline {
  std::int64_t id = 0;
  std::string author = {};
  std::string title = {};
};

struct user {
  std::string name = {};
  std::int64_t posts = 0;
  std::vector<std::string> pictures = {};
};

struct profile {
  user who = {};
  std::vector<headline> latest = {};
};

// What reads. Each wants a session on which its queries may run at the same time: a database.

/// At most `count` posts older than that with the id `before`, the latest first.
csgi::task<std::vector<headline>> latest_posts(sql::session& in, std::int64_t before, std::int64_t count);

csgi::task<std::optional<post>> find_post(sql::session& in, std::int64_t id);

csgi::task<std::optional<profile>> find_profile(sql::session& in, std::string name);

/// The same by one query after the other, for which a transaction will do, too.
csgi::task<std::optional<profile>> find_profile_in_a_row(sql::session& in, std::string name);

// What writes. Each is one transaction: all of it happens, or nothing.

/// The id of the new post. Its author is made known if he is not.
///
/// Errors:    sql::conflict, where the author has a post of that title.
csgi::task<std::int64_t> add_post(sql::database& to, draft content);

/// False where there is no such post; its author stays.
///
/// Errors:    as add_post()'s.
csgi::task<bool> change_post(sql::database& in, std::int64_t id, draft content);

/// False where there was none.
csgi::task<bool> remove_post(sql::database& from, std::int64_t id);

}  // namespace blog
