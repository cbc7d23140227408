// csgi/middleware/hooks.hpp - middleware as a class with a function for each thing that happens around an app.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/middleware.hpp>
#include <csgi/middleware/rewriting_exchange.hpp>
#include <utility>
#include <vector>

namespace csgi { inline namespace v1 {

/// A response that a middleware gives in the app's place.
struct ready_response {
  int status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> fields = {};     ///< Content-Type is text/plain unless it is here
};

/// Sends it; `ready` is borrowed until it resumes.
inline task<> respond(async_exchange ex, const ready_response& ready) {
  std::vector<field> fields;
  for (const auto& [name, value] : ready.fields) fields.push_back({name, value});
  if (!ready.body.empty() && !find_field(fields, "content-type")) fields.push_back({"content-type", "text/plain; charset=utf-8"});
  ex.start(ready.status, fields);
  co_await ex.finish(ready.body);
}

/// Whether it was thrown because the client has gone or the request is to end: nobody's fault, and nobody to answer.
inline bool is_routine(const std::exception_ptr& thrown) noexcept {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const std::system_error& e) {
    return e.code() == std::errc::connection_reset || e.code() == std::errc::operation_canceled;
  } catch (...) {  // is looked at, not handled
  }
  return false;
}

/// Override what is needed: on_request(), on_failure(), and on_start(), on_body(), on_flush(), on_finish() of
/// rewriting_exchange. There is one object for each request, so members are the request's state. To learn how the response
/// ended, add a hook with async_exchange::on_finish(). Of a WebSocket only on_request() and on_failure() see something. A member `static constexpr std::string_view name` is for people.
class hooks : public rewriting_exchange {
 public:
  using rewriting_exchange::rewriting_exchange;

  /// Before the app. A response is sent in its place.
  virtual std::optional<ready_response> on_request(const request&) { return std::nullopt; }

  /// After the app has thrown, or one of these functions. A response is sent unless one is committed already, a WebSocket was
  /// accepted, the client has gone, or the request is to end; without one the exception is thrown on.
  virtual std::optional<ready_response> on_failure(const std::exception_ptr&) { return std::nullopt; }

 protected:
  ~hooks() = default;
};

struct no_settings {};

/// The middleware made of a class of hooks:
///
///   csgi::chain app{csgi::hooked<shouting>(), inner};
///
/// `Hooks` is constructed for each request from (exchange&), or (exchange&, const Settings&) where there are settings.
template <class Hooks, class Settings = no_settings>
class hooked {
 public:
  using described_as = Hooks;

  explicit hooked(Settings settings = {}) : settings_(std::move(settings)) {}

  task<> operator()(async_exchange ex, next_app app) const {
    Hooks view = make(ex.raw());
    std::optional<ready_response> own = view.on_request(ex.head());
    std::exception_ptr thrown;
    if (!own) {
      try {
        co_await app(async_exchange(view));
      } catch (...) {
        thrown = std::current_exception();
      }
      if (view.failure()) thrown = view.failure();      // the cause of whatever followed
      if (!thrown) co_return;
      own = view.on_failure(thrown);
      if (!own || ex.committed() || is_routine(thrown)) std::rethrow_exception(thrown);
    }
    co_await respond(ex, *own);
  }

 private:
  Hooks make(exchange& x) const {
    if constexpr (std::is_same_v<Settings, no_settings>) return Hooks(x);
    else return Hooks(x, settings_);
  }

  Settings settings_;
};

}}  // namespace csgi::v1
