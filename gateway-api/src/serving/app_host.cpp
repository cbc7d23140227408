// app_host.cpp - see csgi/serving/app_host.hpp.
#include <csgi/serving/app_end.hpp>
#include <csgi/serving/app_host.hpp>
#include <csgi/serving/visible.hpp>
#include <stdexcept>

namespace csgi { inline namespace v1 {

namespace {

constexpr std::size_t most_in_background = 1024;
constexpr std::chrono::milliseconds look_again{20};   // whether a second stop has come

[[noreturn]] void rethrow_as(const char* what) {
  throw std::runtime_error(what + what_of(std::current_exception()));
}

}  // namespace

app_host::app_host(application app, const place& where, const std::atomic<int>& stops)
    : where_(where), stops_(stops),
      background_(where.threads, most_in_background, [this](const std::exception_ptr& failure) { report(failure); }),
      life_(app, *this, stops) {}

void app_host::run(const std::function<void()>& serve) {
  if (start()) {
    try {
      serve();
    } catch (...) {
      const auto failure = std::current_exception();
      try {
        finish();
      } catch (const std::exception& too) {
        log(log_level::error, too.what());
      }
      std::rethrow_exception(failure);
    }
  }
  finish();
}

bool app_host::start() {
  try {
    return life_.start();
  } catch (...) {
    rethrow_as("the app's startup failed: ");
  }
}

void app_host::drain() noexcept {
  clock::rep never = 0;
  drained_at_.compare_exchange_strong(never, clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  life_.drain();
}

void app_host::finish() {
  const clock::time_point drained{clock::duration(drained_at_.load(std::memory_order_relaxed))};
  const auto until = drained + where_.grace;
  while (!background_.wait(look_again) && clock::now() < until && stops_.load(std::memory_order_relaxed) < 2) {
  }
  background_.close();
  try {
    life_.finish();
  } catch (...) {
    rethrow_as("the app's shutdown failed: ");
  }
}

void app_host::log(log_level level, std::string_view text) noexcept {
  try {
    where_.observer.log(level, log_line(where_.app_name, text));
  } catch (const std::bad_alloc&) {
    where_.observer.log(level, "out of memory: a message is lost");
  }
}

void* app_host::find(const extension_id& wanted) noexcept {
  if (wanted == csgi::background::id) return static_cast<csgi::background*>(&background_);
  if (wanted == server_info::id) return const_cast<server_info*>(&where_.info);
  return nullptr;
}

/// Of background work. What was stopped because the time was over is no failure.
void app_host::report(const std::exception_ptr& failure) noexcept {
  if (code_of(failure) != std::errc::operation_canceled) log(log_level::error, "background work " + describe(failure));
}

}}  // namespace csgi::v1
