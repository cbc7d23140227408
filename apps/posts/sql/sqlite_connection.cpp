#include "sqlite_connection.hpp"
#include <csgi/error.hpp>

namespace sql {

namespace {

constexpr int steps_between_looks = 10'000;     // of SQLite's machine, some 100 µs

/// A statement in use: as good as new afterwards, and without what was bound.
class use_of {
 public:
  explicit use_of(sqlite3_stmt& prepared) noexcept : prepared_(prepared) {}
  use_of(const use_of&) = delete;
  use_of& operator=(const use_of&) = delete;
  ~use_of() {
    sqlite3_reset(&prepared_);
    sqlite3_clear_bindings(&prepared_);
  }

  int bind(std::size_t number, const value& to) noexcept {
    // SQLite takes $1 for a name, and numbers names in the order in which it meets them.
    const int place = sqlite3_bind_parameter_index(&prepared_, ("$" + std::to_string(number)).c_str());
    if (const auto* whole = std::get_if<std::int64_t>(&to)) return sqlite3_bind_int64(&prepared_, place, *whole);
    if (const auto* text = std::get_if<std::string>(&to))
      return sqlite3_bind_text64(&prepared_, place, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    return sqlite3_bind_null(&prepared_, place);
  }

  int step() noexcept { return sqlite3_step(&prepared_); }

  row current() const {
    values columns;
    for (int i = 0; i < sqlite3_column_count(&prepared_); ++i) columns.push_back(column(i));
    return row(std::move(columns));
  }

 private:
  value column(int i) const {
    switch (sqlite3_column_type(&prepared_, i)) {
      case SQLITE_NULL: return {};
      case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(&prepared_, i)};
      default: break;
    }
    const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(&prepared_, i));
    return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(&prepared_, i)));
  }

  sqlite3_stmt& prepared_;
};

/// Has a long statement look now and then whether it is still wanted.
class attention {
 public:
  attention(sqlite3& database, const csgi::stop_flag& stop) noexcept : database_(database) {
    const auto looks = [](void* flag) { return static_cast<const csgi::stop_flag*>(flag)->requested() ? 1 : 0; };
    sqlite3_progress_handler(&database, steps_between_looks, looks, const_cast<csgi::stop_flag*>(&stop));
  }
  attention(const attention&) = delete;
  attention& operator=(const attention&) = delete;
  ~attention() { sqlite3_progress_handler(&database_, 0, nullptr, nullptr); }

 private:
  sqlite3& database_;
};

}  // namespace

sqlite_connection::sqlite_connection(const std::string& file, access how, std::chrono::milliseconds patience) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (file.starts_with("file:") ? SQLITE_OPEN_URI : 0);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  database_.reset(opened);                      // even then, for its message
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(opened, static_cast<int>(patience.count()));
  set("PRAGMA journal_mode = WAL");             // readers and the writer do not wait for each other; ignored in memory
  set("PRAGMA synchronous = NORMAL");
  set("PRAGMA foreign_keys = ON");
  if (how == access::reads) set("PRAGMA query_only = ON");
}

rows sqlite_connection::query(statement what, const values& with, csgi::stop_flag stop) {
  const attention looks(*database_, stop);
  use_of in_use(prepare(what));
  for (std::size_t i = 0; i < with.size(); ++i)
    if (const int code = in_use.bind(i + 1, with[i]); code != SQLITE_OK) fail(code);
  rows found;
  int code = in_use.step();
  for (; code == SQLITE_ROW; code = in_use.step()) found.push_back(in_use.current());
  if (code != SQLITE_DONE) fail(code);
  return found;
}

void sqlite_connection::roll_back() noexcept {
  if (!usable()) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

sqlite3_stmt& sqlite_connection::prepare(statement what) {
  auto& kept = statements_[what.text()];
  if (!kept) {
    sqlite3_stmt* compiled = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), what.c_str(), static_cast<int>(what.text().size()),
                                        SQLITE_PREPARE_PERSISTENT, &compiled, nullptr);
    if (code != SQLITE_OK) fail(code);
    kept.reset(compiled);
  }
  return *kept;
}

void sqlite_connection::set(const char* pragma) {
  if (const int code = sqlite3_exec(database_.get(), pragma, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

void sqlite_connection::fail(int code) const {
  const std::string why = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_FOREIGNKEY: throw conflict(why);
    default: break;
  }
  switch (code & 0xff) {
    case SQLITE_INTERRUPT: csgi::raise(std::make_error_code(std::errc::operation_canceled), "a statement of SQLite");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_FULL: throw unavailable(why);
    default: throw failure(why);
  }
}

}  // namespace sql
