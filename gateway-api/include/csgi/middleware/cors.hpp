// csgi/middleware/cors.hpp - middleware: which pages of other origins may use an app (Fetch Standard, 3.2).
#pragma once
#include <csgi/middleware/hooks.hpp>
#include <functional>

namespace csgi { inline namespace v1 {

struct cors_settings {
  std::vector<std::string> origins = {};        ///< "https://shop.example:8443", to the letter; "*" is every one
  std::function<bool(std::string_view origin)> allows = {};   ///< asked for an origin that is not listed, from any thread
  std::vector<std::string> methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  std::vector<std::string> request_fields = {};  ///< beyond those that are always allowed; "*" is every one that is asked for
  std::vector<std::string> exposed_fields = {};  ///< of responses, beyond those that are always seen
  bool credentials = false;                     ///< whether cookies and the like may be sent
  std::chrono::seconds max_age{600};            ///< for which browsers keep the answer to a preflight

  /// Whether every origin is allowed, and the answer is the same for all.
  bool is_public() const noexcept;
};

/// See cors.
class cors_hooks final : public hooks {
 public:
  static constexpr std::string_view name = "csgi::cors";

  cors_hooks(exchange& next, const cors_settings& settings);

  std::optional<ready_response> on_request(const request& head) override;

 private:
  void on_start(head_edit& head) override;
  ready_response preflight(const request& head) const;

  const cors_settings& settings_;
  std::string_view origin_;     // of the request
  bool allowed_ = false;
};

/// Answers preflights (OPTIONS with Origin and Access-Control-Request-Method) with 204 in the app's place, and adds to other
/// responses what lets the page see them. To an origin that is not allowed nothing is said, so the browser refuses. Where the
/// answer depends on the origin, Vary says so, on responses to requests without one too.
///
/// "*" together with credentials allows no origin by itself, since that is hardly ever meant: list them, or decide in allows().
/// An app's own Access-Control fields are replaced; for an origin that is not allowed, removed. Around `errors`, pages of an
/// allowed origin may see these answers too.
///
/// Browsers do not keep WebSockets to any of this: an app that accepts them looks at Origin itself.
using cors = hooked<cors_hooks, cors_settings>;

}}  // namespace csgi::v1
