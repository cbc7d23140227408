// errors.cpp - see csgi/middleware/errors.hpp.
#include <csgi/middleware/errors.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <csgi/middleware/hooks.hpp>
#include <csgi/middleware/upgraded.hpp>
#include <csgi/middleware/watched_read.hpp>
#include <csgi/type_name.hpp>
#include <cxxabi.h>
#include <typeinfo>

namespace csgi { inline namespace v1 {
namespace {

std::string name_of(application app) {
  if (app.kind() == app_kind::async) {
    const async_app& async = app.async();
    return type_name(typeid(async));
  }
  const blocking_app& blocking = app.blocking();
  return type_name(typeid(blocking));
}

/// A fault in words: "std::runtime_error: no such table".
std::string describe(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return type_name(typeid(e)) + ": " + e.what();
  } catch (...) {
    return type_name(*abi::__cxa_current_exception_type());
  }
}

/// Whether the server knows better what to answer.
bool is_for_the_server(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::system_error& e) {
    for (const auto code : {std::errc::connection_reset, std::errc::operation_canceled, std::errc::timed_out,
                            std::errc::bad_message, std::errc::message_size, std::errc::resource_unavailable_try_again})
      if (e.code() == code) return true;
  } catch (...) {  // is looked at, not handled
  }
  return false;
}

bool is_too_large_for_read_all(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const too_large& e) {
    return std::string_view(e.what()).starts_with("read_all");
  } catch (...) {  // is looked at, not handled
  }
  return false;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else out += c;
  }
  return out;
}

bool is_an_answer(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const http_error&) {
    return true;
  } catch (...) {  // is looked at, not handled
    return false;
  }
}

ready_response fault(fault_page page, const request& head, const std::string& handler, const std::string& what) {
  ready_response answer{.status = 500, .body = "Internal Server Error\n", .fields = {{"cache-control", "no-store"}}};
  if (page == fault_page::plain) return answer;
  std::string& html = answer.body = "<!doctype html><meta charset=utf-8><title>500</title><h1>";
  html += escaped(what) + "</h1><p>" + escaped(handler) + "<p><code>" + escaped(head.method) + ' ' + escaped(head.target) +
          "</code><pre>";
  for (const field& f : head.fields) html += escaped(f.name) + ": " + escaped(f.value) + '\n';
  html += "</pre>\n";
  answer.fields.emplace_back("content-type", "text/html; charset=utf-8");
  answer.fields.emplace_back("x-content-type-options", "nosniff");
  return answer;
}

/// Changes nothing, and knows whether the body was as it should be.
class body_watching final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_read(read_op& op) noexcept override { return reads_.begin(next(), op); }
  bool body_failed() const noexcept { return failed_; }

 private:
  watched_read reads_{this, [](void* view, read_op& ended) noexcept {
    const auto& e = ended.error;
    if (e == std::errc::bad_message || e == std::errc::message_size || e == std::errc::timed_out)
      static_cast<body_watching*>(view)->failed_ = true;
  }};
  bool failed_ = false;
};

}  // namespace

task<> errors::operator()(async_exchange ex, next_app app) const {
  body_watching view(ex.raw());
  std::exception_ptr thrown;
  try {
    co_await app(async_exchange(view));
  } catch (...) {
    thrown = std::current_exception();
  }
  const auto phase = ex.phase();
  const bool over = phase == phase::finished || phase == phase::aborted;
  if (!thrown && (over || !ex.connected())) co_return;      // who looked whether the client is still there may just end
  const bool unheard = thrown && phase == phase::aborted && is_an_answer(thrown);      // the client may have gone meanwhile
  if (thrown && phase >= phase::committed && !unheard) std::rethrow_exception(thrown);
  if (is_websocket(ex.raw())) co_return;                    // which the server closes

  const std::string handler = name_of(app.last(ex.head()));
  if (!thrown && phase == phase::committed) {
    ex.log(log_level::error, handler + " never finished its response");
    co_return;
  }
  ready_response answer;
  try {
    if (!thrown && view.body_failed()) co_return;     // it is the client's fault, and for the server to answer
    if (!thrown) {
      ex.log(log_level::error, handler + " never responded");
      answer = fault(settings_.faults, ex.head(), handler, "never responded");
    } else {
      std::rethrow_exception(thrown);
    }
  } catch (const http_error& e) {
    answer = {.status = e.status(), .body = e.what(), .fields = e.fields()};
    if (e.is_security() && settings_.security_log) settings_.security_log(e, ex.head());
    else if (e.is_security()) ex.log(log_level::warning, "security: " + std::to_string(e.status()) + ": " + e.what());
    else if (e.status() >= 500) ex.log(log_level::error, handler + " threw " + describe(thrown));
  } catch (...) {
    if (is_too_large_for_read_all(thrown)) {
      answer = {.status = 413, .body = "Content Too Large\n"};
    } else {
      if (view.body_failed() || is_for_the_server(thrown)) throw;
      const std::string what = describe(thrown);
      ex.log(log_level::error, handler + " threw " + what);
      answer = fault(settings_.faults, ex.head(), handler, what);
    }
  }
  if (!unheard) co_await respond(ex, answer);
}

}}  // namespace csgi::v1
