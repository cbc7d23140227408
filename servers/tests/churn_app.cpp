// churn_app.cpp - see churn_app.hpp.
#include "churn_app.hpp"
#include <charconv>
#include <stdexcept>

namespace csgi::tests {

using namespace std::chrono_literals;

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i % 23);
  return bytes;
}

elsewhere::~elsewhere() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void elsewhere::complete(operation& op, executor& where) {
  const std::lock_guard lock(mutex_);
  errands_.push_back({&op, &where});
  changed_.notify_one();
}

void elsewhere::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return over_ || !errands_.empty(); });
    if (errands_.empty()) return;
    const auto now = std::exchange(errands_, {});
    lock.unlock();
    for (const errand& e : now) post_done(*e.where, *e.op);
    lock.lock();
  }
}

namespace {

std::size_t number_in(std::string_view query) {
  std::size_t n = 0;
  std::from_chars(query.data(), query.data() + query.size(), n);
  return n;
}

}  // namespace

application churn_app::choose(const request& head) noexcept {
  const bool second = !head.query.empty() && head.query.back() % 2 == 1;
  const app_kind kind = kind_ != app_kind::composite ? kind_ : second ? app_kind::blocking : app_kind::async;
  if (kind == app_kind::async) return async_;
  return blocking_;
}

task<> churn_app::async_side::http(async_exchange ex) {
  return ex.head().path == "/elsewhere" ? of.answer_elsewhere(ex) : of.answer(ex);
}

void churn_app::blocking_side::http(blocking_exchange ex) { drive(of.answer(async_exchange(ex.raw()))); }

task<> churn_app::answer(async_exchange ex) {
  ++begun;
  ex.on_finish([this](const outcome&) { ++ended; });
  const std::string path(ex.head().path);
  const std::size_t size = number_in(ex.head().query);
  if (path == "/throw") throw std::runtime_error("as asked");
  if (path == "/nap") co_await ex.sleep_for(1ms);
  if (path == "/echo") {
    ex.start(200);
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
    co_await ex.finish();
  } else if (path == "/stream") {
    const std::string block = pattern(23 * 1000);
    ex.start(200);
    for (std::size_t left = size; left > 0;) {
      const auto part = std::string_view(block).substr(0, left);
      co_await ex.write(part);
      left -= part.size();
    }
    co_await ex.finish();
  } else {
    const std::string body = pattern(size);
    co_await ex.respond(200, "text/plain", body);
  }
}

task<> churn_app::answer_elsewhere(async_exchange ex) {
  const auto there = [this, &where = ex.raw().executor()](operation& op) noexcept {
    op.error = {};
    elsewhere_.complete(op, where);
    return csgi::begun::pending;
  };
  co_await await_operation<"elsewhere">(operation{}, there);
  co_await answer(ex);
  co_await await_operation<"elsewhere">(operation{}, there);    // the server learns from outside that this is over
}

}  // namespace csgi::tests
