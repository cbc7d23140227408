// app_host.cpp - see csgi/posix/app_host.hpp.
#include <csgi/http1/visible.hpp>
#include <csgi/posix/app_host.hpp>
#include <stdexcept>
#include "what_of.hpp"

namespace csgi::posix {

namespace {

constexpr std::size_t most_in_background = 1024;
constexpr std::chrono::milliseconds look_again{20};   // whether a second stop has come

[[noreturn]] void rethrow_as(const char* what) {
  throw std::runtime_error(what + what_of(std::current_exception()));
}

}  // namespace

app_host::app_host(application app, server_settings& settings, const std::atomic<int>& stops)
    : settings_(settings), stops_(stops),
      background_(*settings.threads, most_in_background, [this](const std::exception_ptr& failure) { report(failure); }),
      life_(app, *this, stops) {
  settings_.background = &background_;
  settings_.host = this;
}

app_host::~app_host() {
  settings_.background = nullptr;
  settings_.host = nullptr;
}

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
  const auto until = drained + settings_.deadlines.grace;
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
    std::string line;
    http1::append_visibly(line, settings_.app_name);
    line += ": ";
    http1::append_visibly(line, text);
    settings_.observer->log(level, line);
  } catch (const std::bad_alloc&) {
    settings_.observer->log(level, "out of memory: a message is lost");
  }
}

void* app_host::find(const extension_id& wanted) noexcept {
  if (wanted == background::id) return static_cast<background*>(&background_);
  if (wanted == server_info::id) return &settings_.info;
  return nullptr;
}

/// Of background work. What was stopped because the time was over is no failure.
void app_host::report(const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const std::system_error& e) {
    if (e.code() == std::errc::operation_canceled) return;
    log(log_level::error, std::string("background work threw ") + e.what());
  } catch (const std::exception& e) {
    log(log_level::error, std::string("background work threw ") + e.what());
  } catch (...) {
    log(log_level::error, "background work threw something that is not a std::exception");
  }
}

}  // namespace csgi::posix
