// cors.cpp - see csgi/middleware/cors.hpp.
#include <csgi/middleware/cors.hpp>

namespace csgi { inline namespace v1 {
namespace {

bool has(const std::vector<std::string>& list, std::string_view wanted) noexcept {
  return std::ranges::find(list, wanted) != list.end();
}

std::string joined(const std::vector<std::string>& list) {
  std::string all;
  for (const auto& each : list) all += (all.empty() ? "" : ", ") + each;
  return all;
}

}  // namespace

bool cors_settings::is_public() const noexcept { return has(origins, "*") && !credentials; }

cors_hooks::cors_hooks(exchange& next, const cors_settings& settings)
    : hooks(next), settings_(settings), origin_(next.head().field("origin").value_or("")) {
  allowed_ = !origin_.empty() && (settings.is_public() || has(settings.origins, origin_) || (settings.allows && settings.allows(origin_)));
}

std::optional<ready_response> cors_hooks::on_request(const request& head) {
  if (head.method != "OPTIONS" || origin_.empty() || !head.field("access-control-request-method")) return std::nullopt;
  return preflight(head);
}

ready_response cors_hooks::preflight(const request& head) const {
  ready_response answer{.status = 204, .fields = {{"vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}}};
  if (!allowed_) return answer;
  auto& fields = answer.fields;
  fields.emplace_back("access-control-allow-origin", settings_.is_public() ? "*" : origin_);
  if (settings_.credentials) fields.emplace_back("access-control-allow-credentials", "true");
  fields.emplace_back("access-control-allow-methods", joined(settings_.methods));
  const auto asked = head.field("access-control-request-headers");
  if (asked && has(settings_.request_fields, "*")) fields.emplace_back("access-control-allow-headers", *asked);
  else if (asked && !settings_.request_fields.empty()) fields.emplace_back("access-control-allow-headers", joined(settings_.request_fields));
  fields.emplace_back("access-control-max-age", std::to_string(settings_.max_age.count()));
  return answer;
}

void cors_hooks::on_start(head_edit& head) {
  for (const char* own : {"access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers"})
    head.fields.remove(own);
  if (!settings_.is_public()) head.vary("Origin");
  if (!allowed_) return;
  head.fields.add("access-control-allow-origin", settings_.is_public() ? "*" : origin_);
  if (settings_.credentials) head.fields.add("access-control-allow-credentials", "true");
  if (!settings_.exposed_fields.empty()) head.fields.add("access-control-expose-headers", joined(settings_.exposed_fields));
}

}}  // namespace csgi::v1
