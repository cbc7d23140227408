#include "postgres_connection.hpp"
#include <boost/asio/posix/stream_descriptor.hpp>
#include <charconv>
#include <csgi/asio.hpp>
#include <csgi/to_thread.hpp>

namespace sql {

namespace {

// Of io_context's own executor, not of any: sanitizing builds of g++ 12 see something uninitialised in the latter.
using stream_descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

constexpr Oid oid_of_int8 = 20, oid_of_int2 = 21, oid_of_int4 = 23;     // as in PostgreSQL's pg_type.dat

/// libpq's socket, lent to Asio for one wait: libpq may have another the next time, and closes it itself.
class lent_socket {
 public:
  lent_socket(boost::asio::io_context& on, PGconn* of) : descriptor_(on, PQsocket(of)) {}
  lent_socket(const lent_socket&) = delete;
  lent_socket& operator=(const lent_socket&) = delete;
  ~lent_socket() { descriptor_.release(); }

  auto wait(stream_descriptor::wait_type what) { return descriptor_.async_wait(what, csgi::use_task); }

 private:
  stream_descriptor descriptor_;
};

csgi::task<> wait_for(boost::asio::io_context& on, PGconn* link, stream_descriptor::wait_type what) {
  if (PQsocket(link) < 0) throw unavailable("the connection to the database is closed");
  lent_socket socket(on, link);
  co_await socket.wait(what);
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

/// The SQLSTATE of an error, of five characters.
std::string_view state_of(const PGresult& of) noexcept {
  const char* const state = PQresultErrorField(&of, PG_DIAG_SQLSTATE);
  return state ? state : "";
}

bool is_conflict(std::string_view state) noexcept { return state == "23505" || state == "23503"; }

/// Whether the server ends this connection: by an administrator, after a crash of another one, or because it starts or stops.
bool is_farewell(std::string_view state) noexcept { return state.starts_with("57P") || state.starts_with("08"); }

/// Whether it may work another time: deadlocks and serialisation, lack of resources, locks and timeouts.
bool may_pass(std::string_view state) noexcept {
  return state.starts_with("40") || state.starts_with("53") || state == "55P03" || state == "57014" || state == "25006";
}

value value_in(const PGresult& from, int row, int column) {
  if (PQgetisnull(&from, row, column)) return {};
  const std::string_view text(PQgetvalue(&from, row, column), static_cast<std::size_t>(PQgetlength(&from, row, column)));
  const Oid type = PQftype(&from, column);
  if (type != oid_of_int8 && type != oid_of_int4 && type != oid_of_int2) return std::string(text);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Values as libpq wants them: texts that end with a zero, null for NULL.
class parameters {
 public:
  explicit parameters(const values& with) {
    texts_.reserve(with.size());
    for (const auto& one : with) {
      if (const auto* number = std::get_if<std::int64_t>(&one)) texts_.push_back(std::to_string(*number));
      else if (const auto* text = std::get_if<std::string>(&one)) texts_.push_back(*text);
      else texts_.emplace_back();
      if (texts_.back().find('\0') != std::string::npos) throw failure("PostgreSQL has no text with a zero byte in it");
      pointers_.push_back(one.index() == 0 ? nullptr : texts_.back().c_str());
    }
  }

  int count() const noexcept { return static_cast<int>(pointers_.size()); }
  const char* const* data() const noexcept { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
};

// What the URL says itself has precedence, since it comes later.
PGconn* begin_to_connect(const char* url) {
  const char* const names[] = {"application_name", "client_encoding", "options", "dbname", nullptr};
  const char* const settings[] = {"posts", "UTF8", "-c client_connection_check_interval=1s -c statement_timeout=10s", url, nullptr};
  return PQconnectStartParams(names, settings, 1);
}

}  // namespace

csgi::task<std::unique_ptr<postgres_connection>> postgres_connection::open(boost::asio::io_context& on, std::string url) {
  auto looked_up = csgi::to_pool([&url] { return link(begin_to_connect(url.c_str())); });     // looks up names, which blocks
  link connecting = co_await looked_up;
  if (!connecting) throw std::bad_alloc();
  auto next = PQstatus(connecting.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) throw unavailable(first_line(PQerrorMessage(connecting.get())));
    const auto what = next == PGRES_POLLING_READING ? stream_descriptor::wait_read : stream_descriptor::wait_write;
    auto ready = wait_for(on, connecting.get(), what);
    co_await std::move(ready);
    next = PQconnectPoll(connecting.get());
  }
  PQsetnonblocking(connecting.get(), 1);
  PQsetNoticeProcessor(connecting.get(), [](void*, const char*) {}, nullptr);     // instead of stderr
  co_return std::unique_ptr<postgres_connection>(new postgres_connection(on, std::move(connecting)));
}

csgi::task<rows> postgres_connection::query(statement what, values with) {
  if (phase_ == phase::rolls_back) {
    phase_ = phase::busy;
    auto undone = last_result();
    static_cast<void>(co_await std::move(undone));
  }
  phase_ = phase::busy;                     // and stays so when this is left in between
  auto sent = send(what, with);
  co_await std::move(sent);
  auto answered = last_result();
  const result answer = co_await std::move(answered);
  phase_ = phase::idle;
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(*answer);
  co_return rows_in(*answer);
}

csgi::task<> postgres_connection::send(statement what, const values& with) {
  const parameters bound(with);
  if (!PQsendQueryParams(link_.get(), what.c_str(), bound.count(), nullptr, bound.data(), nullptr, nullptr, 0)) lose();
  // The server says nothing before it has all of a statement, so nothing need be read meanwhile.
  for (int left = PQflush(link_.get()); left != 0; left = PQflush(link_.get())) {
    if (left < 0) lose();
    auto ready = wait_for(on_, link_.get(), stream_descriptor::wait_write);
    co_await std::move(ready);
  }
}

// One statement may have several results, an error behind rows for one: the last counts.
csgi::task<postgres_connection::result> postgres_connection::last_result() {
  result last;
  for (;;) {
    while (PQisBusy(link_.get())) {
      auto ready = wait_for(on_, link_.get(), stream_descriptor::wait_read);
      co_await std::move(ready);
      if (!PQconsumeInput(link_.get())) lose();
    }
    result next(PQgetResult(link_.get()));
    if (!next) break;
    last = std::move(next);
  }
  if (!last) lose();
  co_return last;
}

void postgres_connection::roll_back() noexcept {
  if (!usable() || PQtransactionStatus(link_.get()) == PQTRANS_IDLE) return;
  const bool sent = PQsendQuery(link_.get(), "ROLLBACK") && PQflush(link_.get()) == 0;
  phase_ = sent ? phase::rolls_back : phase::lost;
}

rows postgres_connection::rows_in(const PGresult& from) {
  rows found;
  for (int i = 0; i < PQntuples(&from); ++i) {
    values columns;
    for (int j = 0; j < PQnfields(&from); ++j) columns.push_back(value_in(from, i, j));
    found.emplace_back(std::move(columns));
  }
  return found;
}

void postgres_connection::fail(const PGresult& with) {
  const auto state = state_of(with);
  const auto why = first_line(PQresultErrorMessage(&with));
  if (is_farewell(state) || PQstatus(link_.get()) != CONNECTION_OK) phase_ = phase::lost;
  if (phase_ == phase::lost || may_pass(state)) throw unavailable(why);
  if (is_conflict(state)) throw conflict(why);
  throw failure(why);
}

void postgres_connection::lose() {
  phase_ = phase::lost;
  throw unavailable(first_line(PQerrorMessage(link_.get())));
}

}  // namespace sql
