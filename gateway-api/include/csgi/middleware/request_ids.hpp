// csgi/middleware/request_ids.hpp - middleware: gives each request a name that logs can be searched for.
#pragma once
#include <csgi/middleware/hooks.hpp>
#include <array>

namespace csgi { inline namespace v1 {

/// The id of the request, where somebody has given it one.
struct request_id {
  static constexpr extension_id id{"csgi.request_id", touches::nothing};

  std::string_view value;           ///< 1 to 128 letters, digits and "-._~+/=:@"
};

/// See request_ids.
class request_ids_hooks final : public hooks {
 public:
  static constexpr std::string_view name = "csgi::request_ids";

  explicit request_ids_hooks(exchange& next);

  void* find(const extension_id& wanted) noexcept override;

 private:
  void on_start(head_edit& head) override;

  std::array<char, 32> made_;       // where it is not the client's
  request_id given_;
};

/// Takes the id from the request's X-Request-Id where that is one and well-formed, or makes one of 32 hexadecimal digits; says
/// it in the response's X-Request-Id, and to the app: `ex.find<csgi::request_id>()->value`. Behind another such middleware,
/// the id is that one's. The 101 of a WebSocket does not say it.
///
/// Errors:    std::bad_alloc.
using request_ids = hooked<request_ids_hooks>;

}}  // namespace csgi::v1
