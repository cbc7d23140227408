// csgi/middleware/head_edit.hpp - a response head on its way through a middleware.
#pragma once
#include <csgi/header_list.hpp>
#include <csgi/response_head.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// Whether a comma-separated list has that element, regardless of case.
constexpr bool lists(std::string_view list, std::string_view wanted) noexcept {
  for (;;) {
    const auto comma = list.find(',');
    auto element = list.substr(0, comma);
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t')) element.remove_prefix(1);
    while (!element.empty() && (element.back() == ' ' || element.back() == '\t')) element.remove_suffix(1);
    if (same_name(element, wanted)) return true;
    if (comma == list.npos) return false;
    list.remove_prefix(comma + 1);
  }
}

/// A copy of what the inner app said, made anew at each start(): whatever is done to it is done once.
///
/// Lifetime:  during the call that it is given to.
/// Errors:    std::bad_alloc.
class head_edit {
 public:
  explicit head_edit(const response_head& head)
      : status(head.status), reason(head.reason), then(head.then), fields(head.fields) {}

  int status;
  std::string_view reason;
  after_response then;
  header_list fields;

  /// Announces that the body will be another one: on_body() gets it. Removes Content-Length, Accept-Ranges and digests,
  /// and makes a strong ETag a weak one; what holds for the new body is set after this.
  ///
  /// False, and nothing done, where there is none to rewrite (204, 205), or only a part of one (206).
  /// Spec:      CSGI-CORE-062
  bool rewrite_body() {
    if (status == 204 || status == 205 || status == 206) return false;
    for (const char* name : {"content-length", "accept-ranges", "content-md5", "content-digest", "digest", "repr-digest"})
      fields.remove(name);
    if (const auto tag = fields.find("etag"); tag && !tag->starts_with("W/")) {
      const std::string weak = "W/" + std::string(*tag);
      fields.set("etag", weak);
    }
    rewrites_ = true;
    return true;
  }
  bool rewrites_body() const noexcept { return rewrites_; }

  /// Says in Vary that the response depends on that request field.
  void vary(std::string_view name) {
    for (const field& f : fields.fields())
      if (same_name(f.name, "vary") && (lists(f.value, name) || lists(f.value, "*"))) return;
    fields.add("vary", name);
  }

  response_head head() const noexcept { return {status, fields.fields(), reason, then}; }

 private:
  bool rewrites_ = false;
};

}}  // namespace csgi::v1
