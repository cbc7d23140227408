// received_request.cpp - see csgi/serving/received_request.hpp.
#include <csgi/field_syntax.hpp>
#include <csgi/plain_path.hpp>
#include <csgi/serving/framing_fields.hpp>
#include <csgi/serving/received_request.hpp>
#include <csgi/serving/request_target.hpp>

namespace csgi { inline namespace v1 {

rejection received_request::read(const library_head& from, const server_options& options) {
  head_ = {};
  head_.method = from.method;
  head_.target = from.target;
  head_.version = from.version;
  head_.scheme = "http";
  head_.fields = from.fields;
  head_.peer = from.peer;
  head_.local = from.local;
  keep_alive_ = expects_continue_ = false;
  return vet(from, options);
}

rejection received_request::vet(const library_head& from, const server_options& options) {
  if (!is_token(from.method)) return {400, "malformed request line"};
  if (from.fields.size() > options.limits.request_fields) return {431, "too many fields"};
  const auto whole = [](const field& f) { return is_token(f.name) && is_field_text(f.value); };
  if (!std::all_of(from.fields.begin(), from.fields.end(), whole)) return {400, "malformed fields"};
  request_target target;
  if (const rejection why = target.read(from.method, from.target)) return why;
  const framing_fields framing(from.fields, from.version);
  if (const rejection why = framing.verdict(target.names_host())) return why;

  head_.raw_path = target.path.empty() ? "/" : target.path;
  if (options.paths == served_paths::plain && fault_of_path(head_.raw_path) != path_fault::none) return {400, "ambiguous path"};
  path_.clear();
  append_decoded(path_, head_.raw_path);
  head_.path = path_;
  head_.query = target.query;
  head_.has_query = target.has_query;
  head_.body = framing.body();
  head_.content_length = framing.length();
  head_.authority = target.authority.empty() ? framing.host() : target.authority;   // RFC 9112, 3.2.2
  keep_alive_ = framing.keep_alive();
  expects_continue_ = framing.expects_continue();
  if (head_.body == body_kind::known && head_.content_length > options.limits.request_body) return {413, "body too large"};
  if (!mount_at(options.root_path, head_)) return {404, "not below the root path"};
  return {};
}

bool mount_at(std::string_view root_path, request& head) noexcept {
  if (root_path.empty()) return true;
  if (!head.path.starts_with(root_path)) return false;
  if (head.path.size() > root_path.size() && head.path[root_path.size()] != '/') return false;
  head.root_path = head.path.substr(0, root_path.size());
  return true;
}

}}  // namespace csgi::v1
