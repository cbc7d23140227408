// csgi/lint.hpp - both sides of the contract, checked around any app on any server.
#pragma once
#include <csgi/application.hpp>
#include <csgi/log_sink.hpp>
#include <functional>
#include <memory>
#include <string>

namespace csgi { inline namespace v1 {

class lint_desk;

/// Who broke a rule, as far as one place between server and app can tell.
enum class lint_role : unsigned char {
  app,          ///< what is inside this lint
  middleware,   ///< what is between this lint and another one, which does not see the fault
  server,       ///< what is around this lint
  unclear,      ///< the server, or the app
};

/// One broken rule.
///
/// Lifetime:  the views', and so the report's: the call it is given to.
struct lint_report {
  std::string_view clause;      ///< "CSGI-CORE-083"
  log_level level;              ///< error; warning for what a clause only advises, and for what time alone shows
  lint_role at_fault;
  std::string_view name;        ///< of what is inside the lint: lint_settings::name
  std::string_view what;        ///< in words
  std::string_view call;        ///< in which it showed: "begin_read()"
  std::string_view request;     ///< "GET /x", cut where it is long
  std::string_view value;       ///< what of it was wrong, where that says more: "field connection", "12 of 10 bytes"

  /// "lint: CSGI-HTTP-135 (app): a response head that may not be sent (field connection), in start()"; without the request.
  std::string text() const;
};

struct lint_settings {
  /// Of what is inside: it stands in reports in place of "app". Give each of several lints its own: "what is behind errors".
  std::string name = "app";

  /// Takes each report, on the thread where it arose. Where there is none, they go to csgi.log_sink, and what is found when the
  /// app is done, or of who calls on a foreign thread where there is no such sink, to standard error.
  std::function<void(const lint_report&)> report;

  std::size_t most_reports = 1000;                  ///< of one lint; those beyond are dropped, which is said once
  std::size_t most_after_loss = 100;                ///< operations of an app that was told that its request is to end
  clock::duration soon = std::chrono::seconds(5);   ///< what an app that was told so may still take
  clock::duration stall = std::chrono::seconds(1);  ///< how long a coroutine may sleep on its thread between two awaits
};

/// An app with checks around it, of the server that calls it and of what it does. A report names clause, role and call; each
/// is made once for a request. All that both sides do is passed on as it is: bytes, errors, order, extensions.
///
///   csgi::lint checked(app);
///   server.run(checked);
///
/// Around a middleware and again within it, lints tell its faults from those of its app and its server: what only the outer one
/// sees the app do, or only the inner one sees the server do, was the middleware.
/// Not passed on, since it would be undefined: calls of an app that is done, which are refused as long as their request is
/// remembered, and completions that nobody waits for.
/// Cost:      some microseconds for each request, and one each time that a coroutine is resumed; operations allocate nothing.
/// Lifetime:  the app inside is borrowed and outlives this object, which outlives every exchange.
class lint final : public composite_app {
 public:
  explicit lint(application app, lint_settings with = {});
  lint(const lint&) = delete;
  lint& operator=(const lint&) = delete;
  ~lint();

  application choose(const request& head) noexcept override;
  std::span<const application> parts() const noexcept override { return {&app_, 1}; }

  /// How many reports there were, dropped ones among them.
  ///
  /// Threads:   any.
  std::size_t reports() const noexcept;

 private:
  class async_side;
  class blocking_side;

  const application app_;
  const std::unique_ptr<lint_desk> desk_;
  const std::unique_ptr<async_side> async_;
  const std::unique_ptr<blocking_side> blocking_;
};

}}  // namespace csgi::v1
