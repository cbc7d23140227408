#include "database_argument.hpp"
#include "sql/postgres_database.hpp"
#include "sql/sqlite_database.hpp"
#include <charconv>
#include <csgi/asio_context.hpp>
#include <filesystem>
#include <optional>

namespace blog {

namespace {

struct wishes {
  std::optional<std::string> database;
  std::optional<std::string> data;
  std::size_t connections = 8;
};

std::size_t number_in(std::string_view text) {
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 1 || number > 1000)
    throw std::invalid_argument("--connections wants a number from 1 to 1000, but was given \"" + std::string(text) + '"');
  return number;
}

void take(wishes& into, std::string_view name, std::string_view text) {
  const bool known = name == "--database" || name == "--data" || name == "--connections";
  if (!known) throw std::invalid_argument("expected -- --database FILE, --database postgres://… or --data DIRECTORY, but was given \"" +
                                          std::string(name) + '"');
  if (text.empty()) throw std::invalid_argument(std::string(name) + " wants something behind it");
  if (name == "--database") into.database = text;
  else if (name == "--data") into.data = text;
  else into.connections = number_in(text);
}

wishes wishes_in(csgi::arguments given) {
  wishes all;
  while (!given.empty()) {
    const auto word = given.front();
    given = given.subspan(1);
    if (const auto equals = word.find('='); equals != std::string_view::npos) {
      take(all, word.substr(0, equals), word.substr(equals + 1));
    } else {
      take(all, word, given.empty() ? std::string_view() : given.front());
      given = given.subspan(1);
    }
  }
  if (all.database && all.data) throw std::invalid_argument("--database and --data exclude each other");
  return all;
}

std::string file_in(const std::string& directory) {
  if (!std::filesystem::is_directory(directory)) throw std::invalid_argument(directory + " is not a directory");
  return (std::filesystem::path(directory) / "posts.db").string();
}

sql::opener opener_of(sql::sqlite_settings settings) {
  return [settings = std::move(settings)](csgi::loop_context* loop) {
    return loop ? nullptr : sql::make_sqlite_database(settings);
  };
}

// A connection belongs to an io_context: that of the loop, if it has one that this code can use, else that of the process.
sql::opener opener_of(sql::postgres_settings settings) {
  return [settings = std::move(settings)](csgi::loop_context* loop) {
    auto* const own = loop ? csgi::io_context_offered_by(loop->executor()) : nullptr;
    if (loop && !own) return std::unique_ptr<sql::database>();
    return sql::make_postgres_database(settings, own ? *own : csgi::io_context());
  };
}

}  // namespace

sql::opener opener_of(csgi::arguments given) {
  const auto asked = wishes_in(given);
  const auto where = asked.data ? file_in(*asked.data) : asked.database.value_or(":memory:");
  if (where.starts_with("postgres://") || where.starts_with("postgresql://"))
    return opener_of(sql::postgres_settings{.url = where, .connections = asked.connections});
  return opener_of(sql::sqlite_settings{.file = where == ":memory:" ? sql::in_memory() : where, .connections = asked.connections});
}

}  // namespace blog
